/** The front-end's program on a folder of its own, watched from inside, to be stopped and started again. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type FrontendProcess, startFrontendProcess } from '../../support/frontend-process.ts';
import { type ProcessFigures, SOCKET_VARIABLE } from './process-watch.ts';

export interface MeasuredFrontend extends AsyncDisposable {
  /** As in `http://127.0.0.1:36061/RPC2`; another one after each start. */
  readonly endpoint: string;
  /** `user:password` of oneadmin. */
  readonly session: string;
  /** What happened since it was last asked. */
  figures(): Promise<ProcessFigures>;
  /** Ends the program by SIGKILL and starts it anew. @returns once it takes calls */
  restart(): Promise<void>;
}

const SESSION = 'oneadmin:opennebula';
const WATCH = pathToFileURL(join(import.meta.dirname, 'process-watch.ts')).href;

export async function startMeasuredFrontend(): Promise<MeasuredFrontend> {
  await using made = new AsyncDisposableStack();
  const data = await mkdtemp(join(tmpdir(), 'onedock-bench-'));
  made.defer(() => rm(data, { recursive: true, maxRetries: 5 }));
  const config = join(data, 'oned.conf');
  const socket = join(data, 'watch.socket');
  await writeFile(config, '');
  await mkdir(join(data, '.one'));
  await writeFile(join(data, '.one/one_auth'), SESSION);

  const start = () =>
    startFrontendProcess({
      data,
      config,
      env: { NODE_OPTIONS: `--import=${WATCH}`, [SOCKET_VARIABLE]: socket },
    });
  let running: FrontendProcess = start();
  made.defer(async () => void (await running.stop()));
  let endpoint = await running.endpoint;
  const all = made.move();
  return {
    get endpoint() {
      return endpoint;
    },
    session: SESSION,
    figures: () => ask(socket),
    async restart() {
      await running.kill();
      await rm(socket, { force: true });
      running = start();
      endpoint = await running.endpoint;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function ask(socketPath: string): Promise<ProcessFigures> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path: '/' }, async (incoming) => {
      resolve(JSON.parse(Buffer.concat(await incoming.toArray()).toString('utf8')) as ProcessFigures);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
