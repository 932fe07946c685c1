/**
 * What must hold of a cloud at any time, looked at from outside: capacity, leases, images and quotas, as documents show
 * them, are the sums of what the documents of VMs say.
 */
import { findAll, findText, parseXml, type XmlElement } from '../../src/opennebula/xml.ts';
import type { XmlRpcValue } from '../../src/opennebula/xmlrpc.ts';

/** Calls a method that is to succeed, and returns its payload. */
export type Ask = (method: string, ...params: readonly XmlRpcValue[]) => Promise<XmlRpcValue>;

/** The documents that are compared. */
interface Books {
  readonly vms: readonly XmlElement[];
  readonly hosts: readonly XmlElement[];
  readonly images: readonly XmlElement[];
  readonly datastores: readonly XmlElement[];
  /** With their leases. */
  readonly networks: readonly XmlElement[];
  /** Quotas by user. */
  readonly quotas: readonly XmlElement[];
}

/** Every contradiction between the documents, in a sentence. They must come from one moment. */
export async function contradictionsIn(ask: Ask): Promise<string[]> {
  const books = await readBooks(ask);
  return [hostsAreRight, leasesAreRight, imagesAreRight, quotasAreRight, deployIdsAreUnique].flatMap((look) =>
    look(books),
  );
}

async function readBooks(ask: Ask): Promise<Books> {
  const read = async (method: string, ...params: readonly XmlRpcValue[]) =>
    parseXml(String(await ask(method, ...params)));
  const vms = await read('one.vmpool.infoextended', -2, -1, -1, -2);
  const hosts = await read('one.hostpool.info');
  const images = await read('one.imagepool.info', -2, -1, -1);
  const datastores = await read('one.datastorepool.info');
  const users = await read('one.userpool.info');
  const networks: XmlElement[] = [];
  for (const net of (await read('one.vnpool.info', -2, -1, -1)).children) {
    networks.push(await read('one.vn.info', number(net, 'ID')));
  }
  return {
    vms: vms.children,
    hosts: hosts.children,
    images: images.children,
    datastores: datastores.children,
    networks,
    quotas: findAll(users, 'QUOTAS'),
  };
}

const STATE = { ACTIVE: 3, SUSPENDED: 5, DONE: 6, POWEROFF: 8 } as const;
const LCM_RUNNING = 3;
const LCM_UNKNOWN = 16;
/** MIGRATE and SAVE_MIGRATE: capacity is held at both hosts. */
const AT_BOTH: ReadonlySet<number> = new Set([4, 7]);

function isAlive(vm: XmlElement): boolean {
  return number(vm, 'STATE') !== STATE.DONE;
}

/** Undefined while the VM is on its way: it may be listed or not. */
function isAtHost(vm: XmlElement): boolean | undefined {
  const [state, lcmState] = [number(vm, 'STATE'), number(vm, 'LCM_STATE')];
  if (state === STATE.ACTIVE) return lcmState === LCM_RUNNING || lcmState === LCM_UNKNOWN ? true : undefined;
  return state === STATE.SUSPENDED || state === STATE.POWEROFF;
}

function hostsAreRight({ vms, hosts }: Books): string[] {
  const byId = new Map(vms.map((vm) => [number(vm, 'ID'), vm]));
  const listedAt = new Map<number, number[]>();
  const wrong: string[] = [];
  for (const host of hosts) {
    const ids = idsIn(host, 'VMS');
    const here = ids.flatMap((id) => byId.get(id) ?? []);
    for (const id of ids) listedAt.set(id, [...(listedAt.get(id) ?? []), number(host, 'ID')]);
    const sum = (path: string) => here.reduce((total, vm) => total + number(vm, path), 0);
    const name = `Host ${number(host, 'ID')}`;
    same(wrong, `${name} RUNNING_VMS`, number(host, 'HOST_SHARE/RUNNING_VMS'), ids.length);
    same(wrong, `${name} CPU_USAGE`, number(host, 'HOST_SHARE/CPU_USAGE'), Math.round(sum('TEMPLATE/CPU') * 100));
    same(wrong, `${name} MEM_USAGE`, number(host, 'HOST_SHARE/MEM_USAGE'), sum('TEMPLATE/MEMORY') * 1024);
  }
  for (const vm of vms) {
    const at = listedAt.get(number(vm, 'ID')) ?? [];
    const last = findAll(vm, 'HISTORY_RECORDS/HISTORY').at(-1);
    const most = AT_BOTH.has(number(vm, 'LCM_STATE')) ? 2 : 1;
    if (at.length > most) wrong.push(`${titleOf(vm)} is listed at the hosts ${at}.`);
    const expected = isAtHost(vm);
    if (expected === true && (!last || !at.includes(number(last, 'HID'))))
      wrong.push(`${titleOf(vm)} is not listed at its host.`);
    if (expected === false && at.length > 0) wrong.push(`${titleOf(vm)} is listed at the hosts ${at}.`);
  }
  return wrong;
}

function leasesAreRight({ vms, networks }: Books): string[] {
  const wrong: string[] = [];
  const held = new Map<string, number>();
  for (const net of networks) {
    const networkId = number(net, 'ID');
    let used = 0;
    for (const range of findAll(net, 'AR_POOL/AR')) {
      const leases = findAll(range, 'LEASES/LEASE');
      used += leases.length;
      same(
        wrong,
        `Network ${networkId} range ${number(range, 'AR_ID')} USED_LEASES`,
        number(range, 'USED_LEASES'),
        leases.length,
      );
      for (const lease of leases) {
        const key = `${networkId} ${text(lease, 'MAC')}`;
        if (held.has(key)) wrong.push(`Address ${key} is leased twice.`);
        held.set(key, findText(lease, 'VM') === undefined ? OTHERS : number(lease, 'VM'));
      }
    }
    same(wrong, `Network ${networkId} USED_LEASES`, number(net, 'USED_LEASES'), used);
  }
  const wanted = new Set<string>();
  for (const vm of vms.filter(isAlive)) {
    for (const nic of [...findAll(vm, 'TEMPLATE/NIC'), ...findAll(vm, 'TEMPLATE/NIC_ALIAS')]) {
      if (text(nic, 'NETWORK_ID') === '' || text(nic, 'MAC') === '') continue;
      const key = `${number(nic, 'NETWORK_ID')} ${text(nic, 'MAC')}`;
      wanted.add(key);
      if (held.get(key) !== number(vm, 'ID')) wrong.push(`${titleOf(vm)} uses ${key}, leased to ${held.get(key)}.`);
    }
  }
  for (const [key, owner] of held)
    if (owner >= 0 && !wanted.has(key)) wrong.push(`VM ${owner} is leased ${key} in vain.`);
  return wrong;
}

/** Leases of reservations and routers; those that are held by nobody have VM -1. */
const OTHERS = -2;

/** USED, USED_PERS, LOCKED_USED, LOCKED_USED_PERS. */
const IMAGE_USED: ReadonlySet<number> = new Set([2, 8, 9, 10]);
/** LOCKED, ERROR, CLONE, DELETE: whether VMs use the image is not what they tell. */
const IMAGE_BUSY: ReadonlySet<number> = new Set([4, 5, 6, 7]);

function imagesAreRight({ vms, images, datastores }: Books): string[] {
  const users = new Map<number, Set<number>>();
  for (const vm of vms.filter(isAlive)) {
    for (const disk of findAll(vm, 'TEMPLATE/DISK')) {
      const id = text(disk, 'IMAGE_ID');
      if (id === '') continue;
      const known = users.get(Number(id)) ?? new Set();
      users.set(Number(id), known.add(number(vm, 'ID')));
    }
  }
  const wrong: string[] = [];
  for (const image of images) {
    const [id, state] = [number(image, 'ID'), number(image, 'STATE')];
    const using = [...(users.get(id) ?? [])].sort((a, b) => a - b);
    same(wrong, `Image ${id} VMS`, `${idsIn(image, 'VMS')}`, `${using}`);
    same(wrong, `Image ${id} RUNNING_VMS`, number(image, 'RUNNING_VMS'), using.length);
    same(wrong, `Image ${id} CLONING_OPS`, number(image, 'CLONING_OPS'), idsIn(image, 'CLONES').length);
    if (number(image, 'PERSISTENT') === 1 && using.length > 1)
      wrong.push(`Persistent image ${id} is used by ${using}.`);
    const isUsed = using.length > 0 || idsIn(image, 'CLONES').length > 0;
    if (!IMAGE_BUSY.has(state) && IMAGE_USED.has(state) !== isUsed) {
      wrong.push(`Image ${id} is in state ${state} with VMs ${using}.`);
    }
  }
  for (const datastore of datastores) {
    const id = number(datastore, 'ID');
    const inside = images.filter((image) => number(image, 'DATASTORE_ID') === id).map((image) => number(image, 'ID'));
    same(wrong, `Datastore ${id} IMAGES`, `${idsIn(datastore, 'IMAGES')}`, `${inside.sort((a, b) => a - b)}`);
  }
  return wrong;
}

function quotasAreRight({ vms, quotas }: Books): string[] {
  const wrong: string[] = [];
  for (const quota of quotas) {
    const uid = number(quota, 'ID');
    // The first administrator has no quotas.
    if (uid === 0) continue;
    const own = vms.filter((vm) => isAlive(vm) && number(vm, 'UID') === uid);
    const sum = (path: string) => own.reduce((total, vm) => total + number(vm, path), 0);
    const used = (meter: string) => Number(findText(quota, `VM_QUOTA/VM/${meter}_USED`) ?? 0);
    same(wrong, `User ${uid} VMS_USED`, used('VMS'), own.length);
    same(wrong, `User ${uid} CPU_USED`, Math.round(used('CPU') * 100), Math.round(sum('TEMPLATE/CPU') * 100));
    same(wrong, `User ${uid} MEMORY_USED`, used('MEMORY'), sum('TEMPLATE/MEMORY'));
  }
  return wrong;
}

function deployIdsAreUnique({ vms }: Books): string[] {
  const owners = new Map<string, string>();
  return vms.filter(isAlive).flatMap((vm) => {
    const deployId = text(vm, 'DEPLOY_ID');
    const other = owners.get(deployId);
    if (deployId !== '') owners.set(deployId, titleOf(vm));
    return deployId !== '' && other ? [`${titleOf(vm)} and ${other} are both called ${deployId}.`] : [];
  });
}

function same(wrong: string[], what: string, found: number | string, expected: number | string): void {
  if (found !== expected) wrong.push(`${what} is ${found}, not ${expected}.`);
}

function titleOf(vm: XmlElement): string {
  return `VM ${number(vm, 'ID')} (state ${number(vm, 'STATE')}, ${number(vm, 'LCM_STATE')})`;
}

function text(element: XmlElement, path: string): string {
  return findText(element, path) ?? '';
}

function number(element: XmlElement, path: string): number {
  return Number(text(element, path) || 0);
}

function idsIn(element: XmlElement, list: string): number[] {
  return findAll(element, `${list}/ID`)
    .map((id) => Number(id.text))
    .sort((a, b) => a - b);
}
