/** Snapshots that an image keeps, and what may become of them (src/image/ImageManagerActions.cc, src/vm/Snapshots.cc, 7.4). */
import { commaList } from '../../opennebula/lists.ts';
import type { Vector } from '../../opennebula/template.ts';
import { CLEARED_SNAPSHOTS, type Image, imageStateWord, inState, type SnapshotWork } from './image.ts';
import { WrongImageState } from './image-state.ts';

const IN_WORDS: Readonly<Record<SnapshotWork, string>> = {
  snap_delete: 'delete snapshot',
  snap_revert: 'revert to snapshot',
  snap_flatten: 'flatten snapshot',
};

/** The image while its driver works on a snapshot. @throws WrongImageState */
export function startSnapshotWork(image: Image, snapshotId: number, snapshotWork: SnapshotWork): Image {
  if (image.type !== 'OS' && image.type !== 'DATABLOCK') {
    throw new WrongImageState(
      'IMAGES of type KERNEL, RAMDISK, BACKUP, FILESYSTEM and CONTEXT does not have snapshots.',
    );
  }
  if (image.state !== 'READY') {
    throw new WrongImageState(`Cannot ${IN_WORDS[snapshotWork]} in state ${imageStateWord(image.state)}`);
  }
  const snapshot = image.snapshots.list.find(({ ID }) => Number(ID) === snapshotId);
  if (!snapshot) throw new WrongImageState('Snapshot does not exist');
  const isChained = image.snapshots.allowOrphans === 'NO' || image.snapshots.allowOrphans === 'MIXED';
  if (snapshotWork === 'snap_delete' && isChained) {
    if (isActive(snapshot)) throw new WrongImageState('Cannot delete the active snapshot');
    if (snapshot.CHILDREN) throw new WrongImageState('Cannot delete snapshot with children');
  }
  return { ...inState(image, 'LOCKED'), targetSnapshot: snapshotId, snapshotWork };
}

/** The image when the driver has answered: ready again, whatever came of it. */
export function endSnapshotWork({ snapshotWork, ...image }: Image, succeeded: boolean): Image {
  const ready: Image = { ...inState(image, 'READY'), targetSnapshot: -1 };
  return succeeded && snapshotWork ? AFTER[snapshotWork](ready, String(image.targetSnapshot)) : ready;
}

const AFTER: Readonly<Record<SnapshotWork, (image: Image, snapshotId: string) => Image>> = {
  snap_delete: (image, id) => withList(image, withoutSnapshot(image.snapshots.list, id)),
  snap_revert: (image, id) => reverted(image, id),
  snap_flatten: (image) => ({ ...image, snapshots: CLEARED_SNAPSHOTS }),
};

function withList(image: Image, list: readonly Vector[]): Image {
  return { ...image, snapshots: { ...image.snapshots, list } };
}

/** The image as it was then, also as large (Image::revert_snapshot). */
function reverted(image: Image, id: string): Image {
  const { allowOrphans, currentBase, list } = image.snapshots;
  const size = Number(list.find(({ ID }) => ID === id)?.SIZE);
  const snapshots = {
    ...image.snapshots,
    currentBase: allowOrphans === 'MIXED' ? Number(id) : currentBase,
    list: withActive(allowOrphans === 'LINEAR' ? list.filter(({ ID }) => Number(ID) <= Number(id)) : list, id),
  };
  return { ...image, snapshots, sizeMb: size || image.sizeMb };
}

function isActive({ ACTIVE = '' }: Vector): boolean {
  return ACTIVE.toUpperCase() === 'YES';
}

function withActive(list: readonly Vector[], id: string): Vector[] {
  return list.map(({ ACTIVE: _, ...snapshot }) => (snapshot.ID === id ? { ...snapshot, ACTIVE: 'YES' } : snapshot));
}

function withoutSnapshot(list: readonly Vector[], id: string): Vector[] {
  return list
    .filter(({ ID }) => ID !== id)
    .map(({ CHILDREN, ...snapshot }) => {
      const children = commaList(CHILDREN).filter((child) => child !== id);
      return children.length === 0 ? snapshot : { ...snapshot, CHILDREN: children.join(',') };
    });
}
