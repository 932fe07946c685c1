/**
 * Has drivers bring apps into marketplaces and take them out again (src/market/MarketPlaceManager*.cc, 7.4). What is to
 * be done stands in the app, so after a restart it is begun again.
 */
import pLimit from 'p-limit';
import { failureText } from '../../drivers/contract/action.ts';
import type { DriverRunner } from '../../drivers/contract/driver-runner.ts';
import { parseTemplate, type Template } from '../../opennebula/template.ts';
import { failApp, type MarketApp } from '../objects/market-app.ts';
import type { Clock } from '../platform/clock.ts';
import { type Log, logTime } from '../platform/log.ts';
import type { Cloud } from '../store/cloud.ts';
import { callMarket, exportImage } from './market-action.ts';
import { dropApp, releaseOrigin } from './market-app-removal.ts';

export interface MarketManagerOptions {
  readonly cloud: Cloud;
  readonly drivers: DriverRunner;
  readonly clock: Clock;
  readonly log: Log;
}

type AppWork = 'import' | 'delete';

/** As many drivers at a time as OpenNebula's own driver manager runs (`-t 15`). */
const CONCURRENT_ACTIONS = 15;

/** Begins what is to be done, and follows the apps until it is disposed. */
export function startMarketManager(options: MarketManagerOptions): Disposable {
  const { cloud, log } = options;
  /** Work under way, by app. */
  const running = new Map<number, AppWork>();
  const stop = new AbortController();
  const limit = pLimit(CONCURRENT_ACTIONS);

  const begin = (app: MarketApp) => {
    const work = workOf(app);
    if (work === undefined || running.has(app.id) || stop.signal.aborted) return;
    running.set(app.id, work);
    limit(() => (work === 'import' ? importApp(options, app.id, stop.signal) : deleteApp(options, app.id, stop.signal)))
      .catch((error) => log('MKP', 'error', `Marketplace app ${app.id}: ${failureText(error)}`))
      .finally(() => {
        running.delete(app.id);
        const now = cloud.pools.marketapp.get(app.id);
        // It may have been deleted while it was brought in.
        if (now && workOf(now) !== work) begin(now);
      });
  };

  const subscription = cloud.subscribe((changes) => {
    for (const change of changes) if (change.kind === 'marketapp' && change.after) begin(change.after);
  });
  for (const app of cloud.pools.marketapp.all()) begin(app);
  return {
    [Symbol.dispose]() {
      stop.abort();
      subscription[Symbol.dispose]();
    },
  };
}

function workOf(app: MarketApp): AppWork | undefined {
  if (app.removing) return 'delete';
  return app.state === 'LOCKED' ? 'import' : undefined;
}

async function importApp(options: MarketManagerOptions, id: number, signal: AbortSignal): Promise<void> {
  const { cloud, clock, log } = options;
  const begun = cloud.pools.marketapp.get(id);
  if (!begun || workOf(begun) !== 'import') return;
  let told: Partial<MarketApp> | undefined;
  let reason = '';
  try {
    told = readImported(await bringIn(options, begun, signal));
    if (!told) reason = 'Error importing app into marketplace. Missing app attributes.';
  } catch (error) {
    reason = `Error importing app into marketplace: ${failureText(error)}`;
  }
  if (signal.aborted) return;
  const app = cloud.pools.marketapp.get(id);
  if (!app || workOf(app) !== 'import') {
    log('MKP', 'error', `App ${id} no longer waits for its marketplace. You may need to remove: ${told?.source ?? ''}`);
    return;
  }
  cloud.transaction(() => {
    releaseOrigin(cloud, app);
    cloud.pools.marketapp.put(told ? { ...app, ...told, state: 'READY' } : failApp(app, reason, logTime(clock.now())));
  });
  if (told) log('MKP', 'info', 'Marketplace app successfully imported');
  else log('MKP', 'error', reason);
}

/** @returns what the driver prints */
async function bringIn(
  { cloud, drivers, log }: MarketManagerOptions,
  app: MarketApp,
  signal: AbortSignal,
): Promise<string> {
  const market = cloud.pools.marketplace.get(app.marketId);
  const image = cloud.pools.image.get(app.originId);
  const datastore = image && cloud.pools.datastore.get(image.datastoreId);
  if (!market) throw new Error('Marketplace no longer exists');
  if (!image || !datastore) throw new Error('Image does not exist.');
  const driverLog = logOf(log, app);
  const extra = await exportImage(drivers, cloud, { app, image, datastore, signal, log: driverLog }).catch((error) => {
    throw new Error(`Error exporting image to file: ${failureText(error)}`);
  });
  return callMarket(drivers, cloud, { action: 'import', market, id: app.id, app, extra, signal, log: driverLog });
}

/** SOURCE, MD5, FORMAT and SIZE; undefined when one is missing. */
function readImported(output: string): Partial<MarketApp> | undefined {
  const template: Template = parseTemplate(`${output}\n`);
  const [source, md5, format] = ['SOURCE', 'MD5', 'FORMAT'].map((name) => template.get(name) ?? '');
  const sizeMb = Number.parseInt(template.get('SIZE') ?? '', 10);
  return source && md5 && format && !Number.isNaN(sizeMb) ? { source, md5, format, sizeMb } : undefined;
}

/** The app goes whatever the driver says, which is only logged. */
async function deleteApp(options: MarketManagerOptions, id: number, signal: AbortSignal): Promise<void> {
  const { cloud, log } = options;
  const app = cloud.pools.marketapp.get(id);
  if (!app) return;
  const failure = await takeOut(options, app, signal);
  if (signal.aborted) return;
  const now = cloud.pools.marketapp.get(id);
  if (!now) return;
  cloud.transaction(() => dropApp(cloud, now));
  if (failure === undefined) log('MKP', 'info', 'Marketplace app successfully removed.');
  else log('MKP', 'error', `Error removing app from marketplace: ${failure}.`);
}

/** Only images lie in marketplaces; the other types are in the app itself. @returns why it failed */
async function takeOut(
  { cloud, drivers, log }: MarketManagerOptions,
  app: MarketApp,
  signal: AbortSignal,
): Promise<string | undefined> {
  const market = cloud.pools.marketplace.get(app.marketId);
  if (app.type !== 'IMAGE' || !market) return undefined;
  try {
    await callMarket(drivers, cloud, { action: 'delete', market, id: app.id, app, signal, log: logOf(log, app) });
    return undefined;
  } catch (error) {
    return failureText(error);
  }
}

function logOf(log: Log, { id }: MarketApp) {
  return (level: Parameters<Log>[1], text: string) => log('MKP', level, `Marketplace app ${id}: ${text}`);
}
