/** What an operation on a VM's disk means for the image that it concerns, once it has ended. */
import type { EventName } from '../lifecycle/events.ts';
import { CLEARED_SNAPSHOTS, type Image, mayHaveSnapshots } from '../objects/image.ts';
import { failImage, unlockImage } from '../objects/image-state.ts';
import type { DiskSnapshots, Vm } from '../objects/vm.ts';
import { snapshotVector } from '../objects/vm-document.ts';
import type { Operation } from '../objects/vm-operation.ts';
import { logTime } from '../platform/log.ts';
import { putChangedImage } from '../resources/image-quota.ts';
import type { Cloud } from '../store/cloud.ts';
import { findDisk, isImageItself } from '../vm/disk.ts';
import { findSnapshots } from '../vm/disk-snapshots.ts';
import { followers, setReach } from './followers.ts';

/** Within a transaction. @param now epoch seconds */
export function settleOperation(cloud: Cloud, before: Vm, after: Vm, event: EventName, now: number): void {
  const { operation } = before;
  if (!operation || operation === after.operation) return;
  const succeeded = event === 'done' || event === 'recover-success';
  if (operation.kind === 'disk-saveas') {
    if (after.operation?.kind === 'disk-saveas') return;
    changeImage(cloud, operation.imageId, (image) => {
      const original = cloud.pools.image.get(Number(image.template.get('SAVED_IMAGE_ID') ?? -1));
      return endSaving(image, original, succeeded, now);
    });
  }
  if (operation.kind === 'nic-update') endNicUpdate(cloud, after.id, operation.networkId, succeeded);
  if (succeeded) writeBack(cloud, after, operation, now);
}

/** Of a change of the network, not of the NIC alone. */
function endNicUpdate(cloud: Cloud, vmId: number, vnetId: number, succeeded: boolean): void {
  const vnet = cloud.pools.vnet.get(vnetId);
  if (!vnet || !followers(cloud, 'vnet', vnetId, 'updating').has(vmId)) return;
  setReach(cloud, 'vnet', vnetId, vmId, succeeded ? 'updated' : 'error');
  if (!succeeded) cloud.pools.vnet.put({ ...vnet, state: 'UPDATE_FAILURE' });
}

/** @param original of the disk, whose format the saved one has */
function endSaving(image: Image, original: Image | undefined, succeeded: boolean, now: number): Image {
  const template = image.template.clone().delete('SAVING');
  const ended = { ...image, template, format: original?.format ?? image.format, modifiedAt: now };
  if (image.state === 'ERROR') return ended;
  const isSaved = succeeded && image.source !== '';
  return isSaved ? unlockImage(ended, 0) : failImage(ended, 'The disk could not be saved.', logTime(now));
}

/** The disk is the image itself, so the image has the disk's size and snapshots. */
function writeBack(cloud: Cloud, vm: Vm, operation: Operation, now: number): void {
  if (!('diskId' in operation)) return;
  const disk = findDisk(vm, operation.diskId);
  if (!disk || !isImageItself(disk)) return;
  const isSnapshot = operation.kind.startsWith('disk-snapshot');
  if (!isSnapshot && operation.kind !== 'disk-resize') return;
  changeImage(cloud, Number(disk.IMAGE_ID), (image) => ({
    ...image,
    sizeMb: Number(disk.SIZE) || image.sizeMb,
    modifiedAt: now,
    ...(isSnapshot && disk.PERSISTENT_SNAPSHOTS !== 'NO' && mayHaveSnapshots(image)
      ? { snapshots: imageSnapshots(findSnapshots(vm, operation.diskId)) }
      : {}),
  }));
}

function imageSnapshots(snapshots: DiskSnapshots | undefined): Image['snapshots'] {
  if (!snapshots || snapshots.snapshots.length === 0) return CLEARED_SNAPSHOTS;
  return {
    allowOrphans: snapshots.allowOrphans,
    currentBase: snapshots.currentBase,
    nextSnapshot: snapshots.nextId,
    list: snapshots.snapshots.map(snapshotVector),
  };
}

function changeImage(cloud: Cloud, id: number, change: (image: Image) => Image): void {
  const image = cloud.pools.image.get(id);
  if (image) putChangedImage(cloud, change(image));
}
