/** `one.vm.disksaveas`: a disk becomes an image (src/rm/api/VirtualMachineAPI.cc, 7.4). */
import { Template, type Vector } from '../../opennebula/template.ts';
import { checkAllowed } from '../lifecycle/step.ts';
import { WrongState } from '../lifecycle/wrong-state.ts';
import type { Image } from '../objects/image.ts';
import type { Vm } from '../objects/vm.ts';
import { availableMb, checksCapacity } from '../resources/datastore-space.ts';
import { findDisk } from '../vm/disk.ts';
import { findSnapshot } from '../vm/disk-snapshots.ts';
import { ApiError, internal, notAllocated, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { presetPersistence, registerImage } from './image-allocate.ts';
import { defineMethod, int, string } from './method.ts';
import { actorOf, change } from './vm-access.ts';
import { rightFor } from './vm-operations.ts';

export const diskSaveAsMethod = defineMethod({
  name: 'one.vm.disksaveas',
  params: { id: int, disk: int, name: string, type: string, snapshot: int },
  help: 'Saves a disk, or one of its snapshots, as a new image; answers the id of the image.',
  run(call, { id, disk: diskId, name, type, snapshot: snapshotId }) {
    const vm = call.get('vm', id);
    checkState(vm);
    const disk = savableDisk(vm, diskId, snapshotId);
    const original = call.get('image', Number(disk.IMAGE_ID));
    if (!SAVABLE.has(original.type)) throw internal(`Cannot save an image of type ${original.type}`);
    const datastore = call.get('datastore', original.datastoreId);
    const checks = checksCapacity(datastore, call.services.configuration.flag('DATASTORE_CAPACITY_CHECK'));
    if (checks && Number(disk.SIZE) > availableMb(datastore)) throw notPossible('Not enough space in datastore');
    call.authorize(
      call.on('vm', vm, rightFor(call, 'disk-saveas')),
      call.creation('image'),
      call.on('datastore', datastore, 'USE'),
    );
    const template = templateFor(call, vm, disk, original, name, type);
    return change(call, () => {
      const imageId = asImage(() => registerImage(call, template, datastore));
      const operation = { kind: 'disk-saveas', diskId, imageId, snapshotId, source: '' } as const;
      call.services.dispatcher.apply(vm, { name: 'disk-saveas', operation, actor: actorOf(call) });
      return imageId;
    });
  },
});

/** What refuses the image says so of an image. */
function asImage(register: () => number): number {
  try {
    return register();
  } catch (error) {
    throw error instanceof ApiError && error.code === 'ALLOCATE' ? notAllocated(error.reason, 'image') : error;
  }
}

const SAVABLE: ReadonlySet<string> = new Set(['OS', 'DATABLOCK', 'CDROM']);

function checkState(vm: Vm): void {
  try {
    checkAllowed(vm, { name: 'disk-saveas' });
  } catch (error) {
    if (!(error instanceof WrongState)) throw error;
    throw internal('VM has to be RUNNING, POWEROFF or SUSPENDED to save disks.');
  }
}

function savableDisk(vm: Vm, diskId: number, snapshotId: number): Vector {
  const refuse = (reason: string) => internal(`Cannot use DISK. ${reason}`);
  const disk = findDisk(vm, diskId);
  if (!disk) throw refuse('DISK does not exist.');
  if (!disk.IMAGE_ID) throw refuse('DISK does not have a valid IMAGE_ID.');
  if (snapshotId !== -1 && !findSnapshot(vm, diskId, snapshotId)) throw refuse('Snapshot does not exist.');
  return disk;
}

/** The new image waits for the disk's content (SAVING) rather than for a driver that fills it. */
function templateFor(call: Call, vm: Vm, disk: Vector, original: Image, name: string, type: string): Template {
  const template = new Template([
    ['NAME', name],
    ['SIZE', disk.SIZE ?? '0'],
    ['SAVED_IMAGE_ID', String(original.id)],
    ['SAVED_DISK_ID', disk.DISK_ID ?? ''],
    ['SAVED_VM_ID', String(vm.id)],
    ['SAVING', 'YES'],
    ['TYPE', type || original.type],
  ]);
  for (const attribute of ['TARGET', 'DEV_PREFIX']) {
    const value = original.template.get(attribute);
    if (value) template.set(attribute, value);
  }
  const persistent = presetPersistence(call, 'DEFAULT_IMAGE_PERSISTENT');
  if (persistent) template.set('PERSISTENT', persistent);
  return template;
}
