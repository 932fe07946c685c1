/** The cloud around a VM that is made or changed: images, addresses and whatever variables in its context ask for. */
import type { Vector } from '../../opennebula/template.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { refusalOf, resourceOf } from '../objects/authorization.ts';
import { type Image, ImageUnavailable } from '../objects/image.ts';
import type { LeaseOwner } from '../objects/leased-range.ts';
import { vmXml } from '../objects/vm-document.ts';
import type { Vnet } from '../objects/vnet.ts';
import { documentOf } from '../resources/documents.ts';
import { useImage } from '../resources/image-use.ts';
import { LeaseUnavailable, takeLease } from '../resources/leases.ts';
import { vmGroupOf } from '../resources/vm-groups.ts';
import type { Cloud } from '../store/cloud.ts';
import type { Surroundings } from '../vm/create-vm.ts';
import { hasImageId } from '../vm/disk.ts';
import type { DiskRules } from '../vm/disk-attributes.ts';
import type { FileReference } from '../vm/file-variables.ts';
import { InvalidTemplate } from '../vm/invalid-template.ts';
import { hasOnlyFloatingIp } from '../vm/router-nic.ts';
import { groupRules } from './group-rules.ts';

export interface SurroundingsOptions {
  readonly cloud: Cloud;
  readonly configuration: Configuration;
  readonly vmId: number;
  /** Owner of the VM: names of images and networks are his unless the template says whose. */
  readonly uid: number;
  /** The VM is there already and cannot wait for an image that is being made. */
  readonly attach?: boolean;
}

/** What is taken through these is taken for good only when the transaction around it is committed. */
export function surroundingsOf(options: SurroundingsOptions): Surroundings {
  const { cloud, configuration, vmId, uid, attach = false } = options;
  const { pools } = cloud;
  const macAtRandom = () => randomMac(configuration.text('MAC_PREFIX'));
  return {
    takeImage(disk) {
      const image = withWords(() => useImage(cloud, imageIdOf(cloud, disk, uid), vmId, { attach }));
      const datastore = pools.datastore.get(image.datastoreId);
      if (!datastore) throw new InvalidTemplate('Associated datastore for the image does not exist');
      return { image, datastore };
    },
    takeLease(nic) {
      if (!hasOnlyFloatingIp(nic)) return takeLeaseForNic(cloud, { kind: 'VM', id: vmId }, nic, uid);
      return { vnet: networkOf(cloud, nic, uid), lease: { addresses: { MAC: macAtRandom() } } };
    },
    rulesOfGroup: (id) => groupRules(cloud, id),
    findDatastore: (id) => pools.datastore.get(id),
    findFile: (reference) => fileOf(cloud, reference, uid),
    randomMac: macAtRandom,
    findVmGroup: (attribute) => vmGroupOf(cloud, attribute, uid),
    diskRules: diskRulesOf(configuration),
    inheritVnet: configuration.list('INHERIT_VNET_ATTR'),
    variables: variablesOf(cloud, uid),
  };
}

/**
 * Takes an address for a NIC in the network that it names, the one that it asks for or any.
 * @param uid whose network a name means, unless the NIC says so
 * @throws InvalidTemplate
 */
export function takeLeaseForNic(cloud: Cloud, owner: LeaseOwner, nic: Vector, uid: number) {
  const vnet = networkOf(cloud, nic, uid);
  const wanted = { ip: nic.IP, ip6: nic.IP6, mac: nic.MAC };
  const isAmbiguous = [nic.IP, nic.IP6, nic.MAC].filter(Boolean).length > 1;
  if (isAmbiguous) throw new InvalidTemplate(`Cannot get IP/MAC lease from virtual network ${vnet.id}.`);
  return { vnet, lease: withWords(() => takeLease(cloud, vnet.id, owner, wanted)) };
}

export function diskRulesOf(configuration: Configuration): DiskRules {
  return {
    devicePrefix: configuration.text('DEFAULT_DEVICE_PREFIX'),
    inheritImage: configuration.list('INHERIT_IMAGE_ATTR'),
    inheritDatastore: configuration.list('INHERIT_DATASTORE_ATTR'),
  };
}

function variablesOf(cloud: Cloud, uid: number): Surroundings['variables'] {
  const { user, image, vnet } = cloud.pools;
  const base64 = (document: string) => Buffer.from(document).toString('base64');
  return {
    user: (attribute) => user.get(uid)?.template.get(attribute),
    image: (id, attribute) => image.get(id)?.template.get(attribute),
    network(id, rangeId, attribute) {
      const network = vnet.get(id);
      const range = network?.ranges.find((candidate) => candidate.id === rangeId);
      return range?.attributes[attribute] || network?.template.get(attribute);
    },
    documents: {
      vm: (vm) => base64(vmXml(vm)),
      user: () => encoded(cloud, 'user', uid),
      image: (id) => encoded(cloud, 'image', id),
      network: (id) => encoded(cloud, 'vnet', id),
    },
  };
}

function encoded(cloud: Cloud, kind: 'user' | 'image' | 'vnet', id: number): string {
  const record = cloud.pools[kind].get(id);
  return record ? Buffer.from(documentOf(cloud, kind, record)).toString('base64') : '';
}

function imageIdOf(cloud: Cloud, disk: Vector, uid: number): number {
  if (hasImageId(disk)) return Number(disk.IMAGE_ID);
  const owner = ownerOf(cloud, disk.IMAGE_UID, disk.IMAGE_UNAME, uid);
  const image = owner === undefined ? undefined : cloud.pools.image.byName(disk.IMAGE ?? '', owner);
  if (image) return image.id;
  throw new InvalidTemplate(
    `User ${owner ?? uid} does not own an image with name: ${disk.IMAGE} . Set IMAGE_UNAME or IMAGE_UID of owner in DISK.`,
  );
}

/** The image that a file variable names, if the VM's owner may use it. @throws InvalidTemplate */
function fileOf({ pools }: Cloud, reference: FileReference, uid: number): Image {
  const image = reference.IMAGE_ID === undefined ? fileByName(pools, reference, uid) : fileById(pools, reference);
  const subject = { uid, groupIds: pools.user.get(uid)?.groupIds ?? [] };
  const rules = Array.from(pools.acl.all(), ({ rule }) => rule);
  const refusal = refusalOf(subject, [{ right: 'USE', resource: resourceOf('image', image) }], rules);
  if (refusal !== undefined) throw new InvalidTemplate('User not authorize to use image.');
  return image;
}

function fileById(pools: Cloud['pools'], { IMAGE_ID }: FileReference): Image {
  const image = pools.image.get(Number(IMAGE_ID));
  if (!image) throw new InvalidTemplate(`Image with ID: ${Number(IMAGE_ID)} does not exist`);
  return image;
}

function fileByName(pools: Cloud['pools'], { IMAGE = '', IMAGE_UID, IMAGE_UNAME }: FileReference, uid: number): Image {
  const owner = IMAGE_UID ? Number(IMAGE_UID) : IMAGE_UNAME ? (pools.user.byName(IMAGE_UNAME)?.id ?? -1) : uid;
  const image = pools.image.byName(IMAGE, owner);
  if (image) return image;
  throw new InvalidTemplate(
    `User ${owner} does not own an image with name: ${IMAGE} . Set IMAGE_UNAME or IMAGE_UID of owner.`,
  );
}

/** The network that a NIC names. @throws InvalidTemplate */
export function networkOf(cloud: Cloud, nic: Vector, uid: number): Vnet {
  if (nic.NETWORK_ID) {
    const vnet = cloud.pools.vnet.get(Number(nic.NETWORK_ID));
    if (vnet) return vnet;
    throw new InvalidTemplate(`Virtual network with ID: ${nic.NETWORK_ID} does not exist`);
  }
  const owner = ownerOf(cloud, nic.NETWORK_UID, nic.NETWORK_UNAME, uid);
  if (owner === undefined) throw new InvalidTemplate('User set in NETWORK_UNAME does not exist');
  const vnet = cloud.pools.vnet.byName(nic.NETWORK ?? '', owner);
  if (vnet) return vnet;
  throw new InvalidTemplate(
    `User ${owner} does not own a network with name: ${nic.NETWORK} . Set NETWORK_UNAME or NETWORK_UID of owner in NIC.`,
  );
}

/** Whose object a name means: by id, by the owner's name, or the VM's owner. */
function ownerOf(
  cloud: Cloud,
  ownerId: string | undefined,
  ownerName: string | undefined,
  uid: number,
): number | undefined {
  if (ownerId) return Number(ownerId);
  return ownerName ? cloud.pools.user.byName(ownerName)?.id : uid;
}

/** The words of whoever gives things out are those that the user gets. */
function withWords<T>(take: () => T): T {
  try {
    return take();
  } catch (error) {
    if (error instanceof ImageUnavailable || error instanceof LeaseUnavailable) {
      throw new InvalidTemplate(error.message, { cause: error });
    }
    throw error;
  }
}

function randomMac(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(4));
  return [prefix, ...Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))].join(':');
}
