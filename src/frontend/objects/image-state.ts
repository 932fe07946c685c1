/** How images pass from state to state, by their users' wishes and their drivers' replies (src/image/ImageManager*.cc, 7.4). */
import type { ImageState } from '../../opennebula/numbers.ts';
import { type Image, imageStateWord, inState } from './image.ts';
import { Refusal } from './refusal.ts';

/** The state does not allow it. The message is oned's. */
export class WrongImageState extends Refusal {
  override name = 'WrongImageState';
}

/** @param users how many VMs use it. @throws WrongImageState */
export function enableImage(image: Image, users: number): Image {
  if (image.state === 'DISABLED') return inState(image, 'READY');
  if (image.state === 'ERROR') return unlockImage(image, users);
  if (image.state === 'READY') return image;
  throw wrongState(image);
}

/** @throws WrongImageState */
export function disableImage(image: Image): Image {
  if (image.state === 'DISABLED') return image;
  if (image.state === 'READY' || image.state === 'ERROR') return inState(image, 'DISABLED');
  throw wrongState(image);
}

const IN_USE: ReadonlySet<ImageState> = new Set(['USED', 'CLONE', 'USED_PERS', 'LOCKED_USED', 'LOCKED_USED_PERS']);

/** @throws WrongImageState */
export function makePersistent(image: Image, persistent: boolean): Image {
  if (image.snapshots.list.length > 0 && !persistent) throw new WrongImageState('Image has snapshots.');
  if (IN_USE.has(image.state)) throw wrongState(image);
  return { ...image, persistent };
}

/** Why an image cannot be removed, in oned's words; undefined when it can. */
export function removalObstacle(
  image: Image,
  { vms, clones }: { readonly vms: number; readonly clones: number },
): string | undefined {
  if (image.state === 'CLONE') return `There are ${clones} active clone operations.`;
  return IN_USE.has(image.state) || (image.state === 'READY' && vms > 0) ? `There are ${vms} VMs using it.` : undefined;
}

/** The image from which a copy begins to be made. @throws WrongImageState */
export function startCloning(image: Image): Image {
  if (image.state === 'READY') return inState(image, image.persistent ? 'CLONE' : 'USED');
  if (image.state === 'USED' || image.state === 'CLONE') return image;
  throw new WrongImageState(`Cannot clone image in state: ${imageStateWord(image.state)}`);
}

/** The image when a copy of it is finished or given up. */
export function endCloning(image: Image, { vms, clones }: { readonly vms: number; readonly clones: number }): Image {
  const idle = clones === 0 && vms === 0;
  return idle && (image.state === 'USED' || image.state === 'CLONE') ? inState(image, 'READY') : image;
}

/** The image once it is in its datastore: what waited for it goes on. */
export function unlockImage(image: Image, users: number): Image {
  const used: ImageState = image.persistent ? 'USED_PERS' : 'USED';
  const UNLOCKED: Partial<Record<ImageState, ImageState>> = {
    LOCKED: 'READY',
    LOCKED_USED: 'USED',
    LOCKED_USED_PERS: 'USED_PERS',
    ERROR: users === 0 ? 'READY' : used,
  };
  const unlocked = UNLOCKED[image.state];
  return unlocked === undefined ? image : inState(image, unlocked);
}

/** @param stamp time as `logTime` prints it */
export function failImage(image: Image, message: string, stamp: string): Image {
  const template = image.template.clone().set('ERROR', `${stamp} : ${message}`);
  return inState({ ...image, cloningId: -1, template }, 'ERROR');
}

function wrongState({ state }: Image): WrongImageState {
  return new WrongImageState(`Image cannot be in state ${imageStateWord(state)}.`);
}
