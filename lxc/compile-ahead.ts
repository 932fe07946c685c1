/**
 * What V8 makes of the front-end's sources, kept beside them: a new machine's front-end starts with a tenth less work. The
 * program is run once for it as it runs there, with a store that is thrown away.
 */
import { chmod, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ONEADMIN } from '../provision/base.ts';
import { PROGRAM_NAMES } from '../provision/bundle.ts';
import type { Transport } from '../src/transport/transport.ts';

const LONGEST_SECONDS = 120;

/** @param folder  of the bundled programs; where `compiled` lies from there, it lies on the machine too */
export async function compileAhead(local: Transport, folder: string, compiled: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'onedock-front-end-'));
  try {
    await writeFile(join(scratch, 'oned.conf'), '');
    await loadOnce(local, await modulesIn(folder), scratch, compiled);
    await giveToOneadmin(compiled);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The front-end first: it sets V8 as it wants it, and V8 takes what was compiled under other settings for nothing. */
async function modulesIn(folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.js'));
  const parts = files.filter((file) => !PROGRAM_NAMES.some((name) => name === basename(file, '.js')));
  return ['frontend.js', ...parts].map((file) => pathToFileURL(join(folder, file)).href);
}

/** A front-end that is told to end before it listens ends once it does. */
const END =
  "while (process.listenerCount('SIGTERM') === 0) await new Promise(setImmediate);\nprocess.kill(process.pid, 'SIGTERM');\n";

async function loadOnce(
  local: Transport,
  modules: readonly string[],
  scratch: string,
  compiled: string,
): Promise<void> {
  const env = { NODE_COMPILE_CACHE: compiled, NODE_COMPILE_CACHE_PORTABLE: '1' };
  const options = ['--data', scratch, '--config', join(scratch, 'oned.conf'), '--log', scratch];
  const argv = [process.execPath, '--input-type=module', '-', ...options, '--listen', '127.0.0.1', '--port', '0'];
  const stdin = `for (const each of ${JSON.stringify(modules)}) await import(each);\n${END}`;
  await local.run(argv, { stdin, env, timeoutSeconds: LONGEST_SECONDS });
}

/** Node keeps what each user has compiled apart, by the user's id at the end of a folder's name. */
async function giveToOneadmin(compiled: string): Promise<void> {
  const ours = `-${process.getuid?.()}`;
  for (const name of await readdir(compiled)) {
    const place = join(compiled, `${name.slice(0, -ours.length)}-${ONEADMIN.id}`);
    await rename(join(compiled, name), place);
    await chmod(place, 0o755);
    for (const file of await readdir(place)) await chmod(join(place, file), 0o644);
  }
}
