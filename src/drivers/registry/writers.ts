/**
 * Who writes to a registry on this machine, and that there is garbage in it, told to the collector of its garbage
 * (provision/registry-collector.ts) by a folder: what is being stored is no garbage, though no image has it yet.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shareFileLock } from '../../transport/file-lock.ts';

export class RegistryWriters {
  readonly #folder: string | undefined;
  #count = 0;
  #lock: Promise<AsyncDisposable> | undefined;

  /** @param folder  none where nobody collects garbage on this machine */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** From now on nothing is collected, until all who write have ended; one who collects is waited for. */
  async begin(signal?: AbortSignal): Promise<AsyncDisposable> {
    signal?.throwIfAborted();
    if (this.#folder !== undefined) {
      this.#count++;
      this.#lock ??= shareFileLock(join(this.#folder, 'lock'));
      try {
        await this.#lock;
      } catch (error) {
        this.#lock = undefined;
        this.#count--;
        throw error;
      }
    }
    let ended = false;
    return {
      [Symbol.asyncDispose]: async () => {
        if (ended || this.#folder === undefined) return;
        ended = true;
        this.#count--;
        if (this.#count > 0) return;
        const lock = this.#lock;
        this.#lock = undefined;
        await (await lock)?.[Symbol.asyncDispose]();
      },
    };
  }

  /** Something was deleted, whose space can be given back. */
  async noteGarbage(): Promise<void> {
    if (this.#folder === undefined) return;
    await writeFile(join(this.#folder, 'garbage'), '', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
