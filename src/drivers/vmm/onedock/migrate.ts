/**
 * MIGRATE: a VM goes on at another host, with what its processes know. It is told to stand still; its processes, the files that
 * it has changed and its disks travel; another container goes on there, with the same addresses; and the first one is ended.
 *
 * Until the other container runs, the first one only has to be let go on, and it is, if anything fails. There are never two that
 * work: the first stands still and is cut off from its networks before the other begins.
 */
import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import { messageOf } from '../../../errors/thrown.ts';
import { ActionFailure, defineAction } from '../../contract/action.ts';
import type { ContainerInspect } from '../../docker/docker-types.ts';
import { carry } from '../../hosts/carry.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { findObstacles, refuseUnlessFree } from '../../hosts/live-migration.ts';
import { findCommand } from '../../hosts/vm-commands.ts';
import { containerName, LABEL, releaseVm } from '../../hosts/vm-on-host.ts';
import { DOCKER_HUB, parseImageReference } from '../../registry/image-reference.ts';
import { fail } from '../errors.ts';
import { connectVm } from './connect-vm.ts';
import { showConsole } from './display.ts';
import { create, isOwn, prepare, startInShim } from './ensure-running.ts';
import { vmOfRequest } from './running-vm.ts';
import type { Context } from './services.ts';
import { hasSystemSnapshots } from './system-snapshots.ts';
import type { Vm } from './vm.ts';

export const migrate = defineAction({
  args: ['deployId', 'destination', 'source', '...ignored'],
  async run({ destination, source }, context: Context) {
    const { hosts, signal } = context;
    if (destination === source)
      throw new ActionFailure(`migrate: The VM cannot go to ${source}. It runs there already.`);
    const vm = vmOfRequest(context);
    const name = containerName(vm.id);
    const [from, to] = await Promise.all([hosts.connect(source, signal), hosts.connect(destination, signal)]);
    await using _here = await from.lock(name, { signal });
    await using _there = await to.lock(name, { signal });
    const [here, there] = await Promise.all([from.docker.find(name, { signal }), to.docker.find(name, { signal })]);
    // An earlier attempt got so far before whoever made it was lost.
    const isThere = isOwn(there, vm) && there.State.Running && (!here?.State.Running || here.State.Paused);
    if (isThere) {
      await to.helper('vm-settle', [`${vm.id}`], { signal });
      await connectVm(to, vm, false, context);
    }
    if (!isThere) await move(await begin(vm, { from, to, here, there }, context), context);
    await showConsole(vm, to.name, context).catch((error: Error) => context.log('warning', error.message));
    await leave(vm, from, to, context);
  },
});

interface Ends {
  readonly from: DockerHost;
  readonly to: DockerHost;
}

interface Found extends Ends {
  readonly here: ContainerInspect | undefined;
  readonly there: ContainerInspect | undefined;
}

interface Move extends Ends {
  readonly vm: Vm;
  readonly container: ContainerInspect;
  /** Of the checkpoint. */
  readonly name: string;
  /** The file with it and with what the container has written, in the directory of the VM. */
  readonly packed: string;
  /** Whether both hosts have the same directory of the VM. */
  readonly shared: boolean;
}

/** Looks whether it can be done, and brings what is needed while the VM runs. @throws ActionFailure with all that is in the way */
async function begin(vm: Vm, { from, to, here, there }: Found, context: Context): Promise<Move> {
  const { registry, settings, signal, document } = context;
  const name = containerName(vm.id);
  if (!here?.State.Running) throw fail('CONTAINER_NOT_RUNNING', { name, host: from.name });
  if (there && !isOwn(there, vm)) throw fail('CONTAINER_FOREIGN', { name, host: to.name });
  const [obstacles, command] = await Promise.all([
    findObstacles({ from, to, container: here, hasSnapshots: hasSystemSnapshots(document()) }, signal),
    findCommand(from, vm.directory, signal),
  ]);
  const atWork = command?.id === undefined ? [] : ['A command runs in the VM (`onevm exec`), which would be lost.'];
  refuseUnlessFree('migrate', [...atWork, ...obstacles]);
  const image = here.Config.Labels?.[LABEL.image] ?? here.Config.Image;
  // Of an attempt that was cut short there may be one that never ran.
  const [shared] = await Promise.all([
    shareDirectory(from, to, vm.directory, signal),
    to.docker.ensureImage(image, {
      login: () => registry.dockerLogin(parseImageReference(image, DOCKER_HUB).server),
      signal,
      timeoutSeconds: settings.timeouts.transferSeconds,
    }),
    to.docker.remove(name, { signal }),
  ]);
  const checkpoint = `live-${randomUUID()}`;
  const packed = posix.join(vm.directory, `${checkpoint}.tar`);
  return { vm, from, to, container: here, name: checkpoint, packed, shared };
}

/**
 * The VM stands still from the first step on, until it goes on there or, after a failure, here.
 * @throws whatever failed; MIGRATION_IN_DOUBT when the VM may run there, and so does not go on here
 */
async function move(move: Move, context: Context): Promise<void> {
  const began = Date.now();
  let started = false;
  try {
    await standStill(move, context);
    await pack(move, context);
    await unpack(move, context);
    started = true;
    await comeToLife(move, context);
    await move.to.helper('vm-settle', [`${move.vm.id}`], { signal: context.signal });
    await connectVm(move.to, move.vm, false, context);
  } catch (error) {
    // Not given up with the action: somebody has to put things right.
    await move.to.docker.remove(containerName(move.vm.id)).catch((cause: unknown) => {
      if (started) throw doubt(move, cause);
    });
    await goOn(move);
    await takeBack(move).catch((cause: Error) => context.log('warning', leftOn(move.to, cause)));
    throw error;
  }
  context.log('info', `The VM stood still for ${((Date.now() - began) / 1000).toFixed(1)} s.`);
}

/** It answers nobody either: its addresses are to be another's. What it has written to its disks is in their files. */
async function standStill({ vm, from, container }: Move, { signal }: Context): Promise<void> {
  if (!container.State.Paused) await from.docker.pause(container.Id, { signal });
  await from.helper('vm-hold', [`${vm.id}`, `${container.State.Pid}`], { signal });
  if (vm.dataDisks.length > 0) await from.helper('vm-sync', [`${vm.id}`], { signal });
}

async function pack({ vm, from, container, name, packed }: Move, { signal }: Context): Promise<void> {
  await from.docker.checkpoints.create(container.Id, name, { signal });
  // The helper writes to what is there: so it belongs to the user who is to read it, and to nobody else.
  await from.run(['sh', '-c', 'umask 077 && : >"$1"', 'sh', packed], { signal, shell: 'brief' });
  const place = await placeOf(from, container, signal);
  await from.helper('vm-pack', [`${vm.id}`, ...place, name, packed], { signal, timeoutSeconds: TRAVEL_SECONDS });
}

/** The VM's directory, with its disks, and a container that has not run yet but has the files of the other. */
async function unpack({ vm, from, to, name, packed, shared }: Move, context: Context): Promise<void> {
  const { signal } = context;
  if (!shared) {
    await to.run(['mkdir', '-p', '--', posix.dirname(vm.directory)], { signal });
    await carry(from, vm.directory, to, vm.directory, { signal, timeoutSeconds: TRAVEL_SECONDS });
  }
  const image = await prepare(to, vm, 'open', context);
  await create(to, vm, image, context, () => {});
  const container = await to.docker.find(containerName(vm.id), { signal });
  if (!container) throw fail('CONTAINER_GONE', { name: containerName(vm.id), host: to.name });
  const place = await placeOf(to, container, signal);
  await to.helper('vm-unpack', [`${vm.id}`, ...place, name, packed], { signal, timeoutSeconds: TRAVEL_SECONDS });
  await to.run(['rm', '-f', '--', packed], { signal });
}

function comeToLife({ vm, to, name }: Move, { signal }: Context): Promise<void> {
  return startInShim(() => to.docker.checkpoints.start(containerName(vm.id), name, { signal }), signal);
}

const TRAVEL_SECONDS = 3600;

/** As the helper is told of a container: the engine's directory, the container's id, the layer that it writes to. */
async function placeOf({ docker }: DockerHost, container: ContainerInspect, signal: AbortSignal): Promise<string[]> {
  const { DockerRootDir } = await docker.info({ signal });
  return [DockerRootDir, container.Id, container.GraphDriver?.Data?.UpperDir ?? ''];
}

/** Whether a directory of one host is there for the other too: then it neither travels nor is removed. */
async function shareDirectory(
  one: DockerHost,
  other: DockerHost,
  directory: string,
  signal: AbortSignal,
): Promise<boolean> {
  const token = posix.join(directory, `seen-${randomUUID()}`);
  await one.run(['touch', '--', token], { signal });
  const { exitCode } = await other.run(['test', '-e', token], { signal, acceptExitCodes: [0, 1] });
  await one.run(['rm', '-f', '--', token], { signal });
  return exitCode === 0;
}

/** Nothing of the VM is left there. */
async function takeBack({ vm, to, shared }: Move): Promise<void> {
  await to.helper('vm-remove', [`${vm.id}`]);
  if (!shared) await to.run(['rm', '-rf', '--', vm.directory]);
}

async function goOn({ vm, from, container, packed }: Move): Promise<void> {
  await from.helper('vm-free', [`${vm.id}`]);
  await from.docker.unpause(container.Id);
  await from.run(['rm', '-f', '--', packed]);
}

function doubt({ vm, from, to }: Move, cause: unknown) {
  return fail('MIGRATION_IN_DOUBT', { vmId: vm.id, source: from.name, destination: to.name }, cause);
}

/** What is left of the VM where it was. It goes on elsewhere, so that whatever fails here is told and no more. */
async function leave(vm: Vm, from: DockerHost, to: DockerHost, { log, signal }: Context): Promise<void> {
  const name = containerName(vm.id);
  try {
    const container = await from.docker.find(name, { signal });
    if (container && !isOwn(container, vm)) return;
    await from.docker.remove(name, { signal });
    await releaseVm(from, vm.id, signal);
    await from.helper('vm-remove', [`${vm.id}`, ...(container ? [container.Id] : [])], { signal });
    const shared = await shareDirectory(to, from, vm.directory, signal);
    if (!shared) await from.run(['rm', '-rf', '--', vm.directory], { signal });
  } catch (error) {
    log('warning', leftOn(from, error));
  }
}

function leftOn({ name }: DockerHost, error: unknown): string {
  return `Something of the VM is left on ${name}: ${messageOf(error)}`;
}
