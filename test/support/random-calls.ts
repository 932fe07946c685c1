/**
 * Calls of the API at random, with what was made before as their objects: sensible ones mostly, so that they get far,
 * and many that must be refused.
 */
import type { XmlRpcValue } from '../../src/opennebula/xmlrpc.ts';
import { below, pick, pickWeighted, type Random } from './random.ts';

export interface RandomCall {
  readonly method: string;
  readonly params: readonly XmlRpcValue[];
  /** Takes note of an id that was answered. */
  readonly made?: (id: number) => void;
}

/** Ids that calls choose from; what is gone stays in the lists. */
export class Playground {
  readonly vms: number[] = [];
  readonly images: number[] = [];
  readonly networks: number[] = [];
  readonly hosts: number[] = [];
  readonly templates: number[] = [];
  readonly imageDatastoreId: number;
  readonly systemDatastoreId: number;
  readonly #prefix: string;
  #names = 0;

  /** @param options.prefix  of all names, for several playgrounds in one cloud */
  constructor(options: {
    readonly imageDatastoreId: number;
    readonly systemDatastoreId: number;
    readonly prefix?: string;
  }) {
    this.imageDatastoreId = options.imageDatastoreId;
    this.systemDatastoreId = options.systemDatastoreId;
    this.#prefix = options.prefix ?? '';
  }

  /** A name that none has yet. */
  name(kind: string): string {
    return `${this.#prefix}${kind}-${++this.#names}`;
  }
}

/** The next call. Objects of every kind must have been made before: `fillPlayground` does. */
export function nextCall(ground: Playground, random: Random, kinds: readonly CallKind[] = CALL_KINDS): RandomCall {
  return pickWeighted(kinds, random).make(ground, random);
}

/** Calls that make some of each kind. Each is to be made before the next is asked for. */
export function* fillingCalls(ground: Playground): Generator<RandomCall> {
  for (let i = 0; i < 3; i++) yield newHost(ground);
  yield newImage(ground, false);
  yield newImage(ground, true);
  yield newNetwork(ground);
  yield newTemplate(ground);
}

/** A kind of call, and how often it is made beside the others. */
export interface CallKind {
  readonly weight: number;
  readonly method: string;
  readonly make: (ground: Playground, random: Random) => RandomCall;
}

const ACTIONS = [
  ...['terminate', 'terminate', 'terminate-hard', 'poweroff', 'poweroff-hard', 'resume', 'resume', 'suspend', 'stop'],
  ...['undeploy', 'undeploy-hard', 'hold', 'release', 'reboot', 'reboot-hard'],
];

export const CALL_KINDS: readonly CallKind[] = [
  { weight: 30, method: 'one.vm.allocate', make: newVm },
  { weight: 4, method: 'one.template.instantiate', make: instantiate },
  plain(40, 'one.vm.action', (ground, random) => [pick(ACTIONS, random), vmOf(ground, random)]),
  plain(5, 'one.vm.deploy', (ground, random) => [
    ...[vmOf(ground, random), pick(ground.hosts, random)],
    ...[false, ground.systemDatastoreId, ''],
  ]),
  plain(6, 'one.vm.migrate', (ground, random) => [
    ...[vmOf(ground, random), pick(ground.hosts, random)],
    ...[random() < 0.5, random() < 0.5, -1, below(3, random)],
  ]),
  plain(6, 'one.vm.recover', (ground, random) => [vmOf(ground, random), below(5, random)]),
  plain(6, 'one.vm.attachnic', (ground, random) => [vmOf(ground, random), nicOf(ground, random)]),
  plain(5, 'one.vm.detachnic', (ground, random) => [vmOf(ground, random), below(3, random)]),
  plain(6, 'one.vm.attach', (ground, random) => [vmOf(ground, random), diskOf(ground, random)]),
  plain(5, 'one.vm.detach', (ground, random) => [vmOf(ground, random), below(4, random)]),
  plain(4, 'one.vm.resize', (ground, random) => [vmOf(ground, random), sizeOf(random), random() < 0.5]),
  plain(3, 'one.vm.diskresize', (ground, random) => [vmOf(ground, random), below(3, random), `${below(4000, random)}`]),
  plain(3, 'one.vm.snapshotcreate', (ground, random) => [vmOf(ground, random), '']),
  plain(2, 'one.vm.snapshotdelete', (ground, random) => [vmOf(ground, random), below(2, random)]),
  plain(3, 'one.vm.disksnapshotcreate', (ground, random) => [vmOf(ground, random), below(2, random), 's']),
  plain(2, 'one.vm.disksnapshotrevert', (ground, random) => [vmOf(ground, random), below(2, random), below(3, random)]),
  plain(2, 'one.vm.disksnapshotdelete', (ground, random) => [vmOf(ground, random), below(2, random), below(3, random)]),
  { weight: 3, method: 'one.vm.disksaveas', make: saveAs },
  plain(3, 'one.vm.updateconf', (ground, random) => [vmOf(ground, random), 'CONTEXT = [ TURN = "1" ]', 1]),
  plain(4, 'one.vm.chown', (ground, random) => [vmOf(ground, random), pick([0, 2], random), pick([0, 1], random)]),
  { weight: 4, method: 'one.image.allocate', make: (ground, random) => newImage(ground, random() < 0.5) },
  { weight: 3, method: 'one.image.clone', make: cloneImage },
  plain(3, 'one.image.delete', (ground, random) => [pick(ground.images, random), false]),
  plain(3, 'one.image.persistent', (ground, random) => [pick(ground.images, random), random() < 0.5]),
  plain(2, 'one.image.enable', (ground, random) => [pick(ground.images, random), random() < 0.7]),
  { weight: 2, method: 'one.vn.allocate', make: newNetwork },
  plain(3, 'one.vn.hold', (ground, random) => [pick(ground.networks, random), addressOf(random)]),
  plain(3, 'one.vn.release', (ground, random) => [pick(ground.networks, random), addressOf(random)]),
  { weight: 2, method: 'one.vn.reserve', make: reserve },
  plain(1, 'one.vn.free_ar', (ground, random) => [pick(ground.networks, random), 0]),
  plain(1, 'one.vn.rm_ar', (ground, random) => [pick(ground.networks, random), below(2, random), false]),
  plain(1, 'one.vn.delete', (ground, random) => [pick(ground.networks, random)]),
  plain(3, 'one.host.status', (ground, random) => [pick(ground.hosts, random), pick([0, 0, 1, 2], random)]),
  { weight: 1, method: 'one.host.allocate', make: newHost },
  plain(1, 'one.host.delete', (ground, random) => [pick(ground.hosts, random)]),
];

/** A call that makes nothing. */
function plain(
  weight: number,
  method: string,
  params: (ground: Playground, random: Random) => readonly XmlRpcValue[],
): CallKind {
  return { weight, method, make: (ground, random) => ({ method, params: params(ground, random) }) };
}

function call(method: string, ...params: readonly XmlRpcValue[]): RandomCall {
  return { method, params };
}

function newVm(ground: Playground, random: Random): RandomCall {
  const parts = [
    `NAME = "${ground.name('vm')}"`,
    sizeOf(random),
    ...times(below(3, random), () => diskOf(ground, random)),
    ...times(below(3, random), () => nicOf(ground, random)),
    ...(random() < 0.3 ? ['CONTEXT = [ NETWORK = "YES" ]'] : []),
  ];
  return { ...call('one.vm.allocate', parts.join('\n'), random() < 0.1), made: (id) => ground.vms.push(id) };
}

function instantiate(ground: Playground, random: Random): RandomCall {
  const made = (id: number) => ground.vms.push(id);
  const [template, name] = [pick(ground.templates, random), ground.name('vm')];
  return { ...call('one.template.instantiate', template, name, false, nicOf(ground, random), random() < 0.2), made };
}

function saveAs(ground: Playground, random: Random): RandomCall {
  const made = (id: number) => ground.images.push(id);
  return { ...call('one.vm.disksaveas', vmOf(ground, random), below(2, random), ground.name('saved'), '', -1), made };
}

function newImage(ground: Playground, isBlank: boolean): RandomCall {
  const content = isBlank ? 'TYPE = "DATABLOCK"\nSIZE = "16"' : 'PATH = "/var/tmp/image"';
  const template = `NAME = "${ground.name('image')}"\n${content}`;
  return { ...call('one.image.allocate', template, ground.imageDatastoreId), made: (id) => ground.images.push(id) };
}

function cloneImage(ground: Playground, random: Random): RandomCall {
  const made = (id: number) => ground.images.push(id);
  return { ...call('one.image.clone', pick(ground.images, random), ground.name('clone'), -1), made };
}

/** Few addresses, so that they run out. */
function newNetwork(ground: Playground): RandomCall {
  const template = `NAME = "${ground.name('net')}"
VN_MAD = "dummy"
BRIDGE = "br0"
AR = [ TYPE = "IP4", IP = "192.0.2.1", SIZE = "12" ]`;
  return { ...call('one.vn.allocate', template, -1), made: (id) => ground.networks.push(id) };
}

function reserve(ground: Playground, random: Random): RandomCall {
  const wish = `SIZE = "${1 + below(3, random)}"\nNAME = "${ground.name('net')}"`;
  return { ...call('one.vn.reserve', pick(ground.networks, random), wish), made: (id) => ground.networks.push(id) };
}

function newHost(ground: Playground): RandomCall {
  const name = ground.name('host');
  return { ...call('one.host.allocate', name, 'dummy', 'dummy', -1), made: (id) => ground.hosts.push(id) };
}

function newTemplate(ground: Playground): RandomCall {
  const disks = ground.images.map((id) => `DISK = [ IMAGE_ID = "${id}" ]`).join('\n');
  const template = `NAME = "${ground.name('template')}"\nCPU = "1"\nMEMORY = "512"\n${disks}`;
  return { ...call('one.template.allocate', template), made: (id) => ground.templates.push(id) };
}

/** New ones more often than old ones, which are mostly gone. */
function vmOf({ vms }: Playground, random: Random): number {
  if (vms.length === 0) return 0;
  return random() < 0.8 ? pick(vms.slice(-12), random) : pick(vms, random);
}

function sizeOf(random: Random): string {
  return `CPU = "${pick([0.1, 0.5, 1, 2], random)}"\nMEMORY = "${pick([64, 512, 3000], random)}"`;
}

function diskOf(ground: Playground, random: Random): string {
  if (random() < 0.3) return 'DISK = [ TYPE = "fs", SIZE = "10" ]';
  return `DISK = [ IMAGE_ID = "${pick(ground.images, random)}" ]`;
}

function nicOf(ground: Playground, random: Random): string {
  const address = random() < 0.2 ? `, IP = "192.0.2.${1 + below(12, random)}"` : '';
  return `NIC = [ NETWORK_ID = "${pick(ground.networks, random)}"${address} ]`;
}

function addressOf(random: Random): string {
  return `LEASES = [ IP = "192.0.2.${1 + below(12, random)}" ]`;
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
