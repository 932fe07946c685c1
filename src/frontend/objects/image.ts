/** Images, and what happens to them when VMs come and go (src/image/Image.cc, 7.4). */
import {
  DISK_TYPE,
  type DiskType,
  IMAGE_STATE,
  IMAGE_TYPE,
  type ImageState,
  type ImageType,
} from '../../opennebula/numbers.ts';
import { templateXml, type Vector, vectorXml } from '../../opennebula/template.ts';
import { cdata, group, text } from '../../opennebula/xml.ts';
import { memoize } from './memoize.ts';
import type { LockableRecord, OwnedRecord, TemplateRecord } from './record.ts';
import { Refusal } from './refusal.ts';
import { headXml, idList, lockAndPermissionsXml } from './xml-parts.ts';

export interface Image extends OwnedRecord, LockableRecord, TemplateRecord {
  readonly type: ImageType;
  readonly diskType: DiskType;
  readonly persistent: boolean;
  /** Epoch seconds. */
  readonly registeredAt: number;
  readonly modifiedAt: number;
  /** What the datastore driver calls it; empty until it is there. */
  readonly source: string;
  /** Where it came from. */
  readonly path: string;
  readonly format: string;
  readonly fs: string;
  readonly sizeMb: number;
  readonly state: ImageState;
  /** The image of which it is a copy, while it is being made; else -1. */
  readonly cloningId: number;
  /** The snapshot that the driver works on; else -1. */
  readonly targetSnapshot: number;
  /** What it does with it. */
  readonly snapshotWork?: SnapshotWork;
  readonly datastoreId: number;
  readonly datastore: string;
  readonly snapshots: Snapshots;
}

/** What a datastore driver does with a snapshot of an image. */
export type SnapshotWork = 'snap_delete' | 'snap_revert' | 'snap_flatten';

/** Snapshots of a disk (src/vm/Snapshots.cc). */
export interface Snapshots {
  readonly allowOrphans: string;
  readonly currentBase: number;
  readonly nextSnapshot: number;
  readonly list: readonly Vector[];
  /** A VM gave it back without any: nothing of them is told any more. */
  readonly isCleared?: true;
}

export interface ImageUsers {
  readonly vmIds: ReadonlySet<number>;
  /** Images that are being copied from it. */
  readonly cloneIds: ReadonlySet<number>;
  readonly appCloneIds: ReadonlySet<number>;
}

export function imageXml(image: Image, users: ImageUsers): string {
  return group(
    'IMAGE',
    imageHead(image),
    text('RUNNING_VMS', users.vmIds.size),
    text('CLONING_OPS', users.cloneIds.size + users.appCloneIds.size),
    imageMiddle(image),
    idList('VMS', users.vmIds),
    idList('CLONES', users.cloneIds),
    idList('APP_CLONES', users.appCloneIds),
    imageTail(image),
  );
}

const imageHead = memoize((image: Image) =>
  [
    headXml(image),
    lockAndPermissionsXml(image),
    text('TYPE', IMAGE_TYPE[image.type]),
    text('DISK_TYPE', DISK_TYPE[image.diskType]),
    text('PERSISTENT', image.persistent ? 1 : 0),
    text('REGTIME', image.registeredAt),
    text('MODTIME', image.modifiedAt),
    cdata('SOURCE', image.source),
    cdata('PATH', image.path),
    cdata('FORMAT', image.format),
    cdata('FS', image.fs),
    text('SIZE', image.sizeMb),
    text('STATE', IMAGE_STATE[image.state]),
    text('PREV_STATE', IMAGE_STATE[image.state]),
  ].join(''),
);

const imageMiddle = memoize((image: Image) =>
  [
    text('CLONING_ID', image.cloningId),
    text('TARGET_SNAPSHOT', image.targetSnapshot),
    text('DATASTORE_ID', image.datastoreId),
    text('DATASTORE', image.datastore),
  ].join(''),
);

const imageTail = memoize((image: Image) =>
  [
    group('TEMPLATE', templateXml(image.template)),
    snapshotsXml(image.snapshots),
    group('BACKUP_INCREMENTS'),
    group('BACKUP_DISK_IDS'),
  ].join(''),
);

function snapshotsXml({ allowOrphans, currentBase, nextSnapshot, list, isCleared }: Snapshots): string {
  if (isCleared) return group('SNAPSHOTS');
  return group(
    'SNAPSHOTS',
    cdata('ALLOW_ORPHANS', allowOrphans),
    cdata('CURRENT_BASE', currentBase),
    cdata('NEXT_SNAPSHOT', nextSnapshot),
    ...list.map((snapshot) => vectorXml('SNAPSHOT', snapshot)),
  );
}

/** How messages call a state: those of persistent images like those of the others (Image::state_to_str). */
export function imageStateWord(state: ImageState): string {
  return state.replace(/_PERS$/, '');
}

/** The image in a state; a lock does not outlive the state that it was put in (Image::set_state). */
export function inState({ lock: _, ...image }: Image, state: ImageState): Image {
  return { ...image, state };
}

/** The image cannot be given to a VM. The message is oned's, without the disk that asked. */
export class ImageUnavailable extends Refusal {
  override name = 'ImageUnavailable';
}

/** Images of these types can be disks. */
const DISK_IMAGE_TYPES: ReadonlySet<ImageType> = new Set(['OS', 'DATABLOCK', 'CDROM', 'FILESYSTEM']);

/**
 * The image as it is while a VM uses it; the same record when it was in use already. An image that is still being made
 * is given to a new VM, which waits for it, but not to one that is there already.
 * @param attach the disk is being attached to an existing VM
 * @throws ImageUnavailable
 */
export function acquireImage(image: Image, { attach = false } = {}): Image {
  const { id, name, type, state, persistent } = image;
  const refuse = (why: string): never => {
    throw new ImageUnavailable(`Cannot acquire image ${id}, ${why}`);
  };
  if (!DISK_IMAGE_TYPES.has(type)) {
    throw new ImageUnavailable(`Image ${id} (${name}) of type ${type} cannot be used as DISK.`);
  }
  const shareable = image.template.get('PERSISTENT_TYPE')?.toUpperCase() === 'SHAREABLE';
  if (state === 'READY') return inState(image, persistent ? 'USED_PERS' : 'USED');
  if (state === 'USED' || (state === 'USED_PERS' && shareable)) return image;
  if (state === 'USED_PERS' || (state === 'LOCKED_USED_PERS' && !shareable)) {
    return refuse('it is persistent and already in use');
  }
  const beingMade = state === 'LOCKED' || state === 'LOCKED_USED' || state === 'LOCKED_USED_PERS';
  if (!beingMade) return refuse(`it is in state: ${imageStateWord(state)}`);
  if (attach) return refuse('it is locked');
  return state === 'LOCKED' ? inState(image, persistent ? 'LOCKED_USED_PERS' : 'LOCKED_USED') : image;
}

export interface Release {
  /** VMs that still use it. */
  readonly remainingVms: number;
  /** Copies that are being made of it. */
  readonly clones: number;
  /** The VM could not write it back: a persistent image is broken then. */
  readonly failed: boolean;
  /** Epoch seconds. */
  readonly now: number;
}

/** What an image is once nobody uses it, and whether those who used it wrote into it. */
const GIVEN_BACK: { readonly [State in ImageState]?: { readonly state: ImageState; readonly isWritten: boolean } } = {
  USED: { state: 'READY', isWritten: false },
  LOCKED_USED: { state: 'LOCKED', isWritten: false },
  USED_PERS: { state: 'READY', isWritten: true },
  LOCKED_USED_PERS: { state: 'LOCKED', isWritten: true },
};

/** The image when a VM has given it back; the same record when nothing changes. */
export function releaseImage(image: Image, { remainingVms, clones, failed, now }: Release): Image {
  const givenBack = GIVEN_BACK[image.state];
  if (!givenBack) return image;
  const { state, isWritten } = givenBack;
  const free = remainingVms === 0;
  if (!isWritten) return free && clones === 0 ? inState(image, state) : image;
  const written = { ...image, modifiedAt: now };
  return failed || free ? inState(written, failed ? 'ERROR' : state) : written;
}

export const NO_SNAPSHOTS: Snapshots = { allowOrphans: 'NO', currentBase: -1, nextSnapshot: 0, list: [] };
export const CLEARED_SNAPSHOTS: Snapshots = { ...NO_SNAPSHOTS, isCleared: true };

/** Its type may have changed since a VM took it. */
export function mayHaveSnapshots({ type }: Image): boolean {
  return type === 'OS' || type === 'DATABLOCK';
}
