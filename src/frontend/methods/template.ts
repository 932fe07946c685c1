/** `one.template.*` and `one.templatepool.*` (src/rm/api/TemplateAPI.cc, 7.4). */
import type { Template } from '../../opennebula/template.ts';
import { hypervisorTest } from '../configuration/hypervisors.ts';
import type { Image } from '../objects/image.ts';
import { restrictedIn } from '../objects/restricted.ts';
import type { VmTemplate } from '../objects/vm-template.ts';
import { vmTemplateXml, vmTemplateXmlWith } from '../objects/vm-template.ts';
import { checkRaw } from '../vm/host-devices.ts';
import { InvalidTemplate } from '../vm/invalid-template.ts';
import { withCheckedSchedActions } from '../vm/sched-actions.ts';
import { ApiError, internal, notAuthorized, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { cloneImage } from './image-clone.ts';
import { startRemoval } from './image-delete.ts';
import { boolean, defineMethod, int, type Method, optional, string } from './method.ts';
import { makeOrSpendFirstId, namingObstacle, ownedByCaller } from './standard/allocate.ts';
import { CHMOD_PARAMS, changeMode } from './standard/chmod.ts';
import { chownMethod } from './standard/chown.ts';
import { removeObject } from './standard/delete.ts';
import { ownedPoolMethod } from './standard/info.ts';
import { lockMethods } from './standard/lock.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';
import { diskOnly, imagesOfDisks, missingImages, withDiskAttributes } from './template-disks.ts';
import { deviceDemands } from './vm-devices.ts';

export const templateMethods: readonly Method[] = [
  defineMethod({
    name: 'one.template.allocate',
    params: { template: string },
    help: 'Keeps a VM template.',
    run(call, { template: source }) {
      const template = call.parseTemplate(source);
      call.authorize(call.creation('template'));
      const restricted = call.isAdmin
        ? undefined
        : restrictedIn(template, call.services.configuration.list('VM_RESTRICTED_ATTR'));
      if (restricted !== undefined) throw notAuthorized(`VM Template includes a restricted attribute ${restricted}`);
      return createTemplate(call, template);
    },
  }),
  defineMethod({
    name: 'one.template.info',
    params: { id: int, extended: optional(boolean, false), decrypt: optional(boolean, false) },
    help: 'Shows a VM template; extended, its disks with what their images give to a VM.',
    run(call, { id, extended, decrypt }) {
      const template = call.readable('template', call.get('template', id), decrypt);
      const devices = extended ? deviceDemands(call, template.template) : [];
      const demands = [call.on('template', template, 'USE'), ...devices];
      call.authorize(...demands.map((demand) => ({ ...demand, despiteLock: true })));
      return extended
        ? vmTemplateXmlWith(template, withDiskAttributes(call, template.template))
        : vmTemplateXml(template);
    },
  }),
  ownedPoolMethod('template'),
  updateMethod('template', {
    restricted: 'VM_RESTRICTED_ATTR',
    apply: (call, record, template) => ({ ...record, template: checked(call, template) }),
  }),
  renameMethod('template'),
  defineMethod({
    name: 'one.template.chmod',
    params: { ...CHMOD_PARAMS, recursive: optional(boolean, false) },
    help: 'Changes permission bits of a VM template, recursively also those of the images of its disks.',
    run(call, { id, recursive, ...bits }) {
      changeMode(call, 'template', id, Object.values(bits));
      if (recursive) {
        const { template } = call.get('template', id);
        const missing = missingImages(call, template);
        const images = imagesOfDisks(call, template);
        const refused = eachImage(images, (image) => changeMode(call, 'image', image.id, Object.values(bits)));
        refused.push(...missing);
        refused.sort((a, b) => a - b);
        if (refused.length > 0) throw notPossible(`Cannot chmod image: ${refused.join(',')}`);
      }
      return id;
    },
  }),
  chownMethod('template'),
  ...lockMethods('template'),
  defineMethod({
    name: 'one.template.delete',
    params: { id: int, recursive: optional(boolean, false) },
    help: 'Removes a VM template, recursively also the images of its disks.',
    run(call, { id, recursive }) {
      const template = call.getAuthorized('template', id, 'MANAGE');
      const images = recursive ? imagesOfDisks(call, template.template) : [];
      removeObject(call, 'template', template, {});
      const refused = eachImage(images, (image) => {
        call.authorize(call.on('image', image, 'MANAGE'));
        startRemoval(call, image);
      });
      if (refused.length > 0) {
        const text = `Template ${id} deleted, unable to recursively delete image: ${refused.join(',')}`;
        call.services.log('ReM', 'warning', text);
      }
      return id;
    },
  }),
  defineMethod({
    name: 'one.template.clone',
    params: { id: int, name: string, recursive: optional(boolean, false) },
    help: 'Copies a VM template under another name, recursively also the images of its disks.',
    run: (call, { id, name, recursive }) => cloneTemplate(call, call.get('template', id), name, { recursive }),
  }),
];

export interface CloneOptions {
  /** Copies the images of the disks too. */
  readonly recursive?: boolean;
  /** The copies of images are persistent. */
  readonly persistent?: boolean;
  /** Merged into the copy. */
  readonly extra?: Template;
}

/** Makes a copy of a VM template that the caller owns. @throws ApiError */
export function cloneTemplate(call: Call, template: VmTemplate, name: string, options: CloneOptions = {}): number {
  const copy = template.template.clone();
  if (options.extra) copy.merge(options.extra);
  copy.set('NAME', name);
  call.authorizeCopy('template', template);
  checkName(call, name);
  return call.cloud.transaction(() =>
    createTemplate(call, options.recursive ? withClonedImages(call, copy, name, options.persistent ?? false) : copy),
  );
}

/** oned makes the copy before those of the images, and takes it out again: its id is spent. Within a transaction. */
function imagesNotCloned({ cloud }: Call, reason: string): ApiError {
  cloud.afterRollBack(() => cloud.pools.template.nextId());
  return notPossible(`Failed to clone images: ${reason}`);
}

/** Attributes of a DISK that told which image it was, and no longer do. */
const REPLACED = ['IMAGE', 'IMAGE_UNAME', 'IMAGE_UID', 'OPENNEBULA_MANAGED'];

function withClonedImages(call: Call, template: Template, name: string, persistent: boolean): Template {
  const copy = template.clone();
  for (const [number, disk] of copy.vectors('DISK').entries()) {
    const [image] = imagesOfDisks(call, diskOnly(disk));
    if (missingImages(call, diskOnly(disk)).length > 0) throw imagesNotCloned(call, '');
    if (!image) continue;
    const cloneId = cloneOrRefuse(call, image, `${name}-disk-${number}`, persistent);
    for (const attribute of REPLACED) delete disk[attribute];
    disk.IMAGE_ID = String(cloneId);
  }
  return copy;
}

function cloneOrRefuse(call: Call, image: Image, name: string, persistent: boolean): number {
  try {
    return cloneImage(call, image.id, name, { persistent });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw imagesNotCloned(call, error.reason);
  }
}

function createTemplate(call: Call, given: Template): number {
  const name = given.get('NAME') ?? '';
  checkName(call, name);
  const { template: pool } = call.cloud.pools;
  return makeOrSpendFirstId(call, 'template', () => {
    const template = orRefuse(() => checked(call, given.clone().delete('NAME')));
    return call.cloud.transaction(() => {
      const id = pool.nextId();
      return pool.put({ id, name, ...ownedByCaller(call), registeredAt: call.services.clock.now(), template }).id;
    });
  });
}

/** @throws ApiError INTERNAL */
function checkName(call: Call, name: string): void {
  const obstacle = namingObstacle(call, 'template', name, call.uid);
  if (obstacle !== undefined) throw internal(obstacle);
}

/** @throws InvalidTemplate, InvalidSchedAction */
function checked(call: Call, template: Template): Template {
  checkRaw(template.vector('RAW'), hypervisorTest(call.services.configuration));
  return withCheckedSchedActions(template);
}

/** @throws ApiError INTERNAL */
function orRefuse<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof InvalidTemplate ? internal(error.message) : error;
  }
}

/** Does something with each image. @returns ids of those with which it is refused */
function eachImage(images: readonly Image[], act: (image: Image) => void): number[] {
  return images.flatMap((image) => {
    try {
      act(image);
      return [];
    } catch (error) {
      if (error instanceof ApiError) return [image.id];
      throw error;
    }
  });
}
