/**
 * A cloud at work, without a port: the objects of a store, the drivers that do what they ask for, and the methods of the
 * API. `create-frontend.ts` puts it on the network; tests call its methods in their own process.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { DriverRunner } from '../drivers/contract/driver-runner.ts';
import { traceOf } from '../errors/thrown.ts';
import { Configuration } from './configuration/configuration.ts';
import { IpamDrivers } from './dispatch/ipam-drivers.ts';
import { startVmDispatch } from './dispatch/start.ts';
import { diskFiles, noFiles } from './dispatch/vm-files.ts';
import { noVmLogs, VmLogFiles } from './dispatch/vm-logs.ts';
import { VnetDrivers } from './dispatch/vnet-drivers.ts';
import { createDefaultObjects, type StorageDrivers } from './first-start.ts';
import { startHookManager } from './hooks/hook-manager.ts';
import { type HookRunner, runHookCommand } from './hooks/hook-runner.ts';
import { startDatastoreMonitor } from './images/datastore-monitor.ts';
import { startImageManager } from './images/image-manager.ts';
import { startMarketManager } from './markets/market-manager.ts';
import { startMarketMonitor } from './markets/market-monitor.ts';
import { createInvoker } from './methods/invoke.ts';
import type { Method } from './methods/method.ts';
import { hashPassword, randomToken } from './methods/passwords.ts';
import { startScheduledActions } from './methods/scheduled-actions.ts';
import type { Services } from './methods/services.ts';
import { METHODS } from './methods/table.ts';
import { startExpiry } from './monitoring/expire-samples.ts';
import { startHostMonitor } from './monitoring/host-monitor.ts';
import { KIND_NAMES, KINDS } from './objects/kinds.ts';
import { Secrets } from './objects/secrets.ts';
import { newKey } from './one-key.ts';
import { AesCipher } from './platform/cipher.ts';
import { type Clock, guardedClock, systemClock } from './platform/clock.ts';
import { type Log, silentLog } from './platform/log.ts';
import { Cloud } from './store/cloud.ts';
import type { Store } from './store/store.ts';
import { watchObject } from './watch-object.ts';
import type { Exposed } from './xmlrpc/exposed-method.ts';

export interface CloudOptions {
  /** Disposed of with the cloud. */
  readonly store: Store;
  /** Disposed of with the cloud. */
  readonly drivers: DriverRunner;
  /** `user:password` of oneadmin, used when the store is empty. */
  readonly session: string;
  /** Drivers of the default datastores, used when the store is empty: `fs` and `local` unless given. */
  readonly storage?: StorageDrivers;
  readonly configuration?: Configuration;
  /**
   * Encrypts what `*_ENCRYPTED_ATTR` of the configuration names: that of `ensureKey` where the store is kept. One of the moment
   * unless given, for a store that goes with the cloud: another one could not read what it wrote.
   */
  readonly secretsKey?: string;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Where commands of hooks lie that are no absolute paths; `/var/lib/one/remotes/hooks` unless given. */
  readonly hooksFolder?: string;
  /** How commands of hooks are run; as processes of this machine unless given. */
  readonly runHook?: HookRunner;
  /** Where contexts, scripts and logs of VMs are written; nowhere unless given, which suits drivers that read none. */
  readonly vmFolders?: { readonly vms: string; readonly logs: string };
}

export interface RunningCloud extends AsyncDisposable {
  readonly cloud: Cloud;
  readonly configuration: Configuration;
  /** The methods, for whoever answers calls. */
  readonly exposed: Exposed;
}

const KIND_SHOWN_BY = new Map(KIND_NAMES.map((kind) => [`one.${KINDS[kind].prefix}.info`, kind]));

/** Goes on with what was under way when the store was last in use. What it was given is disposed of where it cannot start. */
export async function startCloud(options: CloudOptions): Promise<RunningCloud> {
  const { store, drivers, configuration = new Configuration(), log = silentLog } = options;
  const report = (error: unknown) => log('ONE', 'error', traceOf(error));
  const clock = guardedClock(options.clock ?? systemClock, report);
  // Disposed of in reverse: what stands on others goes first.
  await using made = new AsyncDisposableStack();
  made.use(store);
  made.use(drivers);
  const secrets = new Secrets(new AesCipher(options.secretsKey ?? newKey()), (name) => configuration.list(name));
  const cloud = new Cloud(store, report, secrets);
  createDefaultObjects(cloud, configuration, firstUsers(options), options.storage);
  const base = { cloud, drivers, configuration, clock, log };
  const ipam = made.use(new IpamDrivers(base));
  cloud.ipam = ipam;

  const places = vmPlaces(options.vmFolders, base);
  made.use(places.vmLogs);
  const vms = startVmDispatch({ ...base, ...places, ipam }, made);
  const datastores = made.use(startDatastoreMonitor(base));
  made.use(startImageManager({ ...base, spaceChanged: (id) => datastores.look(id) }));
  const vnetDrivers = made.use(new VnetDrivers({ ...base, ipam }));
  made.use(startMarketMonitor(base));
  made.use(startMarketManager(base));
  made.use(
    startHostMonitor({
      ...base,
      vmReport: (report) => vms.monitoring.report(report),
      measured: () => vms.scheduling.hostMeasured(),
    }),
  );
  made.use(startExpiry(cloud, configuration, clock));
  const hooks = made.use(
    startHookManager({ ...base, run: options.runHook ?? runHookCommand, folders: hookFolders(options, configuration) }),
  );
  const isMethod = (name: string) => METHODS.has(name);
  const { dispatcher, ruleUpdates, networkUpdates } = vms;
  const services: Services = { ...base, ipam, dispatcher, ruleUpdates, networkUpdates, vnetDrivers, hooks, isMethod };
  made.use(startScheduledActions(services));

  const invoke = createInvoker(services);
  const exposed: Exposed = {
    methods: METHODS,
    invoke: (method, session, args, peer) => invoke(method as Method, session, args, peer),
    watch(method, id) {
      const kind = KIND_SHOWN_BY.get(method);
      return kind && watchObject(cloud, kind, id);
    },
  };
  const all = made.move();
  return { cloud, configuration, exposed, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

function hookFolders({ hooksFolder = '/var/lib/one/remotes/hooks' }: CloudOptions, configuration: Configuration) {
  return { local: hooksFolder, remote: `${configuration.text('SCRIPTS_REMOTE_DIR')}/hooks` };
}

/** What a VM's scripts and logs are called, and where they are written, if anywhere. */
function vmPlaces(
  vmFolders: CloudOptions['vmFolders'],
  { configuration, clock, log }: Pick<Services, 'configuration' | 'clock' | 'log'>,
) {
  const places = {
    frontendName: configuration.text('HOSTNAME') || hostname(),
    datastoreLocation: configuration.text('DATASTORE_LOCATION'),
    vmsDirectory: vmFolders?.vms ?? '/var/lib/one/vms',
  };
  if (!vmFolders) return { places, files: noFiles, vmLogs: noVmLogs };
  const complain = (error: unknown) => log('VM', 'error', `Log of VMs: ${traceOf(error)}`);
  return { places, files: diskFiles, vmLogs: new VmLogFiles(vmFolders.logs, clock, complain) };
}

function firstUsers({ session }: CloudOptions) {
  const colon = session.indexOf(':');
  const user = (name: string, password: string) => ({
    name,
    passwordHash: hashPassword(password),
    token: randomToken(),
  });
  return {
    oneadmin: user(session.slice(0, colon), session.slice(colon + 1)),
    serveradmin: user('serveradmin', randomBytes(16).toString('hex')),
  };
}
