/** Disks that come, go and grow: `one.vm.attach`, `detach` and `diskresize` (src/rm/api/VirtualMachineAPI.cc, 7.4). */
import type { Vector } from '../../opennebula/template.ts';
import { checkGrowth } from '../dispatch/settle.ts';
import { surroundingsOf } from '../dispatch/surroundings.ts';
import { checkAllowed } from '../lifecycle/step.ts';
import { QuotaExceeded } from '../objects/quotas.ts';
import { currentRecord, type Vm } from '../objects/vm.ts';
import { checkImageGrowth } from '../resources/image-quota.ts';
import { withAttachedDisk } from '../vm/attach-disk.ts';
import { findDisk, isImageItself, isPersistent, withDisk } from '../vm/disk.ts';
import { notAuthorized, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, string } from './method.ts';
import { actorOf, change, refuseRouterVm, vmFor } from './vm-access.ts';
import { checkRestricted, deviceDemands } from './vm-devices.ts';

export const diskMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vm.attach',
    params: { id: int, template: string },
    help: 'Attaches a DISK to a virtual machine that runs or is powered off.',
    run(call, { id, template: source }) {
      const known = call.get('vm', id);
      if (!currentRecord(known)) throw notPossible('VM is not running in any host');
      refuseRouterVm(known);
      const template = call.parseTemplate(source);
      const vm = vmFor(call, id, 'disk-attach', ...deviceDemands(call, template));
      checkRestricted(call, template, 'DISK');
      change(call, () => attach(call, vm, template.vector('DISK')), notPossible);
      return id;
    },
  }),
  defineMethod({
    name: 'one.vm.detach',
    params: { id: int, disk: int },
    help: 'Detaches a disk from a virtual machine that runs or is powered off.',
    run(call, { id, disk: diskId }) {
      const vm = vmFor(call, id, 'disk-attach');
      refuseRouterVm(vm);
      if (!findDisk(vm, diskId)) throw notPossible('VM disk does not exist');
      const operation = { kind: 'disk-detach', diskId } as const;
      const event = { name: 'disk-detach', operation, actor: actorOf(call) } as const;
      change(call, () => call.services.dispatcher.apply(vm, event));
      return id;
    },
  }),
  defineMethod({
    name: 'one.vm.diskresize',
    params: { id: int, disk: int, size: string },
    help: 'Makes a disk larger, to a size in MB.',
    run(call, { id, disk: diskId, size }) {
      if (!/^\s*[+-]?\d+\s*$/.test(size)) throw notPossible('Disk SIZE is not a valid integer');
      const vm = vmFor(call, id, 'disk-resize');
      const disk = findDisk(vm, diskId);
      if (!disk) throw notPossible('VM disk does not exist');
      resize(call, vm, disk, Number(size));
      return id;
    },
  }),
];

function attach(call: Call, vm: Vm, disk: Vector | undefined): void {
  const { cloud, services } = call;
  const { configuration, dispatcher } = services;
  checkAllowed(vm, { name: 'disk-attach' });
  if (!disk) throw notPossible('Internal error parsing DISK attribute');
  const system = call.get('datastore', currentRecord(vm)?.datastoreId ?? -1);
  const surroundings = surroundingsOf({ cloud, configuration, vmId: vm.id, uid: vm.uid, attach: true });
  const { vm: changed, diskId } = withAttachedDisk(vm, disk, system, surroundings);
  const operation = { kind: 'disk-attach', diskId } as const;
  const event = { name: 'disk-attach', operation, actor: actorOf(call) } as const;
  orSilent(() => dispatcher.apply(changed, event, { enforceQuotas: true }));
}

function resize(call: Call, vm: Vm, disk: Vector, sizeMb: number): void {
  const previousSizeMb = Number(disk.SIZE) || 0;
  if (sizeMb <= previousSizeMb) throw notPossible('New disk size has to be greater than current one');
  if (isPersistent(disk) && disk.IMAGE_ID) {
    call.authorize(call.on('image', call.get('image', Number(disk.IMAGE_ID)), 'MANAGE'));
  }
  const diskId = Number(disk.DISK_ID);
  const operation = { kind: 'disk-resize', diskId, previousSizeMb } as const;
  const resized = withDisk(vm, diskId, (old) => ({ ...old, SIZE: String(sizeMb) }));
  const event = { name: 'disk-resize', operation, actor: actorOf(call) } as const;
  change(call, () => {
    orSilent(() => {
      checkGrowth(call.cloud, vm, resized);
      if (isImageItself(disk)) checkImageGrowth(call.cloud, Number(disk.IMAGE_ID), sizeMb - previousSizeMb);
      checkAllowed(vm, event);
      if (disk.TYPE === 'FILESYSTEM') throw notPossible('FILESYSTEM disks can not be resized');
      call.services.dispatcher.apply(resized, event, { enforceQuotas: true });
    });
  });
}

/** oned says which quota of datastores or images refuses a disk, and of VMs nothing. @throws ApiError AUTHORIZATION */
function orSilent(run: () => void): void {
  try {
    run();
  } catch (error) {
    throw error instanceof QuotaExceeded && error.family === 'VM' ? notAuthorized('') : error;
  }
}
