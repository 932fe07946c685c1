import type { Transport } from '../transport/transport.ts';
import type { Change } from './change.ts';
import { fail } from './errors.ts';
import type { Root } from './root.ts';

const STATUS_FILE = '/var/lib/dpkg/status';

/**
 * Those that a front-end lacks. In a root directory nothing is installed: whoever makes it has to bring them.
 * @throws PACKAGES_MISSING when they cannot be installed
 */
export async function findMissingPackages(
  root: Root,
  machine: Transport,
  packages: readonly string[],
): Promise<string[]> {
  const status = (await root.readText(STATUS_FILE)) ?? '';
  const installed = new Set(
    Array.from(status.matchAll(/^Package: (\S+)\nStatus: install ok installed$/gm), ([, name = '']) => name),
  );
  const missing = packages.filter((name) => !installed.has(name));
  if (missing.length === 0) return [];
  const canInstall = root.isThisMachine && status !== '' && (await hasApt(machine));
  if (!canInstall) throw fail('PACKAGES_MISSING', { packages: missing });
  return missing;
}

export function installPackages(packages: readonly string[]): Change[] {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  return [
    { kind: 'command', argv: ['apt-get', 'update', '--quiet'], env },
    {
      kind: 'command',
      argv: ['apt-get', 'install', '--quiet', '--yes', '--no-install-recommends', ...packages],
      env,
    },
  ];
}

async function hasApt(machine: Transport): Promise<boolean> {
  const { exitCode } = await machine.run(['apt-get', '--version'], { acceptExitCodes: [0, 1, 127] }).catch(() => ({
    exitCode: 127,
  }));
  return exitCode === 0;
}
