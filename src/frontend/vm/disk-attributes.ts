/**
 * What a DISK of a VM says, from what the user gave, the image and the datastores (src/vm/VirtualMachineDisk.cc,
 * src/image/ImagePool.cc and Image.cc, src/datastore/Datastore.cc, 7.4).
 */
import { IMAGE_STATE, type ImageType } from '../../opennebula/numbers.ts';
import { isYes, type Template, type Vector } from '../../opennebula/template.ts';
import type { Datastore } from '../objects/datastore.ts';
import type { Image } from '../objects/image.ts';
import { isVolatile } from './disk.ts';
import { without } from './edit-template.ts';
import { inherit } from './inherit.ts';
import { InvalidTemplate } from './invalid-template.ts';

export interface DiskRules {
  /** DEFAULT_DEVICE_PREFIX */
  readonly devicePrefix: string;
  /** INHERIT_IMAGE_ATTR and INHERIT_DATASTORE_ATTR */
  readonly inheritImage: readonly string[];
  readonly inheritDatastore: readonly string[];
}

export interface PreparedDisk {
  readonly disk: Vector;
  /** What it holds, which decides its place among the targets. */
  readonly type: ImageType;
  /** Empty for a CD, which takes the one of the machine. */
  readonly prefix: string;
}

/**
 * A disk from an image. The image is as it is once the VM has it.
 * @throws InvalidTemplate
 */
export function diskFromImage(given: Vector, image: Image, datastore: Datastore, rules: DiskRules): PreparedDisk {
  checkSize(given, image);
  const isCd = image.type === 'CDROM';
  const prefix = given.DEV_PREFIX || (isCd ? '' : image.template.get('DEV_PREFIX') || rules.devicePrefix);
  const target = given.TARGET || image.template.get('TARGET') || '';
  const format = image.format.toLowerCase();
  const disk: Vector = {
    ...without(given, 'DRIVER', 'FORMAT', 'CLONING'),
    ...(prefix === '' || isCd ? {} : { DEV_PREFIX: prefix }),
    IMAGE: image.name,
    IMAGE_ID: String(image.id),
    SOURCE: image.source,
    ORIGINAL_SIZE: String(image.sizeMb),
    SIZE: given.SIZE || String(image.sizeMb),
    DISK_SNAPSHOT_TOTAL_SIZE: String(image.snapshots.list.reduce((sum, { SIZE = '0' }) => sum + Number(SIZE), 0)),
    ...(format === '' ? {} : { DRIVER: format, FORMAT: format }),
    IMAGE_STATE: String(IMAGE_STATE[image.state]),
    ...access(given, image),
    ...(image.state.startsWith('LOCKED') ? { CLONING: 'YES' } : {}),
    TYPE: isCd ? 'CDROM' : image.diskType,
    ...(target === '' ? {} : { TARGET: target }),
  };
  const inherited = inherit(disk, image.template, rules.inheritImage);
  return { disk: inDatastore(inherited, datastore, rules), type: image.type, prefix };
}

/** READONLY, CLONE, SAVE and PERSISTENT. */
function access(given: Vector, image: Image): Vector {
  const persistentType = image.template.get('PERSISTENT_TYPE')?.toUpperCase();
  if (image.type === 'CDROM' || persistentType === 'IMMUTABLE') return { SAVE: 'NO', CLONE: 'NO', READONLY: 'YES' };
  const READONLY = given.READONLY ?? (isYes(image.template.get('READONLY')) ? 'YES' : 'NO');
  if (!image.persistent) return { READONLY, CLONE: 'YES', SAVE: 'NO' };
  const isShareable = persistentType === 'SHAREABLE' && image.format === 'raw';
  return { READONLY, PERSISTENT: 'YES', CLONE: 'NO', SAVE: 'YES', ...(isShareable ? { SHAREABLE: 'YES' } : {}) };
}

function checkSize(given: Vector, image: Image): void {
  if (!given.SIZE || !/^\d+$/.test(given.SIZE)) return;
  const size = Number(given.SIZE);
  const fixed = image.persistent ? 'persistent' : image.type === 'CDROM' ? 'CDROM' : undefined;
  if (fixed && size !== image.sizeMb) {
    throw new InvalidTemplate(`SIZE attribute is not supported for ${fixed} image [${image.id}].`);
  }
  if (size < image.sizeMb) {
    throw new InvalidTemplate(`SIZE of ${size}MB is less than the image [${image.id}] size of ${image.sizeMb}MB.`);
  }
}

/** A disk without an image. Where it lies is known only at deployment. @throws InvalidTemplate */
export function volatileDisk(given: Vector, rules: DiskRules): PreparedDisk {
  const type = given.TYPE?.toUpperCase() ?? '';
  if (type !== 'SWAP' && type !== 'FS') throw new InvalidTemplate(`Unknown disk type ${type}`);
  if (!/^\d+$/.test(given.SIZE ?? '') || Number(given.SIZE) <= 0) {
    throw new InvalidTemplate('SIZE attribute must be a positive integer value.');
  }
  const prefix = given.DEV_PREFIX || rules.devicePrefix;
  return { disk: { ...without(given, 'TM_MAD_SYSTEM'), DEV_PREFIX: prefix }, type: 'DATABLOCK', prefix };
}

/** Attributes of the datastore in which a disk lies, also of a volatile one once its system datastore is known. */
export function inDatastore(given: Vector, datastore: Datastore, rules: DiskRules): Vector {
  const system = given.TM_MAD_SYSTEM?.trim().toUpperCase();
  const ofSystem = (name: string) =>
    (system ? datastore.template.get(`${name}_${system}`) : undefined) || datastore.template.get(name) || '';
  const disk: Vector = {
    ...given,
    DATASTORE: datastore.name,
    DATASTORE_ID: String(datastore.id),
    TM_MAD: datastore.tmMad,
    CLUSTER_ID: datastore.clusterIds.join(','),
  };
  for (const name of ['CLONE_TARGET', 'LN_TARGET']) disk[name] ||= ofSystem(name);
  for (const name of ['CLONE_TARGET', 'LN_TARGET']) if (disk[name] === '') delete disk[name];
  const inherited = inherit(disk, datastore.template, rules.inheritDatastore);
  return withFormat(withDiskType(inherited, datastore, system), datastore);
}

function withDiskType(disk: Vector, datastore: Datastore, system: string | undefined): Vector {
  if (system) {
    const type = datastore.template.get(`DISK_TYPE_${system}`);
    if (!type) return disk;
    return isVolatile(disk) || disk.TYPE === 'CDROM'
      ? { ...disk, DISK_TYPE: type }
      : { ...disk, DISK_TYPE: type, TYPE: type };
  }
  return isVolatile(disk) && !disk.DISK_TYPE ? { ...disk, DISK_TYPE: datastore.diskType } : disk;
}

/** DRIVER and FORMAT of a volatile disk. */
function withFormat(disk: Vector, datastore: Datastore): Vector {
  if (!isVolatile(disk)) return disk;
  if (disk.TYPE?.toLowerCase() === 'swap') return { ...disk, DRIVER: 'raw', FORMAT: 'raw' };
  const driver = driverOf(datastore.template);
  if (driver) return { ...disk, DRIVER: driver, FORMAT: driver };
  const format = disk.FORMAT || 'raw';
  return { ...disk, DRIVER: format, FORMAT: format };
}

function driverOf(template: Template): string | undefined {
  return template.get('DRIVER') || undefined;
}
