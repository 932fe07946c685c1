/** Snapshots that an image brings along when it becomes the disk of a VM. */
import { isYes, type Vector } from '../../opennebula/template.ts';
import type { Image } from '../objects/image.ts';
import type { DiskSnapshot, DiskSnapshots } from '../objects/vm.ts';
import { idsIn } from './nic.ts';

export function snapshotsOfImage({ type, snapshots }: Image, diskId: number): DiskSnapshots[] {
  if (snapshots.list.length === 0 || (type !== 'OS' && type !== 'DATABLOCK')) return [];
  const { allowOrphans, currentBase, nextSnapshot, list } = snapshots;
  return [
    {
      diskId,
      allowOrphans: allowOrphans as DiskSnapshots['allowOrphans'],
      currentBase,
      nextId: nextSnapshot,
      snapshots: list.map(snapshotOf),
    },
  ];
}

function snapshotOf(vector: Vector): DiskSnapshot {
  return {
    id: Number(vector.ID),
    name: vector.NAME ?? '',
    parent: Number(vector.PARENT ?? -1),
    children: idsIn(vector.CHILDREN),
    active: isYes(vector.ACTIVE),
    date: Number(vector.DATE ?? 0),
    size: Number(vector.SIZE ?? 0),
  };
}
