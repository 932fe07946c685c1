/** `one.image.clone` (src/rm/api/ImageAPI.cc, 7.4). */
import type { Template } from '../../opennebula/template.ts';
import type { Image } from '../objects/image.ts';
import { startCloning, WrongImageState } from '../objects/image-state.ts';
import { cloneTemplate } from '../objects/image-template.ts';
import { availableMb, checksCapacity } from '../resources/datastore-space.ts';
import { notAllocated, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { presetPersistence, registerImage } from './image-allocate.ts';
import { defineMethod, int, optional, string } from './method.ts';

export const cloneImageMethod = defineMethod({
  name: 'one.image.clone',
  params: { id: int, name: string, datastore: optional(int, -1) },
  help: 'Copies an image under another name, into its own datastore or another of the same driver.',
  run: (call, { id, name, datastore }) => cloneImage(call, id, name, { datastoreId: datastore }),
});

const CLONEABLE: ReadonlySet<string> = new Set(['OS', 'DATABLOCK', 'CDROM']);

/**
 * @param options the datastore, -1 for that of the original; whether the copy is to be persistent whatever the original is
 * @throws ApiError
 */
export function cloneImage(
  call: Call,
  id: number,
  name: string,
  options: { readonly datastoreId?: number; readonly persistent?: boolean } = {},
): number {
  const image = call.get('image', id);
  if (!CLONEABLE.has(image.type)) throw notPossible(`${image.type} images cannot be cloned.`);
  if (image.snapshots.list.length > 0) throw notPossible('Cannot clone images with snapshots');
  const template = cloneTemplate(image, name);
  setPersistence(call, template, options.persistent ?? false);
  const { datastoreId = -1 } = options;
  const own = call.get('datastore', image.datastoreId);
  const target = datastoreId === -1 ? own : call.get('datastore', datastoreId);
  if (target.type !== 'IMAGE_DS' || own.type !== 'IMAGE_DS') {
    throw notPossible('Clone only supported for IMAGE_DS Datastores');
  }
  if (target.dsMad !== own.dsMad) throw notPossible('Clone only supported to same DS_MAD Datastores');
  const checks = checksCapacity(target, call.services.configuration.flag('DATASTORE_CAPACITY_CHECK'));
  if (checks && image.sizeMb > availableMb(target)) throw notPossible('Not enough space in datastore');
  call.authorize(
    call.creation('image'),
    call.on('image', image, 'USE'),
    call.on('datastore', target, 'USE'),
    ...(target === own ? [] : [call.on('datastore', own, 'USE')]),
  );
  return registerImage(call, template, target, id, (cloneId) => beginClone(call, image, cloneId));
}

/** The original is held until the copy is finished. */
function beginClone(call: Call, image: Image, cloneId: number): void {
  try {
    call.cloud.pools.image.put(startCloning(image));
    call.cloud.links.add('image.clones', image.id, cloneId);
  } catch (error) {
    throw error instanceof WrongImageState ? notAllocated(error.message) : error;
  }
}

function setPersistence(call: Call, template: Template, persistent: boolean): void {
  const value = persistent ? 'YES' : presetPersistence(call, 'DEFAULT_IMAGE_PERSISTENT');
  if (value !== undefined) template.set('PERSISTENT', value);
}
