/**
 * The control groups of containers. LXC makes `lxc.payload.<name>` and `lxc.monitor.<name>` at the root of each
 * hierarchy (v1) or of the only one (v2), and adds `-1` and so on when a name is taken by one that was left.
 */
import { readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
const GROUP = /^lxc\.(?:payload|monitor)\.(onedock-.+-(?:frontend|host-\d+?))(?:-\d+)?$/;

export interface ContainerGroup {
  readonly path: string;
  /** Full name of the container. */
  readonly container: string;
}

/**
 * Groups of all containers of ours, whether processes are in them or not.
 * @param root  where control groups are mounted
 */
export async function listGroups(root = ROOT): Promise<ContainerGroup[]> {
  const hierarchies = [root, ...(await subgroups(root))];
  const groups = (await Promise.all(hierarchies.map(subgroups))).flat();
  return groups.flatMap((path) => {
    const [, container] = GROUP.exec(path.split('/').at(-1) ?? '') ?? [];
    return container === undefined ? [] : [{ path, container }];
  });
}

/** Ids of the processes in a group and the groups below it. */
export async function processesOf(group: string): Promise<number[]> {
  const own = await readFile(join(group, 'cgroup.procs'), 'utf8').catch(() => '');
  const below = await Promise.all((await subgroups(group)).map(processesOf));
  return [...own.split('\n').flatMap((line) => Number(line) || []), ...below.flat()];
}

/** Removes groups in which no process is left. A group goes after those below it. */
export async function removeGroup(group: string): Promise<void> {
  await Promise.all((await subgroups(group)).map(removeGroup));
  await rmdir(group).catch((error: NodeJS.ErrnoException) => {
    // Its last process may be on its way out still; the audit tells when it is not.
    if (error.code !== 'ENOENT' && error.code !== 'EBUSY') throw error;
  });
}

async function subgroups(group: string): Promise<string[]> {
  const entries = await readdir(group, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(group, name));
}
