/**
 * Room and apps of marketplaces, asked of their drivers at the start, every MONITORING_INTERVAL_MARKET seconds, and when
 * a marketplace is enabled (src/market/MarketPlaceManager.cc, 7.4).
 */
import { failureText } from '../../drivers/contract/action.ts';
import type { DriverRunner } from '../../drivers/contract/driver-runner.ts';
import { MARKET_STATE } from '../../opennebula/numbers.ts';
import { parseTemplate } from '../../opennebula/template.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { allows, type Marketplace } from '../objects/marketplace.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { oneAtATime } from '../platform/one-at-a-time.ts';
import type { Cloud } from '../store/cloud.ts';
import { callMarket } from './market-action.ts';
import { ToldApps } from './told-apps.ts';

export interface MarketMonitorOptions {
  readonly cloud: Cloud;
  readonly drivers: DriverRunner;
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly log: Log;
}

export function startMarketMonitor(options: MarketMonitorOptions): Disposable {
  const { cloud, configuration, clock } = options;
  const stop = new AbortController();
  const apps = new ToldApps(options);
  const look = oneAtATime((id) => monitor(options, apps, id, stop.signal), stop.signal);
  const lookAtAll = () => {
    for (const { id } of cloud.pools.marketplace.all()) look(id);
  };

  const subscription = cloud.subscribe((changes) => {
    for (const change of changes) {
      if (change.kind === 'marketplace' && isEnabled(change.after) && change.before && !isEnabled(change.before)) {
        look(change.id);
      }
    }
  });
  const timer = clock.every(configuration.number('MONITORING_INTERVAL_MARKET'), lookAtAll);
  lookAtAll();
  return {
    [Symbol.dispose]() {
      stop.abort();
      timer[Symbol.dispose]();
      subscription[Symbol.dispose]();
    },
  };
}

async function monitor(options: MarketMonitorOptions, apps: ToldApps, id: number, signal: AbortSignal): Promise<void> {
  const { cloud, drivers, configuration, log } = options;
  const market = cloud.pools.marketplace.get(id);
  if (!market || !isEnabled(market)) return;
  const { name, marketMad } = market;
  if (!allows(market, 'monitor', (mad) => configuration.driver('MARKET_MAD_CONF', mad))) return;
  // Every cloud begins with public marketplaces, whose drivers need not be there.
  if (!drivers.has('market', marketMad)) {
    log('MKP', 'debug', `Marketplace driver '${marketMad}' not available`);
    return;
  }
  try {
    const output = await callMarket(drivers, cloud, { action: 'monitor', market, id, signal });
    if (signal.aborted) return;
    const report = parseTemplate(`${output.trim()}\n`);
    const figure = (key: string) => Math.trunc(Number(report.get(key) ?? 0)) || 0;
    const now = cloud.pools.marketplace.get(id);
    if (!now || !isEnabled(now)) return;
    const space = { totalMb: figure('TOTAL_MB'), freeMb: figure('FREE_MB'), usedMb: figure('USED_MB') };
    cloud.transaction(() => {
      const known = now.space;
      const same = known && known.totalMb === space.totalMb && known.freeMb === space.freeMb;
      if (!same || known.usedMb !== space.usedMb) cloud.pools.marketplace.put({ ...now, space });
      const told = report.attributes.flatMap(([key, value]) =>
        key === 'APP' && typeof value === 'string' ? [value] : [],
      );
      if (told.length > 0) apps.takeOver(now, told);
    });
    log('MKP', 'debug', `Marketplace ${name} (${id}) successfully monitored.`);
  } catch (error) {
    if (!signal.aborted) log('MKP', 'error', `Error monitoring marketplace ${id}: ${failureText(error)}`);
  }
}

function isEnabled(market: Marketplace | undefined): boolean {
  return market?.state === MARKET_STATE.ENABLED;
}
