/** `onedock host release`: gives a machine that was prepared back as it was, and proves it. */
import { findPackagesSince } from '../../../provision/before.ts';
import { readHostLabel } from '../../../provision/machine-label.ts';
import { findLeft, findPlacesBefore, takeAway } from '../../../provision/take-away.ts';
import { lineList } from '../../opennebula/lists.ts';
import type { Transport } from '../../transport/transport.ts';
import type { Cloud } from './cloud.ts';
import { fail } from './errors.ts';

export interface ReleasePlan {
  readonly registry: string;
  readonly containers: readonly string[];
  /** Debian packages that have come with it or since. */
  readonly packages: readonly string[];
}

/**
 * Undefined when the machine is no host that was prepared.
 * @throws HOST_OF_ANOTHER, HOST_HAS_VMS
 */
export async function planRelease(
  machine: Transport,
  { frontEnd }: Pick<Cloud, 'frontEnd'>,
  { force }: { readonly force: boolean },
): Promise<ReleasePlan | undefined> {
  const label = await readHostLabel(machine);
  if (label === undefined) return undefined;
  if (label.frontEnd !== frontEnd && !force)
    throw fail('HOST_OF_ANOTHER', { place: machine.name, frontEnd: label.frontEnd });
  const [containers, packages] = await Promise.all([findContainers(machine), findPackagesSince(machine)]);
  if (containers.length > 0 && !force) throw fail('HOST_HAS_VMS', { place: machine.name, containers });
  return { registry: label.registry, containers, packages };
}

async function findContainers(machine: Transport): Promise<string[]> {
  const argv = ['docker', 'ps', '--all', '--format', '{{.Names}}'];
  // Where the Engine does not run, or is not there any more, nothing else does.
  const { stdout } = await machine.run(argv, { acceptExitCodes: [0, 1] }).catch(() => ({ stdout: '' }));
  return lineList(stdout);
}

async function hasApt(machine: Transport): Promise<boolean> {
  return (await machine.run(['sh', '-c', 'command -v apt-get'], { acceptExitCodes: [0, 1, 127] })).exitCode === 0;
}

const PURGE_TIMEOUT_SECONDS = 600;

/**
 * @param purge  whether Debian packages that came with it go as well, as far as nothing else needs them
 * @returns packages that stay
 * @throws HOST_NOT_CLEAN
 */
export async function releaseHost(
  machine: Transport,
  { registry, packages }: ReleasePlan,
  { purge }: { readonly purge: boolean },
): Promise<readonly string[]> {
  const before = await findPlacesBefore(machine);
  await takeAway(machine, registry);
  const left = (await findLeft(machine, before, registry)).map(({ kind, name }) => `${kind} ${name}`);
  if (left.length > 0) throw fail('HOST_NOT_CLEAN', { place: machine.name, left });
  // Where dnf brings them, what else needs them is not known.
  if (!purge || packages.length === 0 || !(await hasApt(machine))) return packages;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const { stdout } = await machine.run(['apt-get', '--simulate', 'purge', '--yes', ...packages], { env });
  const gone = Array.from(stdout.matchAll(/^(?:Remv|Purg) (\S+)/gm), ([, name = '']) => name.replace(/:.*/, ''));
  if (gone.some((name) => !packages.includes(name))) return packages;
  await machine.run(['apt-get', 'purge', '--quiet', '--yes', ...packages], {
    env,
    timeoutSeconds: PURGE_TIMEOUT_SECONDS,
  });
  return [];
}
