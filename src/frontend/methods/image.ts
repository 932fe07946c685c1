/** `one.image.*` and `one.imagepool.*` (src/rm/api/ImageAPI.cc, 7.4). */
import { IMAGE_TYPE } from '../../opennebula/numbers.ts';
import type { Image } from '../objects/image.ts';
import { startSnapshotWork } from '../objects/image-snapshots.ts';
import { disableImage, enableImage, makePersistent, WrongImageState } from '../objects/image-state.ts';
import { isImageType } from '../objects/image-template.ts';
import { imageUse } from '../resources/image-quota.ts';
import { internal, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { allocateImageMethod } from './image-allocate.ts';
import { cloneImageMethod } from './image-clone.ts';
import { deleteImageMethod } from './image-delete.ts';
import { boolean, defineMethod, int, type Method, string } from './method.ts';
import { chmodMethod } from './standard/chmod.ts';
import { chownMethod } from './standard/chown.ts';
import { infoMethod, ownedPoolMethod } from './standard/info.ts';
import { lockMethods } from './standard/lock.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';

export const imageMethods: readonly Method[] = [
  allocateImageMethod,
  cloneImageMethod,
  deleteImageMethod,
  infoMethod('image'),
  ownedPoolMethod('image'),
  updateMethod('image', { restricted: 'IMAGE_RESTRICTED_ATTR' }),
  renameMethod('image'),
  chmodMethod('image'),
  chownMethod('image', { uses: (_, image) => [imageUse(image)] }),
  ...lockMethods('image'),
  defineMethod({
    name: 'one.image.enable',
    params: { id: int, enable: boolean },
    help: 'Lets an image be used, or keeps it from being used.',
    run(call, { id, enable }) {
      const image = call.getAuthorized('image', id, 'MANAGE');
      const change = () => (enable ? enableImage(image, users(call, image)) : disableImage(image));
      return put(call, orRefuse(`Could not ${enable ? 'enable' : 'disable'} image: `, change));
    },
  }),
  defineMethod({
    name: 'one.image.persistent',
    params: { id: int, persistent: boolean },
    help: 'Makes an image keep what VMs write, or forget it.',
    run(call, { id, persistent }) {
      const image = call.getAuthorized('image', id, 'MANAGE');
      if (image.persistent === persistent) return id;
      checkPersistence(call, image, persistent);
      const wish = persistent ? 'persistent' : 'non-persistent';
      return put(
        call,
        orRefuse(`Could not make image ${wish}: `, () => makePersistent(image, persistent)),
      );
    },
  }),
  defineMethod({
    name: 'one.image.chtype',
    params: { id: int, type: string },
    help: 'Changes the type of an image to another that its datastore can hold.',
    run(call, { id, type }) {
      const image = call.getAuthorized('image', id, 'MANAGE');
      return put(call, withType(image, type, call.services.configuration.text('DEFAULT_IMAGE_TYPE')));
    },
  }),
  defineMethod({
    name: 'one.image.restore',
    params: { id: int, datastore: int, options: string },
    help: 'Refused: restores virtual machines from images of type BACKUP, of which there are none.',
    run(call, { id, datastore, options }) {
      call.getAuthorized('image', id, 'USE');
      call.getAuthorized('datastore', datastore, 'USE');
      call.parseTemplate(options);
      throw notPossible('Can only restore images of type BACKUP');
    },
  }),
  snapshotMethod('delete', 'Deletes a snapshot of an image.'),
  snapshotMethod('revert', 'Takes an image back to one of its snapshots.'),
  snapshotMethod('flatten', 'Merges the snapshots of an image up to one of them into it.'),
];

const COMPATIBLE: readonly (readonly string[])[] = [
  ['OS', 'DATABLOCK', 'CDROM'],
  ['KERNEL', 'RAMDISK', 'CONTEXT'],
];

function withType(image: Image, type: string, defaultType: string): Image {
  const word = type.toUpperCase() || defaultType;
  const family = COMPATIBLE.find((types) => types.includes(image.type));
  if (!family) throw notPossible(`Cannot change type for${image.type} images.`);
  // An unknown word counts as an operating system until it is to be set.
  const assumed = isImageType(word) ? word : 'OS';
  if (!family.includes(assumed)) {
    throw notPossible('Cannot change image type to an incompatible type for the current datastore.');
  }
  if (word !== 'OS' && word !== 'DATABLOCK' && image.snapshots.list.length > 0) {
    throw internal('Image with snapshots can be only of type OS or DATABLOCK');
  }
  // oned adds the number of the present type to its words where it means to name the other one, and begins that far on.
  if (!isImageType(word)) throw internal('Unknown type '.slice(IMAGE_TYPE[image.type]));
  return { ...image, type: word };
}

function checkPersistence(call: Call, image: Image, persistent: boolean): void {
  const datastore = call.cloud.pools.datastore.get(image.datastoreId);
  if (!datastore) throw internal('Datastore no longer exists.');
  if (COMPATIBLE[1]?.includes(image.type)) {
    throw notPossible('KERNEL, RAMDISK and CONTEXT must be non-persistent');
  }
  if (image.type === 'BACKUP') throw notPossible('BACKUP images must be persistent');
  const entry = call.services.configuration.driver('DS_MAD_CONF', datastore.dsMad);
  if (!persistent && entry?.PERSISTENT_ONLY?.toUpperCase() === 'YES') {
    throw internal('This Datastore only accepts persistent images.');
  }
}

function snapshotMethod(verb: 'delete' | 'revert' | 'flatten', help: string): Method {
  return defineMethod({
    name: `one.image.snapshot${verb}`,
    params: { id: int, snapshot: int },
    help,
    run(call, { id, snapshot }) {
      const image = call.getAuthorized('image', id, 'MANAGE');
      try {
        put(call, startSnapshotWork(image, snapshot, `snap_${verb}`));
      } catch (error) {
        throw error instanceof WrongImageState ? notPossible(error.message) : error;
      }
      return id;
    },
  });
}

function users(call: Call, { id }: Image): number {
  return call.cloud.links.of('image.vms', id).size;
}

function orRefuse(prefix: string, change: () => Image): Image {
  try {
    return change();
  } catch (error) {
    throw error instanceof WrongImageState ? internal(`${prefix}${error.message}`) : error;
  }
}

function put(call: Call, image: Image): number {
  call.cloud.transaction(() => call.cloud.pools.image.put(image));
  return image.id;
}
