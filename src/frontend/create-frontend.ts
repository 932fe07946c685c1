/**
 * The front-end on a port: a cloud kept in a store, drivers that do the work, and its API. `main.ts` makes the program
 * of a packaged install of it, `library.ts` what users of this package get.
 */
import { fail } from './errors.ts';
import { silentLog } from './platform/log.ts';
import { type CloudOptions, startCloud } from './start-cloud.ts';
import type { Cloud } from './store/cloud.ts';
import { startServer } from './xmlrpc/server.ts';

export interface FrontendOptions extends CloudOptions {
  /** 0: any free port. PORT and LISTEN_ADDRESS of the configuration unless given. */
  readonly port?: number;
  readonly address?: string;
}

export interface Frontend extends AsyncDisposable {
  /** As clients are told it: `http://127.0.0.1:2633/RPC2`. */
  readonly url: string;
  readonly port: number;
  readonly cloud: Cloud;
}

/** Starts a front-end; resolves once it takes calls. @throws FRONTEND_ADDRESS_TAKEN */
export async function createFrontend(options: FrontendOptions): Promise<Frontend> {
  // The API goes first, then what works for it.
  await using made = new AsyncDisposableStack();
  const { cloud, configuration, exposed } = made.use(await startCloud(options));
  const port = options.port ?? configuration.number('PORT');
  const address = options.address ?? configuration.text('LISTEN_ADDRESS');
  const server = await startServer({ port, address, exposed }).catch((error) => {
    throw fail('FRONTEND_ADDRESS_TAKEN', { address, port }, error);
  });
  made.use(server);
  (options.log ?? silentLog)('ONE', 'info', `Listening on ${server.url}`);
  const all = made.move();
  return { url: server.url, port: server.port, cloud, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
