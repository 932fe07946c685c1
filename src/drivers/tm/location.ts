/** Places of files as transfer commands name them: `host-1:/var/lib/one//datastores/0/7/disk.1`. */
import { posix } from 'node:path';
import { fail } from './errors.ts';

export interface Location {
  /** Name of a host, or of the front-end. */
  readonly machine: string;
  /** Absolute, without the double slash that OpenNebula's default location has. */
  readonly path: string;
}

/** @throws LOCATION_INVALID */
export function parseLocation(text: string): Location {
  const colon = text.indexOf(':');
  const [machine, path] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)];
  if (machine === '' || !path.startsWith('/')) throw fail('LOCATION_INVALID', { text });
  return { machine, path: posix.normalize(path).replace(/(?<=.)\/$/, '') };
}

/**
 * Holds that a location is the directory of a VM, or a file in it, so that nothing else is ever removed.
 * @throws PATH_NOT_OF_VM
 */
export function checkBelongsToVm({ machine, path }: Location, vmId: string): void {
  const directory = isVmDirectory(path, vmId) ? path : posix.dirname(path);
  if (!isVmDirectory(directory, vmId)) throw fail('PATH_NOT_OF_VM', { place: machine, path, vmId });
}

function isVmDirectory(path: string, vmId: string): boolean {
  return /^\d+$/.test(vmId) && posix.basename(path) === vmId && /^\d+$/.test(posix.basename(posix.dirname(path)));
}

/** Whether it is the directory of the VM, and not a file in it. */
export function isDirectoryOfVm({ path }: Location, vmId: string): boolean {
  return isVmDirectory(path, vmId);
}

/** The number of `…/disk.<n>`; undefined for other files, such as kernels. */
export function diskIdOf({ path }: Location): number | undefined {
  const [, id] = /\/disk\.(\d+)$/.exec(path) ?? [];
  return id === undefined ? undefined : Number(id);
}
