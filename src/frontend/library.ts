/**
 * The front-end as a library: OpenNebula's API in this process, for the tests of clients. It needs neither root nor a
 * hypervisor; its dummy hosts run whatever VM they are given, at once.
 *
 * @example
 * import { createFrontend } from 'onedock/frontend';
 *
 * await using frontend = await createFrontend({ dummyHosts: 3 });
 * // point a client at frontend.url, with frontend.session
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { combineDrivers } from '../drivers/contract/combine-drivers.ts';
import { ExecutableDrivers } from '../drivers/contract/executable-drivers.ts';
import { InProcessDrivers } from '../drivers/contract/in-process-drivers.ts';
import { openServices } from '../drivers/services.ts';
import { driverTable } from '../drivers/table.ts';
import { codeOf, messageOf } from '../errors/thrown.ts';
import { createClient } from '../opennebula/client/client.ts';
import type { HostState } from '../opennebula/numbers.ts';
import { parseTemplate, Template } from '../opennebula/template.ts';
import { Configuration } from './configuration/configuration.ts';
import { type Frontend as RunningFrontend, createFrontend as startFrontend } from './create-frontend.ts';
import { ensureDataFolder } from './data-folder.ts';
import { fail } from './errors.ts';
import { ensureSession, isSession } from './one-auth.ts';
import { ensureKey } from './one-key.ts';
import { type LogLevel, logLine } from './platform/log.ts';
import { SqliteStore } from './store/sqlite-store.ts';

export interface FrontendOptions {
  /** So many hosts of the dummy drivers, `dummy-1` and so on, in a cloud whose datastores are dummies too. 0 by default. */
  readonly dummyHosts?: number;
  /** 0, the default, is any free one; OpenNebula's own is 2633. */
  readonly port?: number;
  /** `127.0.0.1` by default. */
  readonly address?: string;
  /**
   * Where everything is kept: the store, `one_auth` with oneadmin's session, files of VMs, and `remotes` with drivers of
   * your own. What a front-end left there is found again. By default a temporary folder, which goes with the front-end.
   */
  readonly dataFolder?: string;
  /** `user:password` of oneadmin in a new cloud. By default that of `one_auth`, which is made with a random password. */
  readonly session?: string;
  /** Attributes of `oned.conf` that are to differ from those of a fresh OpenNebula; `oned.conf` of the folder unless given. */
  readonly configuration?: string;
  /** Gets each line of what oned would write into its log. */
  readonly log?: (line: string, level: LogLevel) => void;
}

/** A front-end that takes calls until it is disposed of. */
export interface Frontend extends AsyncDisposable {
  /** As clients are told it: `http://127.0.0.1:2633/RPC2`. */
  readonly url: string;
  /** Answers GET with `200 ok`. */
  readonly healthUrl: string;
  readonly port: number;
  /** `user:password` of oneadmin. */
  readonly session: string;
  /** The file that holds the session, for ONE_AUTH. */
  readonly authFile: string;
  readonly dataFolder: string;
}

/**
 * Starts a front-end; resolves once it takes calls and all its dummy hosts are monitored.
 * @throws FRONTEND_FOLDER_UNUSABLE, FRONTEND_ADDRESS_TAKEN, FRONTEND_SESSION_INVALID, AUTH_FILE_INVALID,
 *   FRONTEND_CONFIGURATION_UNREADABLE, STORE_IN_USE, STORE_TOO_NEW, STORE_UNREADABLE
 */
export async function createFrontend(options: FrontendOptions = {}): Promise<Frontend> {
  await using made = new AsyncDisposableStack();
  const dataFolder = await openDataFolder(made, options.dataFolder);
  const authFile = join(dataFolder, 'one_auth');
  const session = await openSession(authFile, options.session);
  const configuration = await readConfiguration(options.configuration, dataFolder);
  const frontend = made.use(await start(options, { dataFolder, session, configuration }));
  await addDummyHosts(frontend, session, options.dummyHosts ?? 0);
  const { url, port } = frontend;
  const healthUrl = new URL('/health', url).href;
  const all = made.move();
  return { url, healthUrl, port, session, authFile, dataFolder, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function openDataFolder(made: AsyncDisposableStack, given: string | undefined): Promise<string> {
  if (given !== undefined) {
    await ensureDataFolder(given);
    return given;
  }
  const folder = await mkdtemp(join(tmpdir(), 'onedock-frontend-'));
  made.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function openSession(authFile: string, given: string | undefined): Promise<string> {
  if (given === undefined) return ensureSession(authFile);
  if (!isSession(given)) throw fail('FRONTEND_SESSION_INVALID', {});
  await writeFile(authFile, `${given}\n`, { mode: 0o600 });
  return given;
}

async function start(
  options: FrontendOptions,
  { dataFolder, session, configuration }: { dataFolder: string; session: string; configuration: Configuration },
): Promise<RunningFrontend> {
  const { dummyHosts = 0, port = 0, address = '127.0.0.1', log } = options;
  const vms = join(dataFolder, 'vms');
  const remotes = join(dataFolder, 'remotes');
  return startFrontend({
    secretsKey: await ensureKey(dataFolder),
    store: new SqliteStore(join(dataFolder, 'one.db')),
    drivers: combineDrivers(
      new InProcessDrivers(driverTable, openServices()),
      new ExecutableDrivers({ remotes, cwd: dataFolder }),
    ),
    session,
    ...(dummyHosts > 0 ? { storage: { dsMad: 'dummy', tmMad: 'dummy' } } : {}),
    configuration,
    hooksFolder: join(remotes, 'hooks'),
    vmFolders: { vms, logs: vms },
    port,
    address,
    ...(log ? { log: (module, level, text) => log(logLine(Date.now() / 1000, module, level, text), level) } : {}),
  });
}

async function readConfiguration(given: string | undefined, dataFolder: string): Promise<Configuration> {
  const path = join(dataFolder, 'oned.conf');
  try {
    const source = given ?? (await readIfThere(path));
    const changes = new Template([['DATASTORE_LOCATION', join(dataFolder, 'datastores')]]);
    return new Configuration(changes.merge(parseTemplate(source)));
  } catch (error) {
    const problem = messageOf(error);
    const which = given === undefined ? path : 'that was given';
    throw fail('FRONTEND_CONFIGURATION_UNREADABLE', { path: which, problem }, error);
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}

/** A host that somebody has disabled is not waited for. */
const BEFORE_MONITORING: ReadonlySet<HostState> = new Set(['INIT', 'MONITORING_INIT']);

/** Those that an earlier front-end left in the store stay. */
async function addDummyHosts({ url, cloud }: RunningFrontend, session: string, count: number): Promise<void> {
  const { host: pool } = cloud.pools;
  const names = Array.from({ length: count }, (_, i) => `dummy-${i + 1}`);
  const wereLookedAt = () => names.every((name) => !BEFORE_MONITORING.has(pool.byName(name)?.state ?? 'INIT'));
  const monitored = Promise.withResolvers<void>();
  using _ = cloud.subscribe(() => {
    if (wereLookedAt()) monitored.resolve();
  });
  using client = createClient({ endpoint: url, session });
  for (const name of names) if (!pool.byName(name)) await client.host.allocate(name, 'dummy', 'dummy');
  if (!wereLookedAt()) await monitored.promise;
}
