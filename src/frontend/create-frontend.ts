/**
 * The front-end as a library: a cloud kept in a store, its API on a port, drivers that do the work. `main.ts` makes the
 * program of it; tests make as many as they like in one process.
 */
import { randomBytes } from 'node:crypto';
import type { DriverRunner } from '../drivers/contract/driver-runner.ts';
import { Configuration } from './configuration/configuration.ts';
import { fail } from './errors.ts';
import { createDefaultObjects } from './first-start.ts';
import { startDatastoreMonitor } from './images/datastore-monitor.ts';
import { startImageManager } from './images/image-manager.ts';
import { createInvoker } from './methods/invoke.ts';
import type { Method } from './methods/method.ts';
import { hashPassword, randomToken } from './methods/passwords.ts';
import type { Services } from './methods/services.ts';
import { METHODS } from './methods/table.ts';
import { startExpiry } from './monitoring/expire-samples.ts';
import { startHostMonitor } from './monitoring/host-monitor.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { type Log, silentLog } from './platform/log.ts';
import { Cloud } from './store/cloud.ts';
import type { Store } from './store/store.ts';
import { startServer } from './xmlrpc/server.ts';

export interface FrontendOptions {
  /** Disposed of with the front-end. */
  readonly store: Store;
  readonly drivers: DriverRunner;
  /** `user:password` of oneadmin, used when the store is empty. */
  readonly session: string;
  /** Password of serveradmin, used when the store is empty; random unless given. */
  readonly serveradminPassword?: string;
  readonly configuration?: Configuration;
  readonly clock?: Clock;
  readonly log?: Log;
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

/** Starts a front-end; resolves once it takes calls. */
export async function createFrontend(options: FrontendOptions): Promise<Frontend> {
  const { store, drivers, configuration = new Configuration(), clock = systemClock, log = silentLog } = options;
  const cloud = new Cloud(store, (error) => log('ONE', 'error', describe(error)));
  createDefaultObjects(cloud, configuration, firstUsers(options));
  const services: Services = { cloud, drivers, configuration, clock, log };

  const work = new DisposableStack();
  const datastores = work.use(startDatastoreMonitor(services));
  work.use(startImageManager({ ...services, spaceChanged: (id) => datastores.look(id) }));
  work.use(startHostMonitor({ ...services, vmReport: () => {} }));
  work.use(startExpiry(cloud, configuration, clock));

  const invoke = createInvoker(services);
  const port = options.port ?? configuration.number('PORT');
  const address = options.address ?? configuration.text('LISTEN_ADDRESS');
  const server = await startServer({
    port,
    address,
    exposed: {
      methods: METHODS,
      invoke: (method, session, args, peer) => invoke(method as Method, session, args, peer),
    },
  }).catch((error) => {
    work.dispose();
    throw fail('FRONTEND_ADDRESS_TAKEN', { address, port }, error);
  });
  log('ONE', 'info', `Listening on ${server.url}`);
  return {
    url: server.url,
    port: server.port,
    cloud,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      work.dispose();
      await drivers[Symbol.asyncDispose]();
      store[Symbol.dispose]();
    },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function firstUsers({ session, serveradminPassword = randomBytes(16).toString('hex') }: FrontendOptions) {
  const colon = session.indexOf(':');
  const user = (name: string, password: string) => ({
    name,
    passwordHash: hashPassword(password),
    token: randomToken(),
  });
  return {
    oneadmin: user(session.slice(0, colon), session.slice(colon + 1)),
    serveradmin: user('serveradmin', serveradminPassword),
  };
}
