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
  readonly runningVms: number;
  /** Copies that are being made of it. */
  readonly cloningOps: number;
  /** The image of which it is a copy, while it is being made; else -1. */
  readonly cloningId: number;
  readonly targetSnapshot: number;
  readonly datastoreId: number;
  readonly datastore: string;
  readonly snapshots: Snapshots;
}

/** Snapshots of a disk (src/vm/Snapshots.cc). */
export interface Snapshots {
  readonly allowOrphans: string;
  readonly currentBase: number;
  readonly nextSnapshot: number;
  readonly list: readonly Vector[];
}

export interface ImageUsers {
  readonly vmIds: Iterable<number>;
  readonly cloneIds: Iterable<number>;
  readonly appCloneIds: Iterable<number>;
}

export function imageXml(image: Image, users: ImageUsers): string {
  return group(
    'IMAGE',
    imageHead(image),
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
    text('RUNNING_VMS', image.runningVms),
    text('CLONING_OPS', image.cloningOps),
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

function snapshotsXml({ allowOrphans, currentBase, nextSnapshot, list }: Snapshots): string {
  return group(
    'SNAPSHOTS',
    cdata('ALLOW_ORPHANS', allowOrphans),
    cdata('CURRENT_BASE', currentBase),
    cdata('NEXT_SNAPSHOT', nextSnapshot),
    ...list.map((snapshot) => vectorXml('SNAPSHOT', snapshot)),
  );
}

/** The image cannot be given to a VM. The message is oned's, without the disk that asked. */
export class ImageUnavailable extends Error {
  override name = 'ImageUnavailable';
}

/**
 * The image as it is while one more VM uses it. An image that is still being copied is held too: its VM waits.
 * @throws ImageUnavailable
 */
export function acquireImage(image: Image): Image {
  const refuse = (why: string): never => {
    throw new ImageUnavailable(`Cannot acquire image ${image.id}, ${why}`);
  };
  const used = (state: ImageState): Image => ({ ...image, runningVms: image.runningVms + 1, state });
  const ACQUIRED: Partial<Record<ImageState, () => Image>> = {
    READY: () => used(image.persistent ? 'USED_PERS' : 'USED'),
    USED: () => used('USED'),
    CLONE: () => refuse('it is being cloned'),
    USED_PERS: () => refuse('it is persistent and already in use'),
    LOCKED: () => used(image.persistent ? 'LOCKED_USED_PERS' : 'LOCKED_USED'),
    LOCKED_USED: () => used('LOCKED_USED'),
    LOCKED_USED_PERS: () => refuse('it is persistent and already in use'),
  };
  return (ACQUIRED[image.state] ?? (() => refuse(`it is in state: ${image.state}`)))();
}

/** The image when one VM gives it back. `failed` leaves a persistent image whose write-back failed in ERROR. */
export function releaseImage(image: Image, { failed = false } = {}): Image {
  const runningVms = Math.max(0, image.runningVms - 1);
  const RELEASED: Partial<Record<ImageState, ImageState>> = {
    USED: runningVms === 0 ? 'READY' : 'USED',
    USED_PERS: failed ? 'ERROR' : 'READY',
    LOCKED_USED: runningVms === 0 ? 'LOCKED' : 'LOCKED_USED',
    LOCKED_USED_PERS: 'LOCKED',
  };
  return { ...image, runningVms, state: RELEASED[image.state] ?? image.state };
}

export const NO_SNAPSHOTS: Snapshots = { allowOrphans: 'NO', currentBase: -1, nextSnapshot: 0, list: [] };
