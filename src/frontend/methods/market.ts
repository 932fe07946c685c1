/** `one.market.*` and `one.marketpool.*` (src/rm/api/MarketPlaceAPI.cc, 7.4). */
import { MARKET_STATE } from '../../opennebula/numbers.ts';
import { dropApp } from '../markets/market-app-removal.ts';
import type { MarketApp } from '../objects/market-app.ts';
import {
  decideForMarketplace,
  InvalidMarketplace,
  isPublic,
  type MarketDecisions,
  type MarketDriver,
  type Marketplace,
  withMarketTemplate,
} from '../objects/marketplace.ts';
import { ZONE_ID } from '../objects/zone.ts';
import { notAllocated } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, type Method, string } from './method.ts';
import { namingObstacle, ownedByCaller } from './standard/allocate.ts';
import { chmodMethod } from './standard/chmod.ts';
import { chownMethod } from './standard/chown.ts';
import { deleteMethod } from './standard/delete.ts';
import { infoMethod, sharedPoolMethod } from './standard/info.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';

export const marketMethods: readonly Method[] = [
  defineMethod({
    name: 'one.market.allocate',
    params: { template: string },
    help: 'Makes a marketplace.',
    run(call, { template: source }) {
      const template = call.parseTemplate(source);
      call.authorize(call.creation('marketplace'));
      const name = template.get('NAME') ?? '';
      const obstacle = namingObstacle(call, 'marketplace', name, call.uid);
      if (obstacle !== undefined) throw notAllocated(obstacle);
      const decisions = decided(() => decideForMarketplace(template, marketDriverOf(call)));
      const { marketplace: pool } = call.cloud.pools;
      return call.cloud.transaction(
        () => pool.put({ id: pool.nextId(), name, ...ownedByCaller(call), zoneId: ZONE_ID, ...decisions }).id,
      );
    },
  }),
  infoMethod('marketplace'),
  sharedPoolMethod('marketplace'),
  updateMethod('marketplace', {
    apply: (call, market, template) => withMarketTemplate(market, template, marketDriverOf(call)),
  }),
  renameMethod('marketplace', {
    spread: (call, market) => {
      for (const app of appsOf(call, market)) call.cloud.pools.marketapp.put({ ...app, market: market.name });
    },
  }),
  chmodMethod('marketplace'),
  chownMethod('marketplace'),
  deleteMethod('marketplace', {
    obstacle: (call, market) =>
      isPublic(market, marketDriverOf(call)) || appsOf(call, market).length === 0
        ? undefined
        : `marketplace  ${market.id} is not empty.`,
    alongWith: dropAppsOf,
  }),
  defineMethod({
    name: 'one.market.enable',
    params: { id: int, enable: boolean },
    help: 'Enables a marketplace, which is then monitored, or disables it, and forgets its apps.',
    run(call, { id, enable }) {
      const market = call.getAuthorized('marketplace', id, 'MANAGE');
      const state = enable ? MARKET_STATE.ENABLED : MARKET_STATE.DISABLED;
      if (market.state === state) return id;
      call.cloud.transaction(() => {
        if (!enable) dropAppsOf(call, market);
        call.cloud.pools.marketplace.put({ ...market, state });
      });
      return id;
    },
  }),
];

export function marketDriverOf({ services: { configuration } }: Call): MarketDriver {
  return (name) => configuration.driver('MARKET_MAD_CONF', name);
}

function appsOf({ cloud }: Call, market: Marketplace): MarketApp[] {
  const { marketapp: pool } = cloud.pools;
  return pool.withIds(pool.ids('market', market.id));
}

/** Within a transaction. */
function dropAppsOf(call: Call, market: Marketplace): void {
  for (const app of appsOf(call, market)) dropApp(call.cloud, app);
}

function decided(decide: () => MarketDecisions): MarketDecisions {
  try {
    return decide();
  } catch (error) {
    throw error instanceof InvalidMarketplace ? notAllocated(error.message) : error;
  }
}
