/**
 * Commands that `onevm exec` runs in VMs. Which one a VM has stands in the VM's directory on the host, as the name of an empty
 * file, for whoever is to end it or to tell of its end; it goes with the directory when the VM is done. Who changes it holds
 * the lock of the VM.
 */
import { posix } from 'node:path';
import type { DockerHost } from './docker-hosts.ts';

export interface VmCommand {
  /** SEQ of the history record that is about it: a request that is made again is no second command. */
  readonly request: number;
  /** The engine's name for it; undefined when its end was told. */
  readonly id: string | undefined;
}

export interface FoundCommand {
  readonly vmId: number;
  readonly request: number;
  readonly id: string;
  /** Of the VM on the host. */
  readonly directory: string;
}

/** How a VM's own programs are asked to do something about its command (`host-files/onedock-vm-init`). */
export function commandProgram(
  what: 'ready' | 'run' | 'result' | 'end',
  ...args: readonly (string | number)[]
): readonly string[] {
  return ['/.onedock/busybox', 'sh', '/.onedock/init', `command-${what}`, ...args.map(String)];
}

/** Bytes that are kept of what a command prints, from its beginning, of each stream: OpenNebula keeps it in the VM. */
export const KEPT_BYTES = 16 * 1024;

/** @param directory  of the VM on the host */
export async function findCommand(
  host: DockerHost,
  directory: string,
  signal: AbortSignal,
): Promise<VmCommand | undefined> {
  const argv = ['find', posix.join(directory, FOLDER), '-mindepth', '1', '-printf', '%f\\n'];
  const { stdout } = await host.run(argv, { signal, shell: 'brief', acceptExitCodes: [0, 1] });
  const [, request, id] = RECORD.exec(stdout.trim()) ?? [];
  return request === undefined ? undefined : { request: Number(request), id: id === TOLD ? undefined : id };
}

/** Those whose end was not told. */
export async function findCommands(
  host: DockerHost,
  datastoreLocation: string,
  signal: AbortSignal,
): Promise<readonly FoundCommand[]> {
  const location = posix.normalize(datastoreLocation);
  const records = ['-mindepth', '4', '-maxdepth', '4', '-path', `*/${FOLDER}/*`, '-printf', '%P\\n'];
  const { stdout } = await host.run(['find', location, ...records], {
    signal,
    shell: 'brief',
    // The directory is made by the first VM.
    acceptExitCodes: [0, 1],
  });
  return stdout.split('\n').flatMap((path) => {
    const [datastore = '', vm = '', , name = ''] = path.split('/');
    const [, request, id] = RECORD.exec(name) ?? [];
    if (id === undefined || id === TOLD || !/^\d+$/.test(vm)) return [];
    return [{ vmId: Number(vm), request: Number(request), id, directory: posix.join(location, datastore, vm) }];
  });
}

/** In place of the one before. */
export async function recordCommand(
  host: DockerHost,
  directory: string,
  { request, id = TOLD }: VmCommand,
  signal: AbortSignal,
): Promise<void> {
  const record = { name: `${request}-${id}`, content: Buffer.alloc(0), mode: 0o644 };
  await host.sendFiles([record], posix.join(directory, FOLDER), { signal });
}

/** Nothing is to be told of a command that was given up, or that has ended with its VM. */
export async function forgetCommand(host: DockerHost, directory: string, signal?: AbortSignal): Promise<void> {
  await host.run(['rm', '-rf', '--', posix.join(directory, FOLDER)], { shell: 'brief', ...(signal && { signal }) });
}

const FOLDER = 'command';
const TOLD = 'told';
const RECORD = /^(\d+)-(told|[0-9a-f]{64})$/;
