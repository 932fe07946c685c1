/** Files that root makes for a front-end of another user. */
import { chmodSync, chownSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The store holds password digests and tokens: only its owner reads what lies beside it. */
const FILE_MODE = 0o600;

/** Gives a file to the owner of the folder it is in, and to nobody else. */
export function ownLikeItsFolder(path: string): void {
  chmodSync(path, FILE_MODE);
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  chownSync(path, uid, gid);
}
