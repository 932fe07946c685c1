/** When accounting remembers what a VM is (set_vm_info and cp_history of OpenNebula 7.4). */
import { describe, expect, it } from 'vitest';
import { step } from '../../../../src/frontend/lifecycle/step.ts';
import type { Phase } from '../../../../src/frontend/objects/phase.ts';
import type { Vm } from '../../../../src/frontend/objects/vm.ts';
import type { Operation } from '../../../../src/frontend/objects/vm-operation.ts';
import { changedBodies } from '../../../../src/frontend/vm/stay-bodies.ts';
import { parseTemplate } from '../../../../src/opennebula/template.ts';
import { event, historyRecord, placedVm, placement, vmRecord } from '../../../support/vm-records.ts';

const SMALL = parseTemplate('CPU=1\nDISK=[DISK_ID=0,SIZE=10]');
const LARGE = parseTemplate('CPU=1\nDISK=[DISK_ID=0,SIZE=10]\nDISK=[DISK_ID=1,SIZE=20]');

const disks = ({ template }: Vm) => template.vectors('DISK').map(({ DISK_ID }) => DISK_ID);
const seen = (before: Vm, after: Vm) =>
  changedBodies(before, after).map(({ seq, vm, previousPhase }) => [seq, vm.phase, previousPhase, disks(vm).length]);

describe('what accounting remembers', () => {
  it.each<Phase>(['PENDING', 'HOLD'])('is the VM as it begins its way to a host, from %s', (phase) => {
    const before = vmRecord({ phase, template: SMALL });
    const { vm } = step(before, event('deploy', { placement: placement() }), 2000);
    expect(seen(before, vm)).toEqual([[0, 'PROLOG', 'LCM_INIT', 1]]);
  });

  it('is for a guest that starts again what it was then; the stay before keeps what it has', () => {
    const before = placedVm('POWEROFF', { template: SMALL });
    expect(seen(before, step(before, event('resume'), 2000).vm)).toEqual([[1, 'BOOT_POWEROFF', 'POWEROFF', 1]]);
  });

  it('has a disk that is attached in the next stay, not in the one that it ends', () => {
    const before = placedVm('RUNNING', { template: SMALL });
    const operation: Operation = { kind: 'disk-attach', diskId: 1 };
    const { vm } = step({ ...before, template: LARGE }, event('disk-attach', { operation }), 2000);
    expect(seen(before, vm)).toEqual([
      [0, 'HOTPLUG', 'RUNNING', 1],
      [1, 'HOTPLUG', 'RUNNING', 2],
    ]);
  });

  it('has a disk that is detached in both, until it is gone', () => {
    const before = placedVm('RUNNING', { template: LARGE });
    const operation: Operation = { kind: 'disk-detach', diskId: 1 };
    const detaching = step(before, event('disk-detach', { operation }), 2000).vm;
    expect(seen(before, detaching)).toEqual([
      [0, 'RUNNING', 'RUNNING', 2],
      [1, 'RUNNING', 'RUNNING', 2],
    ]);
    expect(seen(detaching, step(detaching, event('done'), 2001).vm)).toEqual([[1, 'RUNNING', 'HOTPLUG', 1]]);
    expect(seen(detaching, step(detaching, event('failed'), 2001).vm)).toEqual([]);
  });

  it('is not written anew when a disk has been attached, but when it could not be', () => {
    const operation: Operation = { kind: 'disk-attach', diskId: 1 };
    const attaching = placedVm('HOTPLUG', { template: LARGE, operation });
    expect(seen(attaching, step(attaching, event('done'), 2000).vm)).toEqual([]);
    expect(seen(attaching, step(attaching, event('failed'), 2000).vm)).toEqual([[0, 'RUNNING', 'HOTPLUG', 1]]);
  });

  it('is not written by what leaves the stay as it is', () => {
    const before = placedVm('RUNNING');
    expect(seen(before, step(before, event('poweroff'), 2000).vm)).toEqual([]);
    expect(seen(before, { ...before, name: 'other' })).toEqual([]);
    expect(seen(vmRecord(), vmRecord({ name: 'other' }))).toEqual([]);
  });

  it('is told the stay that was left, when a VM is cleaned up on its way', () => {
    const before = placedVm('MIGRATE', { history: [historyRecord(), historyRecord({ seq: 1 })] });
    const { vm } = step(before, event('recover-delete'), 2000);
    expect(seen(before, vm)).toEqual([[0, 'CLEANUP_DELETE', 'MIGRATE', 1]]);
  });
});
