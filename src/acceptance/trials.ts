/** The life of a VM, a trial after the other, in the words of OpenNebula's API. */
import { codeOf } from '../errors/thrown.ts';
import { MIGRATE_BY } from '../opennebula/client/constants.ts';
import type { Vm } from '../opennebula/client/views.ts';
import { waitForImage, waitForVm, waitUntil } from '../opennebula/client/wait.ts';
import { type Attribute, printTemplate, Template } from '../opennebula/template.ts';
import { findAll, findText } from '../opennebula/xml.ts';
import { type Bench, Mismatch, Skipped } from './bench.ts';
import { countStarts, isReached, START_SCRIPT_BASE64 } from './guest.ts';

export interface Trial {
  /** Short, for reports: what is tried. */
  readonly name: string;
  /** What it has found, in a few words, if there is more to say than that it went well. @throws Skipped, Mismatch, … */
  readonly run: (bench: Bench) => Promise<string | undefined | void>;
}

/** How long a VM that runs may take until its START_SCRIPT has served something. */
const GUEST_SECONDS = 20;

export const TRIALS: readonly Trial[] = [
  { name: 'register an image', run: registerImage },
  { name: 'create a VM', run: createVm },
  { name: 'reach its address', run: reachAddress },
  { name: 'reboot', run: reboot },
  { name: 'power off and resume', run: (bench) => offAndOn(bench, 'poweroff', 'POWEROFF') },
  { name: 'attach and detach a disk', run: attachDisk },
  { name: 'attach and detach a NIC', run: attachNic },
  { name: 'snapshot, revert, delete', run: snapshot },
  { name: 'suspend and resume', run: (bench) => offAndOn(bench, 'suspend', 'SUSPENDED') },
  { name: 'migrate', run: migrate },
  { name: 'save a disk as an image', run: saveAs },
  { name: 'terminate', run: terminate },
];

async function registerImage(bench: Bench): Promise<string> {
  const { client, cloud, made, name, waiting } = bench;
  if (cloud.imagePath === undefined) throw new Skipped(`none is asked for; ${cloud.image?.name ?? 'none'} is used`);
  if (cloud.datastoreId === undefined) throw new Mismatch('There is no datastore for images.');
  const template = print([
    ['NAME', name],
    ['TYPE', 'OS'],
    ['PATH', cloud.imagePath],
  ]);
  const id = made.add('image', await client.image.allocate(template, cloud.datastoreId));
  const { sizeMb } = await waitForImage(client, id, 'READY', waiting);
  bench.imageId = id;
  return `image ${id}, ${sizeMb} MB`;
}

async function createVm(bench: Bench): Promise<string> {
  const { client, cloud, name, made, waiting } = bench;
  if (cloud.imagePath !== undefined && bench.imageId === undefined) throw new Skipped('there is no image for it');
  const context: Attribute = ['CONTEXT', { NETWORK: 'YES', START_SCRIPT_BASE64 }];
  const nic: Attribute[] = cloud.network ? [['NIC', { NETWORK_ID: String(cloud.network.id) }]] : [];
  const disk: Attribute[] = bench.imageId === undefined ? [] : [['DISK', { IMAGE_ID: String(bench.imageId) }]];
  const where: Attribute[] = cloud.driver === 'onedock' ? [['SCHED_REQUIREMENTS', 'HYPERVISOR = "docker"']] : [];
  const id =
    cloud.templateId === undefined
      ? await client.vm.allocate(
          print([['NAME', name], ['CPU', '0.1'], ['MEMORY', '64'], ...disk, ...nic, ...where, context]),
        )
      : await client.template.instantiate(cloud.templateId, name, false, print([context]));
  bench.vmId = made.add('vm', id);
  const vm = await waitForVm(client, id, 'RUNNING', waiting);
  return `VM ${id} on ${vm.hostName}`;
}

async function reachAddress(bench: Bench): Promise<string> {
  const { addresses } = await bench.running();
  const [address] = addresses;
  if (address === undefined) throw new Skipped('the VM has no NIC with an IPv4 address');
  if (bench.cloud.driver === 'dummy') throw new Skipped(`${address} is a dummy’s`);
  const reached = await waitUntil({
    ...bench.waiting,
    timeoutSeconds: GUEST_SECONDS,
    awaited: address,
    look: () => isReached(address, bench.signal),
    done: (isThere) => isThere,
    describe: () => 'silent',
  }).catch((error: unknown) => {
    bench.signal.throwIfAborted();
    if (codeOf(error) === 'WAIT_TIMED_OUT') return false;
    throw error;
  });
  if (!reached) throw new Skipped(`this machine does not reach ${address}`);
  bench.starts = await waitUntil({
    ...bench.waiting,
    timeoutSeconds: GUEST_SECONDS,
    awaited: 'What the VM serves',
    look: () => countStarts(address),
    done: (count) => count !== undefined,
    describe: () => 'nothing',
  }).catch(() => undefined);
  bench.signal.throwIfAborted();
  return bench.starts === undefined
    ? `${address}; files are not looked at: its START_SCRIPT serves nothing`
    : `${address}`;
}

async function reboot(bench: Bench): Promise<string | undefined> {
  await bench.running();
  await bench.change('RUNNING', (id) => bench.client.vm.action('reboot', id));
  return bench.restarted();
}

/** Suspended, its processes go on; powered off, they start again. */
async function offAndOn(bench: Bench, action: string, goal: 'POWEROFF' | 'SUSPENDED'): Promise<string | undefined> {
  const { addresses } = await bench.running();
  await bench.change(goal, (id) => bench.client.vm.action(action, id));
  const vm = await bench.change('RUNNING', (id) => bench.client.vm.action('resume', id));
  if (`${vm.addresses}` !== `${addresses}`) throw new Mismatch(`It had ${addresses} and has ${vm.addresses}.`);
  if (goal === 'POWEROFF') return bench.restarted();
  if (bench.starts === undefined) return undefined;
  const [address = ''] = addresses;
  bench.starts = await waitUntil({
    ...bench.waiting,
    awaited: 'An answer of the VM',
    look: () => countStarts(address),
    done: (count) => count !== undefined,
    describe: () => 'silence',
  });
  return 'it answers again';
}

const DISK_MB = '16';

async function attachDisk(bench: Bench): Promise<string> {
  await bench.running();
  const disks = (vm: Vm) => idsOf(vm, 'TEMPLATE/DISK', 'DISK_ID');
  const template = print([['DISK', { TYPE: 'fs', SIZE: DISK_MB, FORMAT: 'raw', FS: 'ext4' }]]);
  return comeAndGo(bench, disks, {
    come: (id) => bench.client.vm.attach(id, template),
    go: (id, disk) => bench.client.vm.detach(id, disk),
    what: 'disk',
  });
}

async function attachNic(bench: Bench): Promise<string> {
  const { network } = bench.cloud;
  if (!network) throw new Skipped('there is no virtual network');
  await bench.running();
  const nics = (vm: Vm) => idsOf(vm, 'TEMPLATE/NIC', 'NIC_ID');
  return comeAndGo(bench, nics, {
    come: (id) => bench.client.vm.attachnic(id, print([['NIC', { NETWORK_ID: String(network.id) }]])),
    go: (id, nic) => bench.client.vm.detachnic(id, nic),
    what: 'NIC',
  });
}

interface Device {
  readonly come: (vmId: number) => Promise<unknown>;
  readonly go: (vmId: number, device: number) => Promise<unknown>;
  readonly what: string;
}

async function comeAndGo(bench: Bench, list: (vm: Vm) => number[], { come, go, what }: Device): Promise<string> {
  const before = list(await bench.vm());
  const added = list(await bench.change('RUNNING', come)).filter((id) => !before.includes(id));
  const [device, another] = added;
  if (device === undefined || another !== undefined) throw new Mismatch(`${added.length} of it have come, not one.`);
  const after = list(await bench.change('RUNNING', (id) => go(id, device)));
  if (`${after}` !== `${before}`) throw new Mismatch(`There were ${before}, and there are ${after}.`);
  return `${what} ${device} came and went`;
}

async function snapshot(bench: Bench): Promise<string | undefined> {
  await bench.running();
  const { client, name } = bench;
  const snapshots = (vm: Vm) => idsOf(vm, 'TEMPLATE/SNAPSHOT', 'SNAPSHOT_ID');
  const before = snapshots(await bench.vm());
  const [taken] = snapshots(await bench.change('RUNNING', (id) => client.vm.snapshotcreate(id, name))).filter(
    (id) => !before.includes(id),
  );
  if (taken === undefined) throw new Mismatch('There is no snapshot.');
  await bench.change('RUNNING', (id) => client.vm.snapshotrevert(id, taken));
  const after = snapshots(await bench.change('RUNNING', (id) => client.vm.snapshotdelete(id, taken)));
  if (after.includes(taken)) throw new Mismatch(`Snapshot ${taken} is still there.`);
  return bench.restarted();
}

async function migrate(bench: Bench): Promise<string> {
  const { hostName } = await bench.running();
  const target = bench.cloud.hosts.find(({ name }) => name !== hostName);
  if (!target) throw new Skipped('there is one host only');
  const vm = await bench.change('RUNNING', (id) =>
    bench.client.vm.migrate(id, target.id, false, false, -1, MIGRATE_BY.POWEROFF),
  );
  if (vm.hostName !== target.name) throw new Mismatch(`It is on ${vm.hostName}, not on ${target.name}.`);
  return [`from ${hostName} to ${target.name}`, await bench.restarted()].filter(Boolean).join('; ');
}

async function saveAs(bench: Bench): Promise<string> {
  const vm = await bench.running();
  const disk = findAll(vm.element, 'TEMPLATE/DISK').find((each) => findText(each, 'IMAGE_ID'));
  if (!disk) throw new Skipped('the VM has no disk of an image');
  const { client, made, name, waiting } = bench;
  const id = made.add('image', await client.vm.disksaveas(vm.id, Number(findText(disk, 'DISK_ID')), `${name}-saved`));
  const { sizeMb } = await waitForImage(client, id, 'READY', waiting);
  await waitForVm(client, vm.id, 'RUNNING', waiting);
  return `image ${id}, ${sizeMb} MB`;
}

async function terminate(bench: Bench): Promise<string | undefined> {
  const { hostName } = await bench.vm();
  const { id } = await bench.change('DONE', (vmId) => bench.client.vm.action('terminate', vmId));
  const host = bench.cloud.hosts.find(({ name }) => name === hostName);
  if (host && (await bench.client.host.info(host.id)).vmIds.includes(id))
    throw new Mismatch(`${hostName} still has it.`);
  return undefined;
}

function idsOf(vm: Vm, path: string, name: string): number[] {
  return findAll(vm.element, path).map((each) => Number(findText(each, name)));
}

function print(attributes: readonly Attribute[]): string {
  return printTemplate(new Template(attributes));
}
