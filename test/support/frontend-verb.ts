/** `onedock frontend --dummy` as other projects' test suites start it, with an oned.conf of its own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';

const PROGRAM = join(import.meta.dirname, '../../bin/onedock.mjs');

export interface VerbFrontend extends AsyncDisposable {
  readonly endpoint: string;
  readonly user: string;
  readonly password: string;
  /** Holds both, with a colon between them. */
  readonly authFile: string;
}

/** @param config lines of oned.conf */
export async function startFrontendVerb(config: string): Promise<VerbFrontend> {
  await using made = new AsyncDisposableStack();
  const data = await mkdtemp(join(tmpdir(), 'onedock-clients-'));
  made.defer(() => rm(data, { recursive: true }));
  const [user, password] = ['oneadmin', 'opennebula'];
  await writeFile(join(data, 'one_auth'), `${user}:${password}\n`, { mode: 0o600 });
  await writeFile(join(data, 'oned.conf'), config);
  const args = ['frontend', '--dummy', '1', '--port', '0', '--data', data, '--json'];
  const child = execa(process.execPath, [PROGRAM, ...args], { reject: false });
  made.defer(async () => {
    child.kill('SIGTERM');
    await child;
  });
  const { value: line } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  if (line === undefined) throw new Error(`The front-end did not start: ${(await child).stderr}`);
  const { endpoint, authFile } = JSON.parse(line);
  const all = made.move();
  return { endpoint, authFile, user, password, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
