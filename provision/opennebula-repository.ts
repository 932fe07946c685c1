/** Where apt finds OpenNebula's own packages, and by which key it knows them. */
import type { MachineDescription } from './machine-description.ts';

export interface PackageRepository {
  /** Address, or a directory of the machine as `file:`. */
  readonly address: string;
  readonly suite: string;
  readonly component: string;
  /** Public key that signs it, in ASCII armor; undefined: a directory of the user's own, which is trusted as it is. */
  readonly key: string | undefined;
}

const LIST = '/etc/apt/sources.list.d/opennebula.list';
const KEY = '/etc/apt/keyrings/opennebula.asc';
/** In the machine, a mirror that lies on the user's machine. */
export const MIRROR_FOLDER = '/var/cache/onedock-packages';

export const REPOSITORY_PATHS = [LIST, KEY, MIRROR_FOLDER] as const;

/** Makes apt look at OpenNebula's repository alone, so that one that is not reached is told from all others. */
export const ONLY_THIS_REPOSITORY = ['-o', `Dir::Etc::SourceList=${LIST}`, '-o', 'Dir::Etc::SourceParts=-'] as const;

export function opennebulaRepository({ address, suite, component, key }: PackageRepository): MachineDescription {
  const option = key === undefined ? 'trusted=yes' : `signed-by=${KEY}`;
  return {
    directories: [{ path: '/etc/apt/keyrings', mode: 0o755 }],
    files: [
      { path: LIST, mode: 0o644, content: `deb [${option}] ${address} ${suite} ${component}\n` },
      ...(key === undefined ? [] : [{ path: KEY, mode: 0o644, content: `${key.trim()}\n` }]),
    ],
  };
}
