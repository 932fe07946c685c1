/** The command as users run it, process start and all. */
import { join } from 'node:path';
import { execa } from 'execa';

const REPOSITORY = join(import.meta.dirname, '../..');
const PROGRAM = join(REPOSITORY, 'bin/onedock.mjs');
const TIMEOUT_SECONDS = 300;

/** A verb on a sandbox of that name. @returns what it printed as JSON @throws with its stderr */
export async function onedock(sandbox: string, ...argv: readonly string[]): Promise<unknown> {
  const options = ['--name', sandbox, '--json'];
  const [verbs, rest] = splitAt(argv, argv.indexOf('--'));
  const { stdout } = await execa(process.execPath, [PROGRAM, ...verbs, ...options, ...rest], {
    timeout: TIMEOUT_SECONDS * 1000,
    // No sandbox.yaml of the user's is to be found: what is measured is a sandbox by default.
    cwd: import.meta.dirname,
  });
  return stdout.trim() === '' ? undefined : JSON.parse(stdout);
}

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function splitAt<T>(list: readonly T[], index: number): [readonly T[], readonly T[]] {
  return index === -1 ? [list, []] : [list.slice(0, index), list.slice(index)];
}
