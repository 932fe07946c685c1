/** What clients on the user's machine need: the end point, and a file with the session that only one user can read. */
import { chmod, chown, mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findAccess } from './front-end.ts';
import type { Services } from './services.ts';

/** Gone after a reboot, as the sandbox's machines are. */
const FOLDER = '/run/onedock';

export interface ClientFiles {
  readonly endpoint: string;
  /** Holds `user:password`, for ONE_AUTH. */
  readonly authFile: string;
}

/** @throws SANDBOX_MISSING, and what reading from the front-end's machine throws */
export async function writeClientFiles(
  services: Pick<Services, 'testbed'>,
  sandbox: string,
  owner: { readonly user: number; readonly group: number },
): Promise<ClientFiles> {
  const { endpoint, session } = await findAccess(services, sandbox);
  const authFile = join(FOLDER, sandbox, `one_auth.${owner.user}`);
  const draft = `${authFile}.part`;
  await mkdir(join(FOLDER, sandbox), { recursive: true, mode: 0o755 });
  await rm(draft, { force: true });
  await writeFile(draft, `${session}\n`, { mode: 0o600, flag: 'wx' });
  await chmod(draft, 0o600);
  await chown(draft, owner.user, owner.group);
  await rename(draft, authFile);
  return { endpoint, authFile };
}

export async function removeClientFiles(sandbox: string): Promise<void> {
  await rm(join(FOLDER, sandbox), { recursive: true, force: true });
  // Other sandboxes' files, or no folder at all, are no reason to fail.
  await rmdir(FOLDER).catch(() => {});
}
