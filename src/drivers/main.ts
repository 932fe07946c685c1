/** The program that the files of a remotes folder call: one action of one driver, then it ends. Bundled by esbuild. */
import { text } from 'node:stream/consumers';
import { runExecutable } from './contract/executable.ts';
import { InProcessDrivers } from './contract/in-process-drivers.ts';
import { openServices } from './services.ts';
import { driverTable } from './table.ts';

// An action that ends without having said how has failed.
process.exitCode = 1;

const abort = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.once(signal, () => abort.abort(new Error(`The action was ended by ${signal}.`)));
}

const drivers = new InProcessDrivers(driverTable, openServices(undefined, 'host'));
const exitCode = runExecutable(drivers, {
  argv: process.argv,
  readStdin: async () => (process.stdin.isTTY ? '' : text(process.stdin)),
  stdout: (line) => process.stdout.write(line),
  stderr: (line) => process.stderr.write(line),
  signal: abort.signal,
});
exitCode
  .then((code) => {
    process.exitCode = code;
  })
  .finally(() => drivers[Symbol.asyncDispose]());
