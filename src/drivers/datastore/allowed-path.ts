import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { posix } from 'node:path';
import { wordList } from '../../opennebula/lists.ts';
import { fail } from './errors.ts';
import type { DatastoreRequest } from './request.ts';

/** Never readable through an image, whatever a datastore says: the front-end's own files. */
const OWN_DIRECTORIES = ['/var/lib/one', '/etc/one'];

/**
 * A path of the front-end that an image may be made of, links followed. SAFE_DIRS of the datastore win over
 * RESTRICTED_DIRS, as in OpenNebula (src/datastore_mad/remotes/libfs.sh, 7.4); here a directory covers what lies
 * below it, and not its neighbours with longer names.
 * @throws PATH_NOT_ALLOWED, PATH_MISSING
 */
export async function allowedPath(path: string, datastore: DatastoreRequest): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (!isAllowed(real ?? posix.normalize(path), datastore)) throw fail('PATH_NOT_ALLOWED', { path });
  if (real === undefined) throw fail('PATH_MISSING', { path });
  await access(real, constants.R_OK).catch((cause: unknown) => {
    throw fail('PATH_MISSING', { path }, cause);
  });
  return real;
}

export function isAllowed(path: string, { template }: DatastoreRequest): boolean {
  const covers = (directory: string) => path === directory || path.startsWith(`${directory.replace(/\/+$/, '')}/`);
  if (wordList(template.SAFE_DIRS).some(covers)) return true;
  return ![...OWN_DIRECTORIES, homedir(), ...wordList(template.RESTRICTED_DIRS)].some(covers);
}
