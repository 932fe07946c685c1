/** What a cloud offers to the suite: where VMs run, of what, and on which network. */
import type { Client } from '../opennebula/client/client.ts';
import { findByNameOrId } from '../opennebula/client/find-object.ts';
import type { Datastore, Host, Image, Vnet } from '../opennebula/client/views.ts';
import { fail } from './errors.ts';

/** What the user has named, by name or id. */
export interface Wish {
  readonly template?: string | undefined;
  /** An image that is there, or what one can be registered from. */
  readonly image?: string | undefined;
  readonly network?: string | undefined;
  /** Where images are registered. */
  readonly datastore?: string | undefined;
}

export interface CloudUnderTest {
  readonly endpoint: string;
  readonly version: string;
  /** Virtualization driver of the hosts that the suite is for. */
  readonly driver: string;
  /** Hosts of that driver that are monitored. */
  readonly hosts: readonly Pick<Host, 'id' | 'name'>[];
  readonly templateId: number | undefined;
  /** The image of the VM's first disk; undefined: none is needed, or it is yet to be registered. */
  readonly image: Pick<Image, 'id' | 'name'> | undefined;
  /** What an image is to be registered from. */
  readonly imagePath: string | undefined;
  readonly network: Pick<Vnet, 'id' | 'name'> | undefined;
  /** Of images that are registered. */
  readonly datastoreId: number | undefined;
}

/** By preference. */
const DRIVERS = ['onedock', 'dummy'] as const;

/** @throws NOTHING_TO_TEST_ON, TEST_OBJECT_NOT_FOUND */
export async function lookAtCloud(client: Client, wish: Wish): Promise<CloudUnderTest> {
  const { endpoint } = client;
  const [version, hosts, images, networks, datastores, templates] = await Promise.all([
    client.system.version(),
    client.hostpool.info(),
    client.imagepool.info(),
    client.vnpool.info(),
    client.datastorepool.info(),
    client.templatepool.info(),
  ]);
  const monitored = hosts.objects.filter(({ state }) => state === 'MONITORED');
  const driver = DRIVERS.find((each) => monitored.some((host) => driverOf(host) === each)) ?? driverOf(monitored[0]);
  if (driver === undefined) throw fail('NOTHING_TO_TEST_ON', { endpoint });
  const datastore = chooseDatastore(datastores.objects, driver, wish.datastore);
  const named = wish.image === undefined ? undefined : findByNameOrId(images.objects, wish.image);
  const isPath = wish.image !== undefined && named === undefined;
  if (isPath && !/[/:]/.test(wish.image)) throw notFound('image', wish.image, images.objects);
  const templateId =
    wish.template === undefined ? undefined : getByName('template', templates.objects, wish.template).id;
  const usable = usableImages(images.objects, datastores.objects, driver);
  return {
    endpoint,
    version,
    driver,
    hosts: monitored.filter((host) => driverOf(host) === driver),
    templateId,
    image: templateId === undefined && !isPath ? (named ?? usable[0]) : undefined,
    imagePath: isPath ? wish.image : undefined,
    network: wish.network === undefined ? networks.objects[0] : getByName('network', networks.objects, wish.network),
    datastoreId: datastore?.id,
  };
}

const driverOf = (host: Pick<Host, 'text'> | undefined) => host?.text('VM_MAD');

function chooseDatastore(datastores: readonly Datastore[], driver: string, wanted: string | undefined) {
  if (wanted !== undefined) return getByName('datastore', datastores, wanted);
  const ofImages = datastores.filter(({ type }) => type === 'IMAGE_DS');
  return ofImages.find((each) => each.driver === driver) ?? ofImages[0];
}

/** Images that are no data and no installation media, of datastores that suit the hosts. */
function usableImages(images: readonly Image[], datastores: readonly Datastore[], driver: string): Image[] {
  const suitable = new Set(datastores.filter((each) => each.driver === driver).map(({ id }) => id));
  return images.filter(
    (image) =>
      (image.state === 'READY' || image.state === 'USED') &&
      image.number('TYPE') === OS_IMAGE &&
      !image.isPersistent &&
      suitable.has(image.datastoreId),
  );
}

/** include/Image.h, 7.4. */
const OS_IMAGE = 0;

function getByName<T extends { id: number; name: string }>(kind: string, objects: readonly T[], wanted: string): T {
  const found = findByNameOrId(objects, wanted);
  if (!found) throw notFound(kind, wanted, objects);
  return found;
}

function notFound(kind: string, wanted: string, objects: readonly { readonly name: string }[]) {
  return fail('TEST_OBJECT_NOT_FOUND', { kind, wanted, found: objects.map(({ name }) => name) });
}
