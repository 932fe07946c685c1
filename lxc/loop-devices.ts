/**
 * Loop devices are the kernel's, not a machine's: one that a machine attached stays when the machine is gone. Its path
 * means nothing outside the machine, so it is known by device and inode of its file.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transport } from '../src/transport/transport.ts';

interface LoopDevice {
  readonly name: string;
  /** Inode of the file, and the device it is on, as `major:minor`. */
  readonly 'back-ino': number;
  readonly 'back-maj:min': string;
}

/** Loop devices whose file lies below one of the folders of the user's machine. */
export async function findLoopDevices(local: Transport, folders: readonly string[]): Promise<string[]> {
  const { stdout } = await local.run(['losetup', '--list', '--json', '-O', 'NAME,BACK-INO,BACK-MAJ:MIN']);
  const devices: LoopDevice[] = stdout.trim() === '' ? [] : JSON.parse(stdout).loopdevices;
  if (devices.length === 0) return [];
  const files = new Set((await Promise.all(folders.map(fileIdentities))).flat());
  return devices
    .filter((device) => files.has(`${device['back-maj:min'].trim()} ${device['back-ino']}`))
    .map(({ name }) => name);
}

/** The kernel lets go of a device that is mounted still when it is mounted no longer. */
export async function detachLoopDevices(local: Transport, names: readonly string[]): Promise<void> {
  // 1: it was detached by itself in the meantime.
  await Promise.all(names.map((name) => local.run(['losetup', '--detach', name], { acceptExitCodes: [0, 1] })));
}

async function fileIdentities(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const identities = await Promise.all(
    files.map(async (path) => {
      const found = await stat(path).catch(() => undefined);
      return found === undefined ? [] : [`${deviceNumber(found.dev)} ${found.ino}`];
    }),
  );
  return identities.flat();
}

/** `major:minor` of a device number as glibc packs it (makedev(3)); major and minor are small on any real system. */
function deviceNumber(device: number): string {
  const major = Math.floor(device / 256) % 4096;
  const minor = (device % 256) + Math.floor(device / 2 ** 20) * 256;
  return `${major}:${minor}`;
}
