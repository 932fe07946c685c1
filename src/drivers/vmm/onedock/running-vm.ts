/** What an action on a running VM needs: its host, what its document says of it, and the process that its NICs go to. */
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { containerName } from '../../hosts/vm-on-host.ts';
import { fail } from '../errors.ts';
import type { Context } from './services.ts';
import { readVm, type Vm, vmDirectory } from './vm.ts';

export interface LockedVm {
  readonly host: DockerHost;
  readonly vm: Vm;
  /** Of its container. */
  readonly name: string;
}

export interface RunningVm extends LockedVm {
  /** Process 1 of the container, as the host counts. */
  readonly pid: number;
}

/** The VM that the document describes. @throws whatever `readVm` does */
export function vmOfRequest({ document, settings }: Pick<Context, 'document' | 'settings'>): Vm {
  return readVm(document(), vmDirectory(document(), settings.frontend.datastores));
}

/** Works on a VM while nobody else does, whether it runs or not. */
export async function withLockedVm<Result>(
  hostName: string,
  context: Context,
  work: (locked: LockedVm) => Promise<Result>,
): Promise<Result> {
  const { hosts, signal } = context;
  const vm = vmOfRequest(context);
  const host = await hosts.connect(hostName, signal);
  const name = containerName(vm.id);
  await using _lock = await host.lock(name, { signal });
  return await work({ host, vm, name });
}

/** Works on a running VM while nobody else does. @throws CONTAINER_NOT_RUNNING */
export function withRunningVm<Result>(
  hostName: string,
  context: Context,
  work: (running: RunningVm) => Promise<Result>,
): Promise<Result> {
  return withLockedVm(hostName, context, async ({ host, vm, name }) => {
    const state = (await host.docker.find(name, { signal: context.signal }))?.State;
    if (!state?.Running || state.Paused) throw fail('CONTAINER_NOT_RUNNING', { name, host: host.name });
    return await work({ host, vm, name, pid: state.Pid });
  });
}
