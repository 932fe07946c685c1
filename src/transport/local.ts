import { chmod, copyFile, stat } from 'node:fs/promises';
import { runProcess } from './run-process.ts';
import type { Transport } from './transport.ts';

/** This machine, as the user that ONEDock runs as. */
export class LocalTransport implements Transport {
  readonly name = 'this machine';

  run(argv: Parameters<Transport['run']>[0], options: Parameters<Transport['run']>[1] = {}) {
    const { cwd } = options;
    return runProcess({ name: this.name, command: argv, ...(cwd === undefined ? {} : { cwd }) }, options);
  }

  async put(localPath: string, remotePath: string) {
    await copyFile(localPath, remotePath);
    await chmod(remotePath, (await stat(localPath)).mode & 0o7777);
  }

  async [Symbol.asyncDispose]() {}
}
