/**
 * Files of file datastores in a VM's template: `$FILE[IMAGE="name"]` in FILES_DS of CONTEXT, and in KERNEL_DS and
 * INITRD_DS of OS (src/parsers/vm_file_var_syntax.y, VirtualMachineParser.cc set_os_file, 7.4).
 */
import type { Vector } from '../../opennebula/template.ts';
import type { Datastore } from '../objects/datastore.ts';
import type { Image } from '../objects/image.ts';
import { without } from './edit-template.ts';
import { InvalidTemplate } from './invalid-template.ts';
import { checkFileVariables } from './variable-grammar.ts';

/** How a variable names an image: IMAGE_ID, or IMAGE and maybe IMAGE_UID or IMAGE_UNAME. */
export type FileReference = Readonly<Record<string, string>>;

/** What files are looked up in. `findFile` throws InvalidTemplate with oned's words. */
export interface Files {
  /** The image, if the VM's owner may use it. */
  findFile(reference: FileReference): Image;
  findDatastore(id: number): Datastore | undefined;
}

const PAIR = String.raw`(\w+)\s*=\s*(?:"([^"]*)"|([^",\]\s]+))`;
const VARIABLE = new RegExp(String.raw`\s*\$(\w+)\[\s*${PAIR}\s*(?:,\s*${PAIR}\s*)?\][\s,]*`, 'y');

/** The images that a text of variables names, in its order. @throws InvalidTemplate */
function imagesIn(text: string, { findFile }: Files): Image[] {
  checkFileVariables(text);
  const images: Image[] = [];
  VARIABLE.lastIndex = 0;
  while (VARIABLE.lastIndex < text.length) {
    const match = VARIABLE.exec(text);
    if (!match) throw new InvalidTemplate(`Error parsing: ${text}. syntax error`);
    images.push(readVariable(text, match, findFile));
  }
  return images;
}

function readVariable(text: string, match: RegExpExecArray, findFile: Files['findFile']): Image {
  const [, variable = '', name = '', quoted, word, name2, quoted2, word2] = match;
  const reference = { [name.toUpperCase()]: quoted ?? word ?? '' };
  if (name2 !== undefined) reference[name2.toUpperCase()] = quoted2 ?? word2 ?? '';
  const refuse = (reason: string) => new InvalidTemplate(`Error parsing: ${text}. ${reason}`);
  if (variable.toUpperCase() !== 'FILE') throw refuse('Must use FILE variable for attribute.');
  if (!('IMAGE' in reference || 'IMAGE_ID' in reference)) throw refuse('Cannot get image, set IMAGE_ID or IMAGE.');
  try {
    return findFile(reference);
  } catch (error) {
    throw error instanceof InvalidTemplate ? refuse(error.message) : error;
  }
}

/** FILES_DS as the VM keeps it: where each file lies, and its name. @throws InvalidTemplate */
export function contextFilesOf(text: string, files: Files): string {
  const images = imagesIn(text, files);
  for (const { id, type, state } of images) {
    if (type !== 'CONTEXT') throw new InvalidTemplate('Only images of type CONTEXT can be used in FILE_DS attribute.');
    if (state !== 'READY') throw new InvalidTemplate(`${type} Image '${id}' not in READY state.`);
  }
  return images.map(({ source, name }) => `${source}:'${name}' `).join('');
}

const OS_FILES = [
  ['KERNEL', 'KERNEL'],
  ['INITRD', 'RAMDISK'],
] as const;

/** OS with where its kernel and its first disk lie. @throws InvalidTemplate */
export function withOsFiles(os: Vector, files: Files): Vector {
  return OS_FILES.reduce<Vector>((known, [name, type]) => withOsFile(known, name, type, files), os);
}

function withOsFile(os: Vector, name: string, type: Image['type'], files: Files): Vector {
  const text = os[`${name}_DS`];
  if (!text) return os;
  const [image, ...more] = imagesIn(text, files);
  if (!image || more.length > 0) throw new InvalidTemplate(`Only one FILE variable can be used in: ${text}`);
  if (image.type !== type) {
    throw new InvalidTemplate(`${name} needs an image of type ${type} and not ${image.type}`);
  }
  if (image.state !== 'READY') throw new InvalidTemplate(`${type} Image '${image.id} 'not in READY state.`);
  const datastore = files.findDatastore(image.datastoreId);
  if (!datastore) throw new InvalidTemplate('Associated datastore for image does not exist');
  return {
    ...without(os, name),
    [`${name}_DS_ID`]: String(image.id),
    [`${name}_DS_SOURCE`]: image.source,
    [`${name}_DS_DSID`]: String(datastore.id),
    [`${name}_DS_TM`]: datastore.tmMad,
    ...(datastore.clusterIds.length > 0 ? { [`${name}_DS_CLUSTER_ID`]: datastore.clusterIds.join(',') } : {}),
  };
}
