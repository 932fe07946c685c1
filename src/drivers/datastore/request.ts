/**
 * What OpenNebula sends with a datastore action: `DS_DRIVER_ACTION_DATA` with the image and the datastore
 * (src/datastore_mad/one_datastore.rb, 7.4).
 */
import { posix } from 'node:path';
import { IMAGE_TYPE, type ImageType } from '../../opennebula/numbers.ts';
import { nameOf } from '../../opennebula/tables.ts';
import { find, findText, leaves, type XmlElement } from '../../opennebula/xml.ts';
import { fail } from './errors.ts';

/** FORMAT of the target of disk-saveas: only a SOURCE is to be invented, the disk is written there later. */
export const SAVE_AS = 'save_as';

export interface ImageRequest {
  /** Undefined for `stat`, which is asked before the image has one. */
  readonly type: ImageType | undefined;
  readonly path: string;
  readonly source: string;
  readonly sizeMb: number;
  readonly format: string;
  /** File system wanted in an empty image; empty for none. */
  readonly fileSystem: string;
  /** Attributes that the user gave. */
  readonly template: Readonly<Record<string, string>>;
}

export interface DatastoreRequest {
  /** Where its files lie, without the double slash that OpenNebula's default has. */
  readonly basePath: string;
  /** 2 is a datastore of plain files. */
  readonly type: string;
  readonly template: Readonly<Record<string, string>>;
}

export function readImage(document: XmlElement): ImageRequest {
  const image = find(document, 'IMAGE');
  if (!image) throw fail('REQUEST_INCOMPLETE', { missing: 'IMAGE' });
  const value = (name: string) => findText(image, name)?.trim() ?? '';
  const template = attributes(image);
  const type = value('TYPE');
  return {
    type: type === '' ? undefined : imageTypeOf(Number(type)),
    path: value('PATH'),
    source: value('SOURCE'),
    sizeMb: Number(value('SIZE')),
    format: value('FORMAT'),
    fileSystem: (value('FS') || template.FS || template.FSTYPE || '').toLowerCase(),
    template,
  };
}

export function readDatastore(document: XmlElement): DatastoreRequest {
  const datastore = find(document, 'DATASTORE');
  const basePath = datastore && findText(datastore, 'BASE_PATH')?.trim();
  if (!datastore || !basePath) throw fail('REQUEST_INCOMPLETE', { missing: 'DATASTORE/BASE_PATH' });
  return {
    basePath: posix.normalize(basePath).replace(/\/$/, ''),
    type: findText(datastore, 'TYPE')?.trim() ?? '',
    template: attributes(datastore),
  };
}

function attributes(element: XmlElement): Readonly<Record<string, string>> {
  const template = find(element, 'TEMPLATE');
  return template ? leaves(template) : {};
}

function imageTypeOf(number: number): ImageType | undefined {
  return nameOf(IMAGE_TYPE, number);
}
