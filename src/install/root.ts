/** The files of a front-end below a root directory: `/` for the machine that this program runs on. */
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { groupsByUser, idsByName } from '../../provision/account-files.ts';
import { backupOf } from './places.ts';

export interface Owner {
  readonly user: number;
  readonly group: number;
}

export class Root {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Whether it is the machine that this program runs on, so that its programs and API can be asked. */
  get isThisMachine(): boolean {
    return this.path === '/';
  }

  /** Whether systemd can be told of units. In a container it may not run (sd_booted(3)). */
  get hasUnits(): boolean {
    return this.isThisMachine && existsSync('/run/systemd/system');
  }

  at(path: string): string {
    return join(this.path, path);
  }

  async has(path: string): Promise<boolean> {
    return (await this.#look(path)) !== undefined;
  }

  /** Undefined when there is none. */
  async read(path: string): Promise<Buffer | undefined> {
    return readFile(this.at(path)).catch(unlessMissing);
  }

  async readText(path: string): Promise<string | undefined> {
    return (await this.read(path))?.toString('utf8');
  }

  /** Names; none where there is no such folder. */
  async list(path: string): Promise<string[]> {
    return (await readdir(this.at(path)).catch(unlessMissing)) ?? [];
  }

  async attributes(path: string): Promise<(Owner & { readonly mode: number }) | undefined> {
    const found = await this.#look(path);
    return found && { mode: found.mode & 0o7777, user: found.uid, group: found.gid };
  }

  /** Undefined when the front-end has no such account. */
  async owner(name: string): Promise<Owner | undefined> {
    const text = (await this.readText('/etc/passwd')) ?? '';
    const user = idsByName(text).get(name);
    return user === undefined ? undefined : { user, group: groupsByUser(text).get(name) ?? user };
  }

  /** Whoever reads the file finds it whole. */
  async write(path: string, content: string | Buffer, { mode, user, group }: Owner & { mode: number }): Promise<void> {
    await mkdir(dirname(this.at(path)), { recursive: true });
    const draft = `${this.at(path)}.onedock-draft`;
    await writeFile(draft, content, { mode: 0o600 });
    await this.#give(draft, { mode, user, group });
    await rename(draft, this.at(path));
  }

  async copy(from: string, path: string, mode: number): Promise<void> {
    await mkdir(dirname(this.at(path)), { recursive: true });
    const draft = `${this.at(path)}.onedock-draft`;
    await copyFile(from, draft);
    await chmod(draft, mode);
    await rename(draft, this.at(path));
  }

  async makeFolder(path: string, owner: Owner & { mode: number }): Promise<void> {
    await mkdir(this.at(path), { recursive: true });
    await this.#give(this.at(path), owner);
  }

  /** Keeps a file as it is beside it, unless that was done before. */
  async backUp(path: string): Promise<void> {
    const [content, attributes] = await Promise.all([this.read(path), this.attributes(path)]);
    if (content === undefined || attributes === undefined || (await this.has(backupOf(path)))) return;
    await this.write(backupOf(path), content, attributes);
  }

  /** Removes a file or a folder; what it had taken the place of comes back. */
  async remove(path: string): Promise<void> {
    if (await this.has(backupOf(path))) return rename(this.at(backupOf(path)), this.at(path));
    await rm(this.at(path), { recursive: true, force: true });
  }

  async removeIfEmpty(path: string): Promise<void> {
    await rmdir(this.at(path)).catch((error: NodeJS.ErrnoException) => {
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code ?? '')) throw error;
    });
  }

  async #give(place: string, { mode, user, group }: Owner & { mode: number }): Promise<void> {
    const { uid, gid } = await lstat(place);
    if (uid !== user || gid !== group) await chown(place, user, group);
    await chmod(place, mode);
  }

  #look(path: string) {
    return lstat(this.at(path)).catch(unlessMissing);
  }
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
