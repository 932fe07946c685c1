/**
 * What a datastore's template decides, when it is created and when it is updated: its type, its drivers, and what the
 * transfer driver can do, which is copied into the template (src/datastore/Datastore.cc, 7.4).
 */
import { commaList } from '../../opennebula/lists.ts';
import { DATASTORE_TYPE, type DatastoreType, DISK_TYPE, type DiskType } from '../../opennebula/numbers.ts';
import { isKeyOf } from '../../opennebula/tables.ts';
import type { Template, Vector } from '../../opennebula/template.ts';
import { type Datastore, SYSTEM_DATASTORE_ID } from './datastore.ts';
import { Refusal } from './refusal.ts';

/** The template is not acceptable. The message is oned's. */
class InvalidDatastore extends Refusal {
  override name = 'InvalidDatastore';
}

/** Entries of the configuration; undefined for a driver that is not there. */
export interface DatastoreDrivers {
  tm(name: string): Readonly<Vector> | undefined;
  ds(name: string): Readonly<Vector> | undefined;
}

/** What the template settles. */
export type TemplateDecisions = Pick<Datastore, 'type' | 'diskType' | 'dsMad' | 'tmMad' | 'template'>;

/** @throws InvalidDatastore */
export function decideForNew(given: Template, drivers: DatastoreDrivers): TemplateDecisions {
  const template = given.clone().delete('NAME').delete('BASE_PATH');
  const type = readType(template.get('TYPE'));
  const dsMad = readDsMad(template, type, drivers);
  const tmMad = type === 'BACKUP_DS' ? '-' : (template.get('TM_MAD') ?? '');
  if (type !== 'BACKUP_DS') applyTransferDriver(template, type, tmMad, drivers);
  const diskType = takeDiskType(template, type);
  if (!template.get('SAFE_DIRS') && !template.get('RESTRICTED_DIRS')) {
    template.set('SAFE_DIRS', '/var/tmp').set('RESTRICTED_DIRS', '/');
  }
  return { type, diskType, dsMad, tmMad, template };
}

/** @param given the whole new template. @throws InvalidDatastore */
export function decideForUpdate(datastore: Datastore, given: Template, drivers: DatastoreDrivers): TemplateDecisions {
  const template = given.clone();
  const type = typeAfterUpdate(datastore, template);
  const diskType = template.get('DISK_TYPE') ? takeDiskType(template, type) : datastore.diskType;
  const tmMad = (type !== 'BACKUP_DS' && template.get('TM_MAD')) || datastore.tmMad;
  if (type !== 'BACKUP_DS' && template.get('TM_MAD')) applyTransferDriver(template, type, tmMad, drivers);
  else template.set('TM_MAD', tmMad);
  template.set('TYPE', type);
  if (type === 'SYSTEM_DS') return { type, diskType, dsMad: '-', tmMad, template: template.delete('DS_MAD') };
  const dsMad = template.get('DS_MAD') || datastore.dsMad;
  applyDatastoreDriver(template.set('DS_MAD', dsMad), dsMad, drivers);
  return { type, diskType, dsMad, tmMad, template };
}

function typeAfterUpdate(datastore: Datastore, template: Template): DatastoreType {
  if (datastore.id === SYSTEM_DATASTORE_ID) return 'SYSTEM_DS';
  if (datastore.type === 'BACKUP_DS' || !template.get('TYPE')) return datastore.type;
  return readType(template.get('TYPE'));
}

/** An unknown word means an image datastore. */
function readType(text = ''): DatastoreType {
  const word = text.toUpperCase();
  return isKeyOf(DATASTORE_TYPE, word) ? word : 'IMAGE_DS';
}

function readDsMad(template: Template, type: DatastoreType, drivers: DatastoreDrivers): string {
  const dsMad = template.get('DS_MAD') ?? '';
  if (type === 'SYSTEM_DS') {
    if (dsMad !== '') throw new InvalidDatastore('SYSTEM datastores cannot have DS_MAD defined.');
    return '-';
  }
  if (dsMad === '') throw new InvalidDatastore('No DS_MAD in template.');
  applyDatastoreDriver(template, dsMad, drivers);
  return dsMad;
}

function applyDatastoreDriver(template: Template, dsMad: string, drivers: DatastoreDrivers): void {
  const entry = drivers.ds(dsMad);
  if (!entry) throw new InvalidDatastore(`DS_MAD named "${dsMad}" is not defined in oned.conf`);
  if (entry.DATASTORE_CAPACITY_CHECK) template.set('DATASTORE_CAPACITY_CHECK', yesOrNo(entry.DATASTORE_CAPACITY_CHECK));
  for (const required of commaList(entry.REQUIRED_ATTRS?.toUpperCase())) {
    if (!template.get(required)) {
      throw new InvalidDatastore(`Datastore template is missing the "${required}" attribute or it's empty.`);
    }
  }
}

function applyTransferDriver(template: Template, type: DatastoreType, tmMad: string, drivers: DatastoreDrivers): void {
  if (tmMad === '') throw new InvalidDatastore('No TM_MAD in template.');
  const entry = drivers.tm(tmMad);
  if (!entry) throw new InvalidDatastore(`TM_MAD named "${tmMad}" is not defined in oned.conf`);
  if (type === 'SYSTEM_DS') applyToSystem(template, entry);
  else applyToImages(template, entry, tmMad);
  template.set('ALLOW_ORPHANS', entry.ALLOW_ORPHANS ?? 'NO');
  template.set('PERSISTENT_SNAPSHOTS', yesOrNo(entry.PERSISTENT_SNAPSHOTS ?? 'YES'));
}

function applyToSystem(template: Template, entry: Readonly<Vector>): void {
  template
    .set('SHARED', yesOrNo(entry.SHARED ?? 'NO'))
    .set('DS_MIGRATE', yesOrNo(entry.DS_MIGRATE ?? 'YES'))
    .set('DS_LIVE_MIGRATE', yesOrNo(entry.DS_LIVE_MIGRATE ?? 'NO'))
    .set('DS_MIGRATE_SNAP', yesOrNo(entry.DS_MIGRATE_SNAP ?? 'NO'))
    .delete('LN_TARGET')
    .delete('CLONE_TARGET');
}

function applyToImages(template: Template, entry: Readonly<Vector>, tmMad: string): void {
  const target = (name: string) => {
    const value = entry[name]?.toUpperCase() ?? '';
    if (!['NONE', 'SELF', 'SYSTEM'].includes(value)) {
      throw new InvalidDatastore(
        `Attribute shared, ln_target or clone_target in TM_MAD_CONF for ${tmMad} is missing or has wrong value in oned.conf`,
      );
    }
    template.set(name, value);
  };
  if (entry.TM_MAD_SYSTEM) template.set('TM_MAD_SYSTEM', entry.TM_MAD_SYSTEM);
  for (const system of commaList(entry.TM_MAD_SYSTEM?.toUpperCase())) {
    target(`LN_TARGET_${system}`);
    target(`CLONE_TARGET_${system}`);
    template.set(`DISK_TYPE_${system}`, entry[`DISK_TYPE_${system}`] ?? 'FILE');
  }
  target('LN_TARGET');
  target('CLONE_TARGET');
  if (entry.DRIVER) template.set('DRIVER', entry.DRIVER);
  if (entry.DISK_TYPE) template.set('DISK_TYPE', entry.DISK_TYPE);
  template.delete('SHARED');
}

const DISK_TYPES: Readonly<Record<'IMAGE_DS' | 'SYSTEM_DS', readonly DiskType[]>> = {
  IMAGE_DS: ['FILE', 'BLOCK', 'ISCSI', 'RBD', 'GLUSTER', 'SHEEPDOG', 'FILESYSTEM'],
  SYSTEM_DS: ['FILE', 'RBD', 'BLOCK', 'FILESYSTEM'],
};

/** Datastores for files and backups hold files whatever was said, and do not print it. */
function takeDiskType(template: Template, type: DatastoreType): DiskType {
  const word = template.get('DISK_TYPE')?.toUpperCase() || 'FILE';
  template.delete('DISK_TYPE');
  if (type === 'FILE_DS' || type === 'BACKUP_DS') return 'FILE';
  if (!isKeyOf(DISK_TYPE, word) || word === 'NONE') throw new InvalidDatastore('Unknown DISK_TYPE in template.');
  if (!DISK_TYPES[type].includes(word)) {
    throw new InvalidDatastore(`Invalid DISK_TYPE for ${type === 'IMAGE_DS' ? 'an Image' : 'a System'} Datastore.`);
  }
  template.set('DISK_TYPE', word);
  return word;
}

function yesOrNo(value: string): string {
  return value.toUpperCase() === 'YES' ? 'YES' : 'NO';
}
