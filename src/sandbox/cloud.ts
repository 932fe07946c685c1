/**
 * The contents of a sandbox's cloud, made through the API. Each function makes an object if there is none of its name,
 * so it can be repeated, and resolves when the object can be used.
 */
import type { Client } from '../opennebula/client/client.ts';
import { HOST_STATUS, UPDATE } from '../opennebula/client/constants.ts';
import {
  following,
  type WaitOptions,
  waitForHost,
  waitForImage,
  waitForVm,
  waitUntil,
  waitUntilGone,
} from '../opennebula/client/wait.ts';
import { type Attribute, parseTemplate, printTemplate, Template } from '../opennebula/template.ts';
import type { ImageDeclaration, TemplateDeclaration, VmDeclaration } from './configuration.ts';
import { BRIDGE, type NetworkRange } from './layout.ts';
import { ONEDOCK } from './plan.ts';
import type { VmNetworkDevice } from './testbed.ts';

/**
 * Makes an image datastore and waits until its space is known: before that nothing can be registered in it.
 * @param builders  hosts that build images from a Dockerfile
 */
export async function ensureDatastore(
  client: Client,
  name: string,
  builders: readonly string[],
  options: WaitOptions,
): Promise<number> {
  const template: Attribute[] = [
    ['NAME', name],
    ['DS_MAD', ONEDOCK],
    ['TM_MAD', ONEDOCK],
    ...(builders.length === 0 ? [] : ([['BRIDGE_LIST', builders.join(' ')]] as const)),
  ];
  const id = (await idOf(client.datastorepool.info(), name)) ?? (await client.datastore.allocate(print(template)));
  await waitUntil({
    awaited: `Datastore ${name} monitored`,
    ...following(client.follow('datastore', id)),
    done: (datastore) => datastore.number('TOTAL_MB') > 0,
    describe: () => 'of unknown size',
    ...options,
  });
  return id;
}

/**
 * Gives the system datastore of a fresh OpenNebula the driver of this name. Its own `local` would want qemu-img on hosts
 * for disks, and hosts that log in to each other to move the directory of a VM.
 */
export async function ensureSystemDriver(client: Client, driver: string): Promise<void> {
  const system = await client.datastore.info(SYSTEM_DATASTORE_ID);
  if (system.text('TM_MAD') !== driver)
    await client.datastore.update(SYSTEM_DATASTORE_ID, print([['TM_MAD', driver]]), UPDATE.APPEND);
}

/** As oned numbers those of its first start. */
const SYSTEM_DATASTORE_ID = 0;

export interface NetworkOptions {
  readonly device: VmNetworkDevice;
  /** `bridge` unless given. */
  readonly driver?: string;
  /** More of its template. */
  readonly attributes?: string;
  /** Addresses that VMs are told. */
  readonly nameServers?: readonly string[];
  /** Domain of its VMs; the name servers know it. */
  readonly zone?: string | undefined;
}

export async function ensureNetwork(
  client: Client,
  range: NetworkRange,
  { device, driver = 'bridge', attributes = '', nameServers = [], zone }: NetworkOptions,
): Promise<number> {
  const { name, firstAddress, size, networkAddress, netmask, gateway } = range;
  const template: Attribute[] = [
    ['NAME', name],
    ['VN_MAD', driver],
    ['BRIDGE', BRIDGE],
    ['PHYDEV', device.port],
    ...(device.mtu === undefined ? [] : ([['MTU', String(device.mtu)]] as const)),
    ['NETWORK_ADDRESS', networkAddress],
    ['NETWORK_MASK', netmask],
    ['GATEWAY', gateway],
    ...(nameServers.length === 0 ? [] : ([['DNS', nameServers.join(' ')]] as const)),
    ...(zone === undefined
      ? []
      : ([
          ['DNS_ZONE', zone],
          ['SEARCH_DOMAIN', zone],
        ] as const)),
    ['AR', { TYPE: 'IP4', IP: firstAddress, SIZE: String(size) }],
  ];
  return (await idOf(client.vnpool.info(), name)) ?? client.vn.allocate(print(template, attributes));
}

/** Registers a host and waits until it is monitored. One in error is enabled: it is then looked at without delay. */
export async function ensureHost(client: Client, name: string, options: WaitOptions): Promise<number> {
  const found = (await client.hostpool.info()).objects.find((host) => host.name === name);
  if (found?.state === 'ERROR') await client.host.status(found.id, HOST_STATUS.ENABLED);
  const id = found?.id ?? (await client.host.allocate(name, ONEDOCK, ONEDOCK));
  await waitForHost(client, id, 'MONITORED', options);
  return id;
}

/** Registers an image and waits until it is ready. @param path  as the front-end's drivers find it */
export async function ensureImage(
  client: Client,
  image: ImageDeclaration,
  path: string | undefined,
  signal: AbortSignal,
): Promise<number> {
  const found = await idOf(client.imagepool.info(), image.name);
  const id = found ?? (await registerImage(client, image, path));
  await waitForImage(client, id, 'READY', { signal, timeoutSeconds: 3600 });
  return id;
}

async function registerImage(client: Client, image: ImageDeclaration, path: string | undefined): Promise<number> {
  const datastores = await client.datastorepool.info();
  const datastore = datastores.objects.find(({ name }) => name === image.datastore);
  const template: Attribute[] = [
    ['NAME', image.name],
    ['TYPE', image.type],
    ['PERSISTENT', image.persistent ? 'YES' : 'NO'],
    ...(path === undefined ? [] : ([['PATH', path]] as const)),
    ...(image.sizeMb === undefined ? [] : ([['SIZE', String(image.sizeMb)]] as const)),
  ];
  return client.image.allocate(print(template, image.attributes), datastore?.id ?? -1);
}

export async function ensureTemplate(client: Client, declared: TemplateDeclaration): Promise<number> {
  const { name, cpu, memoryMb, image, disks, networks, attributes } = declared;
  const template: Attribute[] = [
    ['NAME', name],
    ['CPU', String(cpu)],
    ['MEMORY', String(memoryMb)],
    ...[image, ...disks].map((disk) => ['DISK', { IMAGE: disk }] as const),
    ...networks.map((network) => ['NIC', { NETWORK: network }] as const),
    ['CONTEXT', { NETWORK: 'YES', SSH_PUBLIC_KEY: '$USER[SSH_PUBLIC_KEY]' }],
  ];
  return (await idOf(client.templatepool.info(), name)) ?? client.template.allocate(print(template, attributes));
}

/** Makes a VM of a template and waits until it runs. One that exists is left in the state in which it is. */
export async function ensureVm(
  client: Client,
  { name, template }: VmDeclaration,
  options: WaitOptions,
): Promise<number> {
  const found = await idOf(client.vmpool.info(), name);
  if (found !== undefined) return found;
  const templateId = (await idOf(client.templatepool.info(), template)) ?? -1;
  const id = await client.template.instantiate(templateId, name);
  await waitForVm(client, id, 'RUNNING', options);
  return id;
}

/** Terminates a VM at once and waits until it is gone. */
export async function removeVm(client: Client, id: number, signal: AbortSignal): Promise<void> {
  await client.vm.action('terminate-hard', id);
  await waitUntilGone(client, id, { signal });
}

async function idOf(pool: Promise<Iterable<{ id: number; name: string }>>, name: string): Promise<number | undefined> {
  for (const object of await pool) if (object.name === name) return object.id;
  return undefined;
}

/** What the user adds replaces attributes of the same names, as OpenNebula's own append does. */
function print(attributes: readonly Attribute[], more = ''): string {
  const template = new Template(attributes);
  return printTemplate(more === '' ? template : template.merge(parseTemplate(more)));
}
