/** A sandbox of the default size that the figures of VMs share, its API, and bare Docker on one of its hosts. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { LxcTestbed } from '../../lxc/lxc-testbed.ts';
import { type Client, createClient } from '../../src/opennebula/client/client.ts';
import type { Image, Vm } from '../../src/opennebula/client/views.ts';
import { following, waitUntil } from '../../src/opennebula/client/wait.ts';
import { FRONT_END } from '../../src/sandbox/layout.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { NotMeasurable } from './figure.ts';
import { onedock } from './onedock.ts';
import type { Stage } from './stage.ts';

export interface BenchSandbox extends AsyncDisposable {
  readonly name: string;
  readonly client: Client;
  /** The template of the sample VM. */
  readonly templateId: number;
  /** The front-end's machine, with the registry. */
  readonly frontEnd: Transport;
  /** The host that both sides use. */
  readonly host: Transport;
  readonly hostName: string;
  readonly otherHost: Transport;
  /** The sample's container image there, by id. */
  readonly imageId: string;
}

/** Short enough to see an image the moment it is there, long enough not to keep the front-end busy. */
const POLL_MS = 20;
const WAIT_SECONDS = 120;
const HOST = 'host-1';
const OTHER_HOST = 'host-2';
/** So little that 500 fit on two hosts of two processors; VCPU lets each use all of one, as a bare container does. */
const CPU_SHARE = 0.005;

export function shareSandbox(stage: Stage): Promise<BenchSandbox> {
  return stage.share('sandbox', startSandbox);
}

/** Sandboxes are LXC machines. */
export function requireRoot(): void {
  if (process.getuid?.() !== 0) throw new NotMeasurable('A sandbox needs root.');
}

async function startSandbox(): Promise<BenchSandbox> {
  requireRoot();
  await using made = new AsyncDisposableStack();
  const name = `bench-${process.pid}`;
  made.defer(async () => void (await onedock(name, 'down', '--yes')));
  await onedock(name, 'up');
  const { ONE_XMLRPC, ONE_AUTH } = (await onedock(name, 'env')) as { ONE_XMLRPC: string; ONE_AUTH: string };
  const client = made.use(createClient({ endpoint: ONE_XMLRPC, session: (await readFile(ONE_AUTH, 'utf8')).trim() }));
  const [template] = await client.templatepool.info();
  if (template === undefined) throw new Error(`The sandbox ${name} has no template.`);
  const [frontEnd, host, otherHost] = [FRONT_END, HOST, OTHER_HOST].map((machine) =>
    made.use(new LxcTestbed().transport(name, machine)),
  ) as [Transport, Transport, Transport];

  const sandbox = { name, client, templateId: template.id, frontEnd, host, hostName: HOST, otherHost };
  // Both hosts have the image from here on.
  const [vm = -1, ...others] = (
    await Promise.all([HOST, OTHER_HOST].map((each) => runVms(sandbox, 1, onHost(each))))
  ).flat();
  const inspected = await host.run(['docker', 'inspect', '--format', '{{.Image}}', `one-${vm}`]);
  await endVms(sandbox, [vm, ...others]);
  const all = made.move();
  return { ...sandbox, imageId: inspected.stdout.trim(), [Symbol.asyncDispose]: () => all.disposeAsync() };
}

type Cloud = Pick<BenchSandbox, 'client' | 'templateId' | 'hostName'>;

/** Creates a VM of the sample on the shared host, and waits until it runs. @returns its id */
export async function runVm(cloud: Cloud): Promise<number> {
  const id = await askForVm(cloud, onHost(cloud.hostName));
  await untilVm(cloud.client, id, (vm) => vm.isRunning);
  return id;
}

/** Creates VMs of the sample, all asked for at once, and waits until the last one runs. @param where  requirements on hosts */
export async function runVms(cloud: Cloud, count: number, where: string): Promise<number[]> {
  const ids = await askForVms(cloud, count, where);
  await untilVms(cloud.client, ids, (vm) => vm.isRunning);
  return ids;
}

export const onHost = (name: string) => `SCHED_REQUIREMENTS = "NAME = \\"${name}\\""\n`;
export const ANYWHERE = '';

/** The same without waiting. @returns their ids */
export function askForVms(cloud: Cloud, count: number, where: string): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => askForVm(cloud, where)));
}

function askForVm({ client, templateId }: Cloud, where: string): Promise<number> {
  return client.template.instantiate(templateId, '', false, `${where}CPU = "${CPU_SHARE}"\nVCPU = "1"`);
}

/** Terminates a VM and waits until it is DONE. */
export async function endVm({ client }: Pick<Cloud, 'client'>, id: number): Promise<void> {
  await client.vm.action('terminate-hard', id);
  await untilVm(client, id, (vm) => vm.state === 'DONE');
}

/** Terminates VMs at once and waits until all are gone. */
export async function endVms({ client }: Pick<Cloud, 'client'>, ids: readonly number[]): Promise<void> {
  await Promise.all(ids.map((id) => client.vm.action('terminate-hard', id)));
  await untilVms(client, ids, (vm) => vm.state === 'DONE');
}

/** One after the other: what has come about by then is seen at once, and the processors are left to what is measured. */
async function untilVms(client: Client, ids: readonly number[], reached: (vm: Vm) => boolean): Promise<void> {
  for (const id of ids) await untilVm(client, id, reached);
}

export async function untilVm(client: Client, id: number, reached: (vm: Vm) => boolean): Promise<void> {
  await waitUntil({
    ...following(client.follow('vm', id)),
    awaited: `VM ${id}`,
    done: reached,
    hopeless: (vm) => (vm.hasFailed ? vm.error : undefined),
    describe: (vm) => `${vm.state}, ${vm.lcmState}`,
    timeoutSeconds: WAIT_SECONDS,
  });
}

/** An image may be gone. */
export async function untilImage(client: Client, id: number, reached: (image?: Image) => boolean): Promise<void> {
  const deadline = performance.now() + WAIT_SECONDS * 1000;
  for (;;) {
    const image = (await client.imagepool.info()).objects.find((each) => each.id === id);
    if (reached(image)) return;
    if (image?.state === 'ERROR' || performance.now() > deadline)
      throw new Error(`Image ${id} does not get on: ${image?.state ?? 'gone'} ${image?.error ?? ''}`);
    await sleep(POLL_MS);
  }
}
