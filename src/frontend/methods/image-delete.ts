/** `one.image.delete` (src/rm/api/ImageAPI.cc, src/image/ImageManagerActions.cc, 7.4). */
import { beginRemoval } from '../images/image-removal.ts';
import type { Image } from '../objects/image.ts';
import { removalObstacle } from '../objects/image-state.ts';
import { deleteRulesOn } from '../resources/acl-rules.ts';
import { imageUsers } from '../resources/image-use.ts';
import { internal, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, optional } from './method.ts';

export const deleteImageMethod = defineMethod({
  name: 'one.image.delete',
  params: { id: int, force: optional(boolean, false) },
  help: 'Removes an image. Its driver does so behind the answer; by force it goes even when the driver fails.',
  run(call, { id, force }) {
    const image = call.get('image', id);
    const beingMade = image.state.startsWith('LOCKED');
    call.authorize(call.on('image', image, beingMade ? 'ADMIN' : 'MANAGE'));
    if (beingMade && !force) {
      throw internal(
        'Image locked, use --force flag to remove the image. Force delete may leave some files on Datastore',
      );
    }
    startRemoval(call, image, force);
    return id;
  },
});

/** Rules on the image are gone before its driver has answered. @throws ApiError ACTION */
export function startRemoval(call: Call, image: Image, force = false): void {
  const { cloud } = call;
  const obstacle = removalObstacle(image, imageUsers(cloud, image.id));
  if (obstacle !== undefined) throw notPossible(`Cannot delete image. ${obstacle}`);
  cloud.transaction(() => {
    beginRemoval(cloud, force ? { ...image, template: image.template.clone().set('FORCE_DELETE', 'YES') } : image);
    deleteRulesOn(cloud, 'image', image.id);
  });
}
