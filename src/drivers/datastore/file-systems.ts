import { isKeyOf } from '../../opennebula/tables.ts';
import { fail } from './errors.ts';

/** Where mkfs programs are: not in the PATH of every user. */
export const SYSTEM_PATH = { PATH: `/usr/sbin:/sbin:${process.env.PATH ?? '/usr/bin:/bin'}` };

/** How a file system is made in a file; `quiet` since what they print is of no use to anybody. */
const FORMAT_COMMANDS = {
  ext2: ['mkfs.ext2', '-q', '-F'],
  ext3: ['mkfs.ext3', '-q', '-F'],
  ext4: ['mkfs.ext4', '-q', '-F'],
  xfs: ['mkfs.xfs', '-q', '-f'],
  btrfs: ['mkfs.btrfs', '-q', '-f'],
  vfat: ['mkfs.vfat'],
  swap: ['mkswap'],
} as const satisfies Record<string, readonly [program: string, ...options: string[]]>;

/**
 * The command that makes a file system in a file; undefined for an image without one, as `raw` asks for too.
 * @throws FILE_SYSTEM_UNSUPPORTED
 */
export function formatCommand(fileSystem: string, path: string): readonly string[] | undefined {
  if (fileSystem === '' || fileSystem === 'raw') return undefined;
  if (isKeyOf(FORMAT_COMMANDS, fileSystem)) return [...FORMAT_COMMANDS[fileSystem], path];
  throw fail('FILE_SYSTEM_UNSUPPORTED', { fileSystem, supported: Object.keys(FORMAT_COMMANDS).join(', ') });
}
