import type { ActionContext } from '../contract/action.ts';
import { isImageUrl } from '../registry/image-reference.ts';
import { fail } from './errors.ts';
import { copy } from './files.ts';
import { checkBelongsToVm, parseLocation } from './location.ts';
import { openEnds } from './move-files.ts';
import type { TransferServices } from './place.ts';

/**
 * CLONE and LN of an image that is a file: the host gets a copy of its own. What is written to a persistent one comes
 * back with MVDS.
 * @throws SOURCE_UNSUPPORTED
 */
export async function bringFile(
  source: string,
  destination: string,
  vmId: string,
  context: ActionContext & TransferServices,
): Promise<void> {
  if (isImageUrl(source)) throw fail('SOURCE_UNSUPPORTED', { source, driver: 'local' });
  const [from, to] = [parseLocation(source), parseLocation(destination)];
  checkBelongsToVm(to, vmId);
  const ends = await openEnds(from, to, context, context.signal);
  await copy(ends.from, from.path, ends.to, to.path, context.signal);
}
