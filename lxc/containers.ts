/** LXC's programs: which containers run, start them, end them. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transport } from '../src/transport/transport.ts';
import { listGroups, processesOf, removeGroup } from './control-groups.ts';
import { fail } from './errors.ts';

/** Full names of the containers in a folder that run, or are being started or stopped. */
export async function listRunning(local: Transport, folder: string): Promise<ReadonlySet<string>> {
  const { stdout } = await local.run(['lxc-ls', '-P', folder, '--active', '-1']);
  return new Set(stdout.split('\n').flatMap((line) => line.trim() || []));
}

/** Returns when the first process runs. Its NICs have their addresses then. @throws MACHINE_NOT_STARTED */
export async function startContainer(local: Transport, folder: string, name: string): Promise<void> {
  const log = join(folder, name, 'lxc.log');
  await rm(log, { force: true });
  const argv = ['lxc-start', '-P', folder, '-n', name, '--logfile', log, '--logpriority', 'WARN'];
  await local.run(argv).catch(async (cause: unknown) => {
    const lines = (await readFile(log, 'utf8').catch(() => '')).split('\n');
    const reasons = lines.flatMap((line) => / ERROR .* - (.*)$/.exec(line)?.[1] ?? []);
    throw fail('MACHINE_NOT_STARTED', { machine: name, reasons, log }, cause);
  });
}

/**
 * Ends all processes of containers at once. None is asked to end: what a machine holds is about to be removed, and
 * what stays, as the data of Docker and of the store, is made for sudden ends.
 * @param running  those of the folder, where somebody has just looked
 */
export async function killContainers(
  local: Transport,
  folder: string,
  names: ReadonlySet<string>,
  running?: ReadonlySet<string>,
): Promise<void> {
  const found = running ?? (await listRunning(local, folder));
  const kill = (name: string) => local.run(['lxc-stop', '-P', folder, '-n', name, '--kill'], ENDED_BY_ITSELF);
  await Promise.all([...names].filter((name) => found.has(name)).map(kill));
  await sweepGroups(names);
}

const ENDED_BY_ITSELF = { acceptExitCodes: [0, 1, 2] };

/** LXC's own process for a container clears its groups; where that process was killed, this does. */
async function sweepGroups(names: ReadonlySet<string>): Promise<void> {
  const groups = (await listGroups()).filter(({ container }) => names.has(container));
  const left = (await Promise.all(groups.map(({ path }) => processesOf(path)))).flat();
  for (const pid of left) killProcess(pid);
  await Promise.all(groups.map(({ path }) => removeGroup(path)));
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
