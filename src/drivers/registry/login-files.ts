import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Credentials, encodeCredentials } from './authorization.ts';

/**
 * Credentials and certificates for programs that take them only from files: a directory that only this user may open,
 * gone again when it is disposed of.
 */
export class LoginFiles implements AsyncDisposable {
  #directory: Promise<string> | undefined;

  /** A file as `docker login` writes it, with one server. */
  async writeLogin(server: string, credentials: Credentials): Promise<string> {
    const path = join(await this.#open(), `${encodeURIComponent(server)}.json`);
    const login = { auths: { [server]: { auth: encodeCredentials(credentials) } } };
    await writeFile(path, JSON.stringify(login), { mode: 0o600 });
    return path;
  }

  /** A directory with the authority of one server, under the name that skopeo looks for. */
  async linkAuthority(server: string, caFile: string): Promise<string> {
    const directory = join(await this.#open(), encodeURIComponent(server));
    await mkdir(directory, { recursive: true });
    await symlink(resolve(caFile), join(directory, 'ca.crt'));
    return directory;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const directory = this.#directory;
    this.#directory = undefined;
    if (directory) await rm(await directory, { recursive: true, force: true });
  }

  #open(): Promise<string> {
    this.#directory ??= mkdtemp(join(tmpdir(), 'onedock-login-'));
    return this.#directory;
  }
}
