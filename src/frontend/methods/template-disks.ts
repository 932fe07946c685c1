/** Disks and NICs of VM templates, and the images and networks that they name. */
import { Template, type Vector } from '../../opennebula/template.ts';
import type { Image } from '../objects/image.ts';
import { diskFromImage } from '../vm/disk-attributes.ts';
import type { Call } from './call.ts';
import { findNetwork } from './networks.ts';

/** The image of a DISK, by id, or by name and owner; the caller is the owner unless the disk says otherwise. */
export function imageOfDisk(call: Call, disk: Vector): Image | undefined {
  const { image: images, user: users } = call.cloud.pools;
  if (disk.IMAGE_ID !== undefined && /^\d+$/.test(disk.IMAGE_ID)) return images.get(Number(disk.IMAGE_ID));
  if (!disk.IMAGE) return undefined;
  const byName = disk.IMAGE_UNAME ? users.byName(disk.IMAGE_UNAME)?.id : undefined;
  const uid = disk.IMAGE_UID !== undefined ? Number(disk.IMAGE_UID) : (byName ?? call.uid);
  return images.byName(disk.IMAGE, uid);
}

/** Each image once. */
export function imagesOfDisks(call: Call, template: Template): Image[] {
  const images = template.vectors('DISK').flatMap((disk) => imageOfDisk(call, disk) ?? []);
  return [...new Map(images.map((image) => [image.id, image])).values()];
}

/** Ids that disks give of images that there are not. */
export function missingImages(call: Call, template: Template): number[] {
  const ids = template.vectors('DISK').map(({ IMAGE_ID }) => (/^\d+$/.test(IMAGE_ID ?? '') ? Number(IMAGE_ID) : -1));
  return [...new Set(ids)].filter((id) => id >= 0 && !call.cloud.pools.image.get(id));
}

/** A template with nothing but this disk. */
export function diskOnly(disk: Vector): Template {
  return new Template([['DISK', disk]]);
}

/** The template with its disks and NICs as a VM would get them, less what is settled only then. */
export function withDiskAttributes(call: Call, template: Template): Template {
  const { configuration } = call.services;
  const rules = {
    devicePrefix: configuration.text('DEFAULT_DEVICE_PREFIX'),
    inheritImage: configuration.list('INHERIT_IMAGE_ATTR'),
    inheritDatastore: configuration.list('INHERIT_DATASTORE_ATTR'),
  };
  const numbers = new Map(template.vectors('DISK').map((disk, number) => [disk, number]));
  return new Template(
    template.attributes.map(([name, value]) => {
      if ((name === 'NIC' || name === 'NIC_ALIAS') && typeof value !== 'string')
        return [name, withNetworkId(call, value)] as const;
      if (name !== 'DISK' || typeof value === 'string') return [name, value] as const;
      const image = imageOfDisk(call, value);
      const datastore = image && call.cloud.pools.datastore.get(image.datastoreId);
      const disk = { ...value, DISK_ID: String(numbers.get(value)) };
      return [name, image && datastore ? diskFromImage(disk, image, datastore, rules).disk : disk] as const;
    }),
  );
}

function withNetworkId(call: Call, nic: Vector): Vector {
  const vnet = findNetwork(call, nic);
  return vnet ? { ...nic, NETWORK_ID: String(vnet.id) } : nic;
}
