import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { RunOptions, RunResult, Transport } from './transport.ts';

/** Another transport's place, as root by sudo without a password: for machines that let only ordinary users in. */
export class SudoTransport implements Transport {
  readonly name: string;
  readonly #place: Transport;

  constructor(place: Transport) {
    this.name = place.name;
    this.#place = place;
  }

  run(argv: readonly string[], { env = {}, cwd, ...options }: RunOptions = {}): Promise<RunResult> {
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const folder = cwd === undefined ? [] : [`--chdir=${cwd}`];
    const settings = [...folder, ...variables];
    return this.#place.run(
      ['sudo', '-n', '--', ...(settings.length > 0 ? ['env', ...settings] : []), ...argv],
      options,
    );
  }

  /** By way of a file of the ordinary user's. */
  async put(localPath: string, remotePath: string): Promise<void> {
    const own = `/tmp/onedock-${randomBytes(8).toString('hex')}`;
    const mode = ((await stat(localPath)).mode & 0o7777).toString(8);
    await this.#place.put(localPath, own);
    try {
      await this.run(['install', '-m', mode, '--', own, remotePath]);
    } finally {
      await this.#place.run(['rm', '-f', '--', own]);
    }
  }

  [Symbol.asyncDispose]() {
    return this.#place[Symbol.asyncDispose]();
  }
}
