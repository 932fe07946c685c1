/** Datastores (src/datastore/Datastore.cc, 7.4). Which images a datastore holds is written in the images. */
import {
  DATASTORE_STATE,
  DATASTORE_TYPE,
  type DatastoreState,
  type DatastoreType,
  DISK_TYPE,
  type DiskType,
} from '../../opennebula/numbers.ts';
import { permissionsXml } from '../../opennebula/permissions.ts';
import { templateXml } from '../../opennebula/template.ts';
import { cdata, group, text } from '../../opennebula/xml.ts';
import type { OwnedRecord, TemplateRecord } from './record.ts';
import { headXml, idList } from './xml-parts.ts';

export interface Datastore extends OwnedRecord, TemplateRecord {
  /** `-` for a system datastore. */
  readonly dsMad: string;
  readonly tmMad: string;
  readonly basePath: string;
  readonly type: DatastoreType;
  readonly diskType: DiskType;
  readonly state: DatastoreState;
  readonly clusterIds: readonly number[];
  readonly totalMb: number;
  readonly freeMb: number;
  readonly usedMb: number;
}

export const SYSTEM_DATASTORE_ID = 0;
export const DEFAULT_DATASTORE_ID = 1;
export const FILES_DATASTORE_ID = 2;

export function datastoreXml(datastore: Datastore, imageIds: Iterable<number>): string {
  return group(
    'DATASTORE',
    headXml(datastore),
    permissionsXml(datastore.permissions),
    cdata('DS_MAD', datastore.dsMad),
    cdata('TM_MAD', datastore.tmMad),
    cdata('BASE_PATH', datastore.basePath),
    text('TYPE', DATASTORE_TYPE[datastore.type]),
    text('DISK_TYPE', DISK_TYPE[datastore.diskType]),
    text('STATE', DATASTORE_STATE[datastore.state]),
    idList('CLUSTERS', datastore.clusterIds),
    text('TOTAL_MB', datastore.totalMb),
    text('FREE_MB', datastore.freeMb),
    text('USED_MB', datastore.usedMb),
    idList('IMAGES', imageIds),
    group('TEMPLATE', templateXml(datastore.template)),
  );
}

/** Whether system datastores of this one are seen by all hosts alike (SHARED). */
export function isShared(datastore: Datastore): boolean {
  return datastore.template.isYes('SHARED');
}
