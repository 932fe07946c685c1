/**
 * Live migration: the processes of a VM go on at another host. An engine moves them by checkpoints, an experimental feature
 * over CRIU, which excludes containers with a terminal (daemon/checkpoint.go, 20.10 to 28); and every VM has one, for its
 * console. So it is refused, with all that the host lacks for it, and the VM goes on where it is.
 */
import { type Action, ActionFailure } from '../contract/action.ts';
import type { DockerHost, HostServices } from './docker-hosts.ts';

const NO_LIVE_MIGRATION =
  'The processes of a container cannot leave its host. Use `onevm migrate` without --live, which stops the VM, moves its disks and starts it again.';

export interface LiveVm {
  readonly hostName: string;
  readonly container: string;
}

/** @param vmOf  which VM the arguments are about */
export function refuseLiveMigration(action: string, vmOf: (argv: readonly string[]) => LiveVm): Action<HostServices> {
  return {
    args: ['...ignored'],
    refusal: NO_LIVE_MIGRATION,
    async run(argv, { hosts, signal }) {
      const obstacles = await findObstacles(vmOf(argv), hosts, signal).catch(() => []);
      throw new ActionFailure([`${action}: Operation not supported.`, ...obstacles, NO_LIVE_MIGRATION].join(' '));
    },
  };
}

/** A sentence for each thing that is in the way. */
async function findObstacles(
  { hostName, container }: LiveVm,
  hosts: HostServices['hosts'],
  signal: AbortSignal,
): Promise<string[]> {
  const host = await hosts.connect(hostName, signal);
  const [engine, found, hasCriu] = await Promise.all([
    host.docker.info({ signal }),
    host.docker.find(container, { signal }),
    findCriu(host, signal),
  ]);
  return [
    ...(found?.Config.Tty ? [`Docker makes no checkpoint of ${container}, which has a terminal for its console.`] : []),
    ...(engine.ExperimentalBuild ? [] : [`The Docker Engine of ${hostName} makes none: it is not experimental.`]),
    ...(hasCriu ? [] : [`There is no CRIU on ${hostName}.`]),
  ];
}

/** It is a program for root, and so not always in the user's path. */
async function findCriu(host: DockerHost, signal: AbortSignal): Promise<boolean> {
  const { stdout } = await host.run(
    ['find', '/usr/sbin', '/usr/bin', '/usr/local/sbin', '-maxdepth', '1', '-name', 'criu'],
    {
      signal,
      acceptExitCodes: [0, 1],
    },
  );
  return stdout.trim() !== '';
}
