/**
 * How a VM comes to run on its host, from whatever is there: nothing, the container of an earlier stay, which keeps its
 * files, or one that runs already. The caller holds the lock of the VM.
 *
 * The order is: the VM's places and disks on the host; the container; its first process, which waits; its NICs; then the
 * image's own command, which finds everything in place.
 */
import { posix } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../errors/thrown.ts';
import type { ContainerInspect } from '../../docker/docker-types.ts';
import { hasCode } from '../../docker/errors.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { containerName, LABEL, releaseVm } from '../../hosts/vm-on-host.ts';
import { parseDiskMarker } from '../../registry/disk-marker.ts';
import { printImageReference } from '../../registry/image-reference.ts';
import { fail } from '../errors.ts';
import { connectVm } from './connect-vm.ts';
import { rootWords } from './container-root.ts';
import { containerSpec, needsHelpWithContext, networkFiles, resourceLimits } from './container-spec.ts';
import { contextFiles, needsRoot, printVmFiles, unmetWishes } from './context.ts';
import { diskMode } from './disk-mode.ts';
import { showConsole } from './display.ts';
import type { Context } from './services.ts';
import type { Vm } from './vm.ts';

/** @throws IMAGE_NOT_ON_HOST, CONTAINER_*, HELPER_FAILED, DOCKER_*; what was begun is undone then */
export async function ensureRunning(host: DockerHost, vm: Vm, context: Context): Promise<void> {
  const { signal } = context;
  const existing = await findOwn(host, vm, signal);
  const runs = existing?.State.Running ?? false;
  for (const sentence of unmetWishes(vm.context)) context.log('warning', sentence);
  const waits = vm.nics.length > 0 || needsRoot(vm.context);

  await using undo = new AsyncDisposableStack();
  const begin = (step: () => Promise<void>) => undo.defer(() => quietly(step, context));
  if (!runs) begin(() => releaseVm(host, vm.id));
  const image = await prepare(host, vm, runs ? 'as-is' : waits ? 'closed' : 'open', context);
  if (existing) checkImage(existing, image, host);
  const user = existing ? (existing.Config.User ?? '') : await create(host, vm, image, context, begin);
  if (!runs) await start(host, vm, existing !== undefined, context, begin);
  if (waits) await connectVm(host, vm, needsHelpWithContext(vm, { User: user }), context);
  // It runs: from here on nothing is to be undone.
  undo.move();
  await showConsole(vm, host.name, context);
}

export type Begin = (undo: () => Promise<void>) => void;

/** A container of that VM, whoever else may have one of its name. */
export function isOwn(container: ContainerInspect | undefined, { id }: Pick<Vm, 'id'>): container is ContainerInspect {
  return container?.Config.Labels?.[LABEL.vm] === String(id);
}

/** @throws CONTAINER_FOREIGN */
async function findOwn(host: DockerHost, vm: Vm, signal: AbortSignal): Promise<ContainerInspect | undefined> {
  const name = containerName(vm.id);
  const existing = await host.docker.find(name, { signal });
  if (existing && !isOwn(existing, vm)) throw fail('CONTAINER_FOREIGN', { name, host: host.name });
  return existing;
}

/** The places and disks of a VM on its host. @returns the name of the root image by digest @throws ROOT_DISK_MISSING */
export async function prepare(
  host: DockerHost,
  vm: Vm,
  gate: 'closed' | 'open' | 'as-is',
  context: Context,
): Promise<string> {
  const { settings, signal } = context;
  const at = (disk: number | string) => posix.join(vm.directory, `disk.${disk}`);
  const disks = await Promise.all(
    vm.dataDisks.map(async (disk) => ['disk', `${disk.id}`, disk.path, await diskMode(host, disk, signal)]),
  );
  const delivered = vm.context.DISK_ID ? ['context', at(vm.context.DISK_ID)] : [];
  const root = await rootWords(host, signal);
  const marker = await host.helper(
    'vm-prepare',
    [`${vm.id}`, settings.host.shim, gate, ...root, 'image', at(vm.rootDisk), ...delivered, ...disks.flat()],
    // Those in its /etc are the VM's own once it runs.
    { stdin: printVmFiles({ ...contextFiles(vm.context), ...(gate === 'as-is' ? {} : networkFiles(vm)) }), signal },
  );
  const image = parseDiskMarker(marker);
  if (!image) throw fail('ROOT_DISK_MISSING', { vmId: vm.id });
  return printImageReference(image);
}

/** A container that was saved and fetched again is of another image than it was, but never while it exists. */
function checkImage(existing: ContainerInspect, wanted: string, host: DockerHost): void {
  const image = existing.Config.Labels?.[LABEL.image] ?? existing.Config.Image;
  const name = existing.Name.replace('/', '');
  if (digestOf(image) !== digestOf(wanted))
    throw fail('CONTAINER_OF_OTHER_IMAGE', { name, host: host.name, image, wanted });
}

/** The same image may have been given another name. */
function digestOf(image: string): string {
  return image.slice(image.indexOf('@') + 1);
}

/** The container of a VM. @returns the user of the image @throws IMAGE_NOT_ON_HOST, GPU_UNAVAILABLE */
export async function create(host: DockerHost, vm: Vm, image: string, context: Context, begin: Begin): Promise<string> {
  const { docker } = host;
  const { settings, signal } = context;
  const name = containerName(vm.id);
  const missing = (cause?: unknown) => fail('IMAGE_NOT_ON_HOST', { image, host: host.name }, cause);
  const [config, { processors, hasControlGroups }] = await Promise.all([
    docker.findImageConfig(image, { signal }),
    docker.traits({ signal }),
  ]);
  if (!config) throw missing();
  const spec = containerSpec(vm, { reference: image, config }, { ...settings.container, processors, hasControlGroups });
  if (spec.HostConfig.DeviceRequests && !(await docker.info({ signal })).Runtimes?.nvidia)
    throw fail('GPU_UNAVAILABLE', { vmId: vm.id, host: host.name });
  signal.throwIfAborted();
  try {
    // Not given up half-way: nobody would know whether there is a container to take away.
    await docker.create(name, spec);
  } catch (error) {
    throw hasCode(error, 'DOCKER_NOT_FOUND') ? missing(error) : error;
  }
  begin(() => docker.remove(name));
  return spec.User ?? config.User ?? '';
}

/** @param old  whether it is a container of an earlier stay: capacity may have been changed while the VM was off */
async function start(host: DockerHost, vm: Vm, old: boolean, context: Context, begin: Begin): Promise<void> {
  const { docker } = host;
  const { settings, signal } = context;
  const name = containerName(vm.id);
  const { processors, hasControlGroups } = await docker.traits({ signal });
  const limits = old && hasControlGroups ? { limits: resourceLimits(vm, { ...settings.container, processors }) } : {};
  // Also when this fails: an answer may be lost, and the container run all the same.
  begin(async () => {
    await docker.kill(name);
    await docker.wait(name);
  });
  await startAnyhow(host, `${vm.id}`, () => docker.start(name, { signal, ...limits }), signal);
}

const LEFT_BEHIND = /id already in use/;
/** As containerd says it, of the socket that was there a moment ago, and of the connection (1.6, `runtime/v2/manager.go`). */
const SHIM_ENDED = /failed to (?:start|create) shim\b.*(?:dial unix|ttrpc: closed)/;
const MOST_ATTEMPTS = 20;
const PAUSE_MS = 100;

/**
 * An engine that was killed while it started a container may leave it running in containerd, and does not start it again as
 * long as it does (Docker, `daemon/start.go`): what is left is ended, which containerd tells the engine a moment later.
 */
function startAnyhow(host: DockerHost, vmId: string, begin: () => Promise<void>, signal: AbortSignal) {
  return again(
    () => startInShim(begin, signal),
    LEFT_BEHIND,
    signal,
    async () => {
      const container = await host.docker.find(containerName(vmId), { signal });
      if (container) await host.helper('vm-end', [vmId, container.Id], { signal });
    },
  );
}

/**
 * Where VMs share shims, a shim may end with its last VM while another is about to join it, which then finds another. Nothing of
 * the container has begun by then.
 */
export function startInShim(begin: () => Promise<void>, signal: AbortSignal): Promise<void> {
  return again(begin, SHIM_ENDED, signal);
}

async function again(
  begin: () => Promise<void>,
  reason: RegExp,
  signal: AbortSignal,
  amend: () => Promise<void> = async () => {},
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await begin();
    } catch (error) {
      if (!hasCode(error, 'DOCKER_REFUSED', 'DOCKER_CONFLICT') || attempt === MOST_ATTEMPTS) throw error;
      if (!reason.test(error.why)) throw error;
      await amend();
      await delay(PAUSE_MS, undefined, { signal });
    }
  }
}

/** What cannot be undone is told, and the error that was the matter stays the one that counts. */
async function quietly(step: () => Promise<void>, { log }: Context): Promise<void> {
  try {
    await step();
  } catch (error) {
    log('warning', `What was begun could not be undone: ${messageOf(error)}`);
  }
}
