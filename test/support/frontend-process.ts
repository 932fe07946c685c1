/** The front-end as the process that a service manager runs, on a folder of its own, to be killed and started again. */
import { join } from 'node:path';
import { execa } from 'execa';
import { FRONT_END_NODE_OPTIONS } from '../../src/frontend/node-options.ts';

const MAIN = join(import.meta.dirname, '../../src/frontend/main.ts');
const START_TIMEOUT_MS = 180_000;

export interface FrontendProcess {
  /** As in `http://127.0.0.1:36061/RPC2`. */
  readonly endpoint: Promise<string>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with its exit code. */
  stop(): Promise<number | undefined>;
}

export interface FrontendPlace {
  /** Store, session, remotes. */
  readonly data: string;
  /** oned.conf */
  readonly config: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it on any free port. `endpoint` rejects when the process ends before it is ready. */
export function startFrontendProcess({ data, config, env = {} }: FrontendPlace): FrontendProcess {
  const options = [
    '--port',
    '0',
    '--listen',
    '127.0.0.1',
    '--data',
    data,
    '--config',
    config,
    '--log',
    join(data, 'log'),
  ];
  const child = execa(process.execPath, [...FRONT_END_NODE_OPTIONS, MAIN, ...options], { env, reject: false });
  const endpoint = readyLine(child.stdout, START_TIMEOUT_MS);
  // Whoever kills it before it is ready does not ask for its address.
  endpoint.catch(() => {});
  return {
    endpoint,
    async kill() {
      child.kill('SIGKILL');
      await child;
    },
    async stop() {
      child.kill('SIGTERM');
      return (await child).exitCode;
    },
  };
}

function readyLine(stream: NodeJS.ReadableStream, timeoutMs: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
    const endpoint = /ready at (\S+)\n/.exec(text)?.[1];
    if (endpoint) resolve(endpoint);
  });
  stream.on('end', () => reject(new Error(`The front-end ended before it was ready: ${text}`)));
  const late = setTimeout(() => reject(new Error('The front-end was not ready in time.')), timeoutMs);
  late.unref();
  return promise;
}
