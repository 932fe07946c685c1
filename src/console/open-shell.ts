import type { DockerHost } from '../drivers/hosts/docker-hosts.ts';
import { containerName } from '../drivers/hosts/vm-on-host.ts';
import type { Shell } from './console.ts';

/**
 * A shell in a running VM, as the image's user. Of an image without one there is what its command prints, and what is
 * typed goes to that command.
 */
export async function openShell(
  { docker }: Pick<DockerHost, 'docker'>,
  vmId: number,
  columns: number,
  rows: number,
): Promise<Shell> {
  const name = containerName(vmId);
  const { exitCode } = await docker.commands.run(name, [...INIT, 'has-shell']);
  if (exitCode !== 0) return await docker.terminals.attach(name, { columns, rows });
  return await docker.terminals.open(name, [...INIT, 'terminal'], { columns, rows, environment: ENVIRONMENT });
}

/** `host-files/onedock-vm-init` */
const INIT = ['/.onedock/busybox', 'sh', '/.onedock/init'];

/** The second is a mark, by which a shell is found that an earlier server has left. */
const ENVIRONMENT = ['TERM=xterm-256color', 'ONEDOCK_TERMINAL=vnc'];
