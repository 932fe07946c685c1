/** VMs that wait for images which are still being made (CLONING): they go on when the last one is there. */
import type { Image } from '../objects/image.ts';
import type { Vm } from '../objects/vm.ts';
import type { Cloud } from '../store/cloud.ts';
import { disksOf } from '../vm/disk.ts';
import { edited, without } from '../vm/edit-template.ts';
import type { Dispatcher } from './dispatcher.ts';

/** Watches images until disposed. VMs whose images came while nobody watched are seen to at once. */
export function watchCloning(cloud: Cloud, dispatcher: Dispatcher): Disposable {
  for (const phase of ['CLONING', 'CLONING_FAILURE'] as const) {
    for (const id of [...cloud.pools.vm.ids('phase', phase)]) lookAtImages(cloud, dispatcher, id);
  }
  return cloud.subscribe((changes) => {
    for (const change of changes) {
      if (change.kind !== 'image' || change.before?.state === change.after?.state) continue;
      for (const vmId of [...cloud.links.of('image.vms', change.id)]) lookAtImages(cloud, dispatcher, vmId);
    }
  });
}

/** Looks whether the images of a waiting VM are there. */
function lookAtImages(cloud: Cloud, dispatcher: Dispatcher, vmId: number): void {
  const vm = cloud.pools.vm.get(vmId);
  if (vm?.phase !== 'CLONING' && vm?.phase !== 'CLONING_FAILURE') return;
  const images = disksOf(vm)
    .filter((disk) => disk.CLONING === 'YES')
    .map((disk) => cloud.pools.image.get(Number(disk.IMAGE_ID)));
  const there = images.filter((image) => image !== undefined).filter(isUsed);
  const next =
    there.length === images.length
      ? 'images-ready'
      : images.some((image) => !image || image.state === 'ERROR')
        ? 'images-failed'
        : undefined;
  if (!next) return;
  cloud.transaction(() => {
    dispatcher.apply(withImages(vm, there), { name: next });
  });
}

function isUsed({ state }: Image): boolean {
  return state === 'USED' || state === 'USED_PERS';
}

/** The disks learn what their images have become. */
function withImages(vm: Vm, images: readonly Image[]): Vm {
  const template = edited(vm.template, (copy) => {
    const disks = copy.vectors('DISK');
    copy.delete('DISK');
    for (const disk of disks) {
      const image = images.find(({ id }) => String(id) === disk.IMAGE_ID);
      const format = image?.format.toLowerCase() ?? '';
      if (!image || disk.CLONING !== 'YES') copy.add('DISK', disk);
      else {
        const known = format === '' ? {} : { FORMAT: format, DRIVER: format };
        copy.add('DISK', { ...without(disk, 'CLONING'), SOURCE: image.source, ...known });
      }
    }
  });
  return { ...vm, template };
}
