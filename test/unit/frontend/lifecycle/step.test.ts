import { describe, expect, it } from 'vitest';
import { hostClaims } from '../../../../src/frontend/lifecycle/claims.ts';
import type { LifeCycleEvent } from '../../../../src/frontend/lifecycle/events.ts';
import { step } from '../../../../src/frontend/lifecycle/step.ts';
import type { Phase } from '../../../../src/frontend/objects/phase.ts';
import { currentRecord, type Vm } from '../../../../src/frontend/objects/vm.ts';
import { findDisk } from '../../../../src/frontend/vm/disk.ts';
import { Template, type Vector } from '../../../../src/opennebula/template.ts';
import { ACTOR, event, historyRecord, placedVm, placement, vmRecord } from '../../../support/vm-records.ts';

const T = 2000;

/** Applies events in order, a second apart. */
function live(vm: Vm, ...events: readonly LifeCycleEvent[]): Vm {
  return events.reduce((current, next, i) => step(current, next, T + i).vm, vm);
}

describe('a VM that is deployed', () => {
  const deploy = event('deploy', { placement: placement() });

  it('transfers its disks, boots and runs', () => {
    const prolog = step(vmRecord(), deploy, T);
    expect(prolog.vm.phase).toBe('PROLOG');
    expect(prolog.request).toEqual({ family: 'tm', script: 'prolog' });
    const boot = step(prolog.vm, event('done'), T + 1);
    expect(boot.vm.phase).toBe('BOOT');
    expect(boot.request).toEqual({ family: 'vmm', request: 'DEPLOY' });
    const running = step(boot.vm, event('done', { output: 'one-7' }), T + 2);
    expect(running.vm).toMatchObject({ phase: 'RUNNING', deployId: 'one-7' });
    expect(running.request).toBeUndefined();
    expect(currentRecord(running.vm)).toMatchObject({
      seq: 0,
      startedAt: T,
      prologStartedAt: T,
      prologEndedAt: T + 1,
      runStartedAt: T + 1,
      runEndedAt: 0,
      endedAt: 0,
      action: 'none',
    });
  });

  it('stays with the failure of the part that failed', () => {
    expect(live(vmRecord(), deploy, event('failed')).phase).toBe('PROLOG_FAILURE');
    const failed = live(vmRecord(), deploy, event('done'), event('failed'));
    expect(failed.phase).toBe('BOOT_FAILURE');
    expect(currentRecord(failed)?.runEndedAt).toBe(T + 2);
  });

  it('gets its usual name when an administrator says that it booted', () => {
    const boot = live(vmRecord(), deploy, event('done'));
    expect(live(boot, event('recover-success'))).toMatchObject({ phase: 'RUNNING', deployId: 'one-7' });
  });
});

describe('a running VM', () => {
  const running = placedVm('RUNNING');

  it('is powered off and resumed in a new history record', () => {
    const off = live(running, event('poweroff'), event('done'));
    expect(off.phase).toBe('POWEROFF');
    expect(currentRecord(off)).toMatchObject({ action: 'poweroff', actor: ACTOR, runEndedAt: T + 1, endedAt: 0 });
    const on = live(off, event('resume'), event('done'));
    expect(on.history).toMatchObject([
      { seq: 0, action: 'poweroff', endedAt: T },
      { seq: 1, action: 'none', startedAt: T, runStartedAt: T, prologStartedAt: 0, endedAt: 0 },
    ]);
    expect(on.history[1]).not.toHaveProperty('actor');
  });

  it('runs on when it could not be shut down', () => {
    const vm = live(running, event('terminate'), event('failed'));
    expect(vm.phase).toBe('RUNNING');
    expect(currentRecord(vm)).toMatchObject({ action: 'none' });
  });

  it('is killed by a second, hard request', () => {
    const hard = step(live(running, event('terminate')), event('terminate-hard'), T);
    expect(hard).toMatchObject({ cancels: true, request: { request: 'CANCEL' }, vm: { phase: 'SHUTDOWN' } });
  });

  it('ends by its epilog', () => {
    const done = live(running, event('terminate'), event('done'), event('done'));
    expect(done).toMatchObject({ phase: 'DONE', endedAt: T + 2 });
    expect(currentRecord(done)).toMatchObject({
      action: 'terminate',
      runEndedAt: T + 1,
      epilogStartedAt: T + 1,
      epilogEndedAt: T + 2,
      endedAt: T + 2,
    });
  });

  it('keeps running while it reboots, and says what it waits for', () => {
    const rebooting = step(running, event('reboot'), T);
    expect(rebooting).toMatchObject({ vm: { phase: 'RUNNING' }, request: { request: 'REBOOT' } });
    expect(step(rebooting.vm, event('done'), T)).toEqual({ vm: { ...running }, cancels: false });
  });

  it('forgets a reboot that something else overtakes', () => {
    const off = live(running, event('reboot'), event('poweroff'));
    expect(off).not.toHaveProperty('operation');
  });

  it('turns its history record with each device that comes', () => {
    const operation = { kind: 'nic-attach', nicId: 1 } as const;
    const vm = live(running, event('nic-attach', { operation }), event('done'));
    expect(vm.history).toMatchObject([
      { seq: 0, action: 'nic-attach', actor: ACTOR, runEndedAt: T, endedAt: T },
      { seq: 1, action: 'none', startedAt: T, runStartedAt: T, runEndedAt: 0 },
    ]);
  });

  it('loses a disk whose attaching failed', () => {
    const operation = { kind: 'disk-attach', diskId: 0 } as const;
    const attaching = live(running, event('disk-attach', { operation }));
    expect(findDisk(live(attaching, event('done')), 0)).toBeDefined();
    expect(findDisk(live(attaching, event('failed')), 0)).toBeUndefined();
  });

  it('is off without anybody having asked when monitoring says so', () => {
    const off = live(running, { name: 'monitor-poweroff' });
    expect(off.phase).toBe('POWEROFF');
    expect(currentRecord(off)).toMatchObject({ action: 'monitor', runEndedAt: T });
  });
});

describe('a VM that is stopped', () => {
  const stopped = live(placedVm('RUNNING'), event('stop'), event('done'), event('done'));

  it('holds nothing on its host', () => {
    expect(stopped).toMatchObject({ phase: 'STOPPED', disksAt: 'front-end' });
    expect(hostClaims(stopped)).toEqual([]);
  });

  it('is restored where the scheduler puts it', () => {
    const pending = live(stopped, event('resume'));
    expect(pending.phase).toBe('PENDING');
    const prolog = step(pending, event('deploy', { placement: placement({ hostId: 3 }) }), T);
    expect(prolog).toMatchObject({ vm: { phase: 'PROLOG_RESUME' }, request: { script: 'resume' } });
    expect(step(prolog.vm, event('done'), T)).toMatchObject({
      vm: { phase: 'BOOT_STOPPED' },
      request: { request: 'RESTORE' },
    });
  });

  it('holds nothing on its host while it is terminated either', () => {
    expect(hostClaims(live(stopped, event('terminate')))).toEqual([]);
  });
});

describe('a migration', () => {
  const move = event('migrate', { placement: placement({ hostId: 1, hostName: 'host-2' }) });
  const hosts = (vm: Vm) => hostClaims(vm).map(({ hostId }) => hostId);

  it('saves the guest, takes its disks along and restores it', () => {
    const saving = step(placedVm('RUNNING'), move, T);
    expect(saving).toMatchObject({ vm: { phase: 'SAVE_MIGRATE' }, request: { request: 'SAVE', at: 'previous' } });
    expect(hosts(saving.vm)).toEqual([0, 1]);
    const moving = step(saving.vm, event('done'), T + 1);
    expect(moving).toMatchObject({ vm: { phase: 'PROLOG_MIGRATE' }, request: { script: 'migrate' } });
    expect(hosts(moving.vm)).toEqual([1]);
    const moved = live(moving.vm, event('done'), event('done'));
    expect(moved.phase).toBe('RUNNING');
    expect(moved.history).toMatchObject([
      { hostId: 0, action: 'migrate', endedAt: T + 1 },
      { hostId: 1, action: 'none', endedAt: 0 },
    ]);
  });

  it('boots a guest that was switched off for it', () => {
    const moving = live(placedVm('RUNNING'), { ...move, name: 'migrate-poweroff' }, event('done'));
    expect(step(moving, event('done'), T)).toMatchObject({ vm: { phase: 'BOOT' }, request: { request: 'DEPLOY' } });
  });

  it('leaves the guest where it is when it could not be saved', () => {
    const vm = live(placedVm('RUNNING'), move, event('failed'));
    expect(vm.phase).toBe('RUNNING');
    expect(vm.history.map(({ hostId }) => hostId)).toEqual([0, 1, 0]);
    expect(hosts(vm)).toEqual([0]);
  });

  it('goes back home when the transfer is given up', () => {
    const failed = live(placedVm('RUNNING'), move, event('done'), event('failed'));
    expect(failed.phase).toBe('PROLOG_MIGRATE_FAILURE');
    const home = live(failed, event('recover-failure'));
    expect(home.phase).toBe('BOOT_MIGRATE');
    expect(hosts(home)).toEqual([0]);
  });
});

describe('a VM that is deleted', () => {
  it.each<[Phase, object]>([
    ['PROLOG', { family: 'tm', script: 'delete' }],
    ['RUNNING', { family: 'vmm', request: 'CLEANUP' }],
    ['POWEROFF', { family: 'vmm', request: 'CLEANUP' }],
    ['MIGRATE', { family: 'vmm', request: 'CLEANUP', at: 'both' }],
    ['SAVE_MIGRATE', { family: 'vmm', request: 'CLEANUP', at: 'previous' }],
    ['PROLOG_MIGRATE', { family: 'tm', script: 'delete_both' }],
    ['EPILOG_FAILURE', { family: 'tm', script: 'delete' }],
    ['DISK_SNAPSHOT_POWEROFF', { family: 'tm', script: 'delete' }],
    ['DISK_SNAPSHOT', { family: 'vmm', request: 'CLEANUP' }],
  ])('in %s is cleaned up by %o', (phase, request) => {
    const vm = placedVm(phase, { history: [historyRecord(), historyRecord({ seq: 1, hostId: 1 })] });
    const deleted = step(vm, event('recover-delete'), T);
    expect(deleted).toMatchObject({ cancels: true, request, vm: { phase: 'CLEANUP_DELETE' } });
    expect(hostClaims(deleted.vm)).toEqual([]);
    expect(step(deleted.vm, event('failed'), T).vm.phase).toBe('DONE');
  });

  it('does not wait for its clean-up a second time', () => {
    const vm = live(placedVm('RUNNING'), event('recover-delete'), event('recover-delete'));
    expect(vm.phase).toBe('DONE');
  });

  it('starts again from nothing when it is recreated', () => {
    const vm = live(placedVm('BOOT_FAILURE'), event('recover-recreate'), event('done'));
    expect(vm).toMatchObject({ phase: 'PENDING', deployId: '' });
    expect(currentRecord(vm)).toMatchObject({ action: 'delete-recreate', endedAt: T });
  });
});

describe('a VM with snapshots of its disks that is recreated', () => {
  const snapshot = { id: 0, name: 's', parent: -1, children: [], active: true, date: T, size: 5 };
  const snapshots = { diskId: 0, allowOrphans: 'NO', currentBase: -1, nextId: 1, snapshots: [snapshot] } as const;
  const recreated = (more: Vector): Vm => {
    const disk = { DISK_ID: '0', DISK_SNAPSHOT_TOTAL_SIZE: '5', LN_TARGET: 'NONE', CLONE_TARGET: 'SYSTEM', ...more };
    const vm = { ...placedVm('RUNNING'), template: new Template([['DISK', disk]]), diskSnapshots: [snapshots] };
    return live(vm, event('recover-recreate'), event('done'));
  };

  it('has none of them, as its disks are made anew', () => {
    const vm = recreated({ CLONE: 'YES' });
    expect(vm.diskSnapshots).toEqual([]);
    expect(findDisk(vm, 0)?.DISK_SNAPSHOT_TOTAL_SIZE).toBeUndefined();
  });

  it('keeps those that lie in the image itself', () => {
    expect(recreated({ CLONE: 'NO' }).diskSnapshots).toEqual([snapshots]);
  });
});

describe('an event that the phase does not know', () => {
  it.each<[Phase, LifeCycleEvent['name'], string]>([
    ['RUNNING', 'resume', 'This action is not available for state RUNNING'],
    ['POWEROFF', 'poweroff', 'This action is not available for state POWEROFF'],
    ['BOOT', 'terminate', 'Could not terminate VM 7, wrong state BOOT.'],
    ['DONE', 'deploy', 'Deploy action is not available for state DONE'],
    ['BOOT', 'disk-attach', 'Could not attach a new disk to VM 7, wrong state BOOT.'],
    ['HOTPLUG_PROLOG_POWEROFF', 'nic-attach', 'Could not add a new NIC to VM 7, wrong state HOTPLUG_PROLOG_POWEROFF.'],
    ['POWEROFF', 'recover-success', 'Could not perform a recover operation on VM 7, wrong state POWEROFF.'],
    ['POWEROFF', 'recover-retry', 'Could not perform a retry on VM 7, wrong state POWEROFF.'],
  ])('in %s is refused for %s in the words of oned', (phase, name, words) => {
    expect(() => step(placedVm(phase), event(name), T)).toThrow(words);
  });

  it.each(['done', 'failed', 'monitor-poweroff', 'monitor-running'] as const)('changes nothing if it is %s', (name) => {
    const vm = placedVm('DONE');
    expect(step(vm, event(name), T)).toEqual({ vm, cancels: false });
  });
});
