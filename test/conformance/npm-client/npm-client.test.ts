/**
 * npm's client `opennebula`, unmodified, against the embedded front-end with dummy drivers. It calls back, reads documents
 * by xml2js, and sends its sessions as OpenNebula's other clients do.
 */
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '../../../src/opennebula/client/wait.ts';
import { type DummyFrontend, startDummyFrontend } from '../../support/dummy-frontend.ts';
import { loadNpmPackage } from '../../support/npm-package.ts';

type Callback<T> = (error: Error | null, value: T) => void;
/** As xml2js reads an element: texts, and arrays where a name comes more than once. */
type Element = { readonly [name: string]: string | Element | readonly Element[] | undefined };

/** An object of the cloud, as the client shows it. */
interface Resource {
  readonly id: number;
  // biome-ignore lint/suspicious/noExplicitAny: its methods differ by kind, and take a callback as the last argument.
  readonly [method: string]: any;
}

interface Client {
  version(callback: Callback<string>): void;
  config(callback: Callback<Element>): void;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly [method: string]: any;
}

const STATE_RUNNING = '3';

let frontend: DummyFrontend;
let one: Client;

/** Calls a method that ends with a callback. */
const call = <T = Element>(target: Client | Resource, method: string, ...given: readonly unknown[]): Promise<T> =>
  promisify(target[method]).call(target, ...given) as Promise<T>;

/** Calls a method of the client that lists: its callback comes first. */
const list = (method: string): Promise<readonly Element[]> => call(one, method);

/** Makes an object. What the client hands out for one cannot be called, and has `{}` as its id instead of 0. */
async function make(kind: 'Image' | 'VNet' | 'Template', ...given: readonly unknown[]): Promise<Resource> {
  const { id } = await call<{ id: number | object }>(one, `create${kind}`, ...given);
  return one[`get${kind}`](typeof id === 'number' ? id : 0);
}

async function read(resource: Resource, kind: string): Promise<Element> {
  return ((await call(resource, 'info')) as Record<string, Element>)[kind] as Element;
}

async function becomes(resource: Resource, kind: string, expected: Element): Promise<void> {
  await waitUntil({
    awaited: `${kind} ${resource.id} shows ${JSON.stringify(expected)}`,
    look: () => read(resource, kind),
    done: (shown) => Object.entries(expected).every(([name, value]) => shown[name] === value),
    describe: (shown) => JSON.stringify(shown).slice(0, 500),
    timeoutSeconds: 60,
  });
}

beforeAll(async () => {
  const OpenNebula = (await loadNpmPackage('opennebula', '1.0.12')) as new (
    session: string,
    endpoint: string,
  ) => Client;
  frontend = await startDummyFrontend({ hosts: 1 });
  one = new OpenNebula(frontend.session, frontend.endpoint);
});

afterAll(() => frontend?.[Symbol.asyncDispose]());

describe('opennebula 1.0.12', () => {
  it('reads the version and the configuration', async () => {
    expect(await call<string>(one, 'version')).toBe('7.4.0');
    expect(await call(one, 'config')).toMatchObject({ OPENNEBULA_CONFIGURATION: { PORT: '2633' } });
  });

  it.each([
    ['getHosts', 'dummy-1'],
    ['getClusters', 'default'],
    ['getGroups', 'users'],
    ['getUsers', 'serveradmin'],
    ['getDatastores', 'files'],
    ['getZones', 'OpenNebula'],
  ])('lists by %s', async (method, name) => {
    expect((await list(method)).map(({ NAME }) => NAME)).toContain(name);
  });

  it('makes an image, changes it and removes it', async () => {
    const template = 'NAME = "data"\nTYPE = "DATABLOCK"\nSIZE = "8"';
    const image = await make('Image', template, frontend.datastoreId);
    await becomes(image, 'IMAGE', { STATE: '1', PERSISTENT: '0' });
    await call(image, 'persistent', true);
    await call(image, 'rename', 'disk');
    await call(image, 'update', 'NOTE = "kept"', 1);
    expect(await read(image, 'IMAGE')).toMatchObject({ NAME: 'disk', PERSISTENT: '1', TEMPLATE: { NOTE: 'kept' } });
    await call(image, 'delete');
    await waitUntil({
      awaited: 'the image is gone',
      look: () => list('getImages'),
      done: (images) => !images.some((shown) => shown?.NAME === 'disk'),
      describe: JSON.stringify,
      timeoutSeconds: 60,
    });
  });

  it('makes a network, holds an address and reserves some', async () => {
    const range = 'AR = [ TYPE = "IP4", IP = "192.0.2.1", SIZE = "10" ]';
    const network = await make('VNet', `NAME = "net"\nVN_MAD = "dummy"\nBRIDGE = "vbr0"\n${range}`, -1);
    await call(network, 'hold', 'LEASES = [ IP = "192.0.2.3" ]');
    await call(network, 'reserve', 'SIZE = "2"\nNAME = "mine"');
    expect(await read(network, 'VNET')).toMatchObject({ STATE: '1', USED_LEASES: '3' });
    await call(network, 'release', 'LEASES = [ IP = "192.0.2.3" ]');
    expect(await read(network, 'VNET')).toMatchObject({ USED_LEASES: '2' });
  });

  it('takes a VM through its life', async () => {
    const template = await make('Template', 'NAME = "small"\nCPU = "0.1"\nMEMORY = "64"\nNIC = [ NETWORK = "net" ]');
    await call(template, 'instantiate', 'web', undefined, undefined);
    const [made] = await list('getVMs');
    const vm: Resource = one.getVM(Number(made?.ID));
    await becomes(vm, 'VM', { LCM_STATE: STATE_RUNNING });
    expect(await read(vm, 'VM')).toMatchObject({ NAME: 'web', TEMPLATE: { NIC: { NETWORK: 'net' } } });
    await call(vm, 'attachNIC', 'NIC = [ NETWORK = "net" ]');
    await becomes(vm, 'VM', { LCM_STATE: STATE_RUNNING });
    await call(vm, 'action', 'poweroff');
    await becomes(vm, 'VM', { STATE: '8' });
    await call(vm, 'resize', 'CPU = "0.2"', true);
    await call(vm, 'action', 'resume');
    await becomes(vm, 'VM', { LCM_STATE: STATE_RUNNING });
    expect((await list('getVMs')).map(({ NAME }) => NAME)).toEqual(['web']);
    await call(vm, 'action', 'terminate-hard');
    await becomes(vm, 'VM', { STATE: '6' });
  });

  it('gets the words of what is refused', async () => {
    await expect(call(one.getVM(4711), 'info')).rejects.toThrow('[one.vm.info] Error getting virtual machine [4711].');
    await expect(call(one, 'createTemplate', 'CPU = [')).rejects.toThrow('[one.template.allocate]');
  });
});
