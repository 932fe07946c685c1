/** Disks that are being saved: the copy begins when the datastore has made a place for the image. */
import type { Image } from '../objects/image.ts';
import { isSaving } from '../objects/image-template.ts';
import type { Cloud } from '../store/cloud.ts';
import type { Dispatcher } from './dispatcher.ts';

/** Watches images until disposed. Those that were made while nobody watched are seen to at once. */
export function watchSaving(cloud: Cloud, dispatcher: Dispatcher): Disposable {
  for (const image of cloud.pools.image.all()) lookAtImage(cloud, dispatcher, image.id, image);
  return cloud.subscribe((changes) => {
    for (const change of changes) {
      if (change.kind !== 'image') continue;
      const { id, before, after } = change;
      if (before?.source === after?.source && before?.state === after?.state) continue;
      lookAtImage(cloud, dispatcher, id, after ?? before);
    }
  });
}

/** @param known the image as it is, or was before it was removed */
function lookAtImage(cloud: Cloud, dispatcher: Dispatcher, id: number, known: Image | undefined): void {
  if (!known || !isSaving(known.template)) return;
  const vm = cloud.pools.vm.get(Number(known.template.get('SAVED_VM_ID')));
  if (vm?.operation?.kind !== 'disk-saveas' || vm.operation.imageId !== id || vm.operation.source !== '') return;
  const image = cloud.pools.image.get(id);
  const isLost = !image || image.state === 'ERROR';
  if (!isLost && image.source === '') return;
  cloud.transaction(() => {
    dispatcher.apply(vm, isLost ? { name: 'failed' } : { name: 'image-made', output: image.source });
  });
}
