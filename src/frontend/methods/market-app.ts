/** `one.marketapp.*` and `one.marketapppool.*` (src/rm/api/MarketPlaceAppAPI.cc, src/market/MarketPlaceManagerActions.cc, 7.4). */
import type { Template } from '../../opennebula/template.ts';
import { releaseOrigin } from '../markets/market-app-removal.ts';
import { startCloning, WrongImageState } from '../objects/image-state.ts';
import {
  type AppDecisions,
  decideForApp,
  enableApp,
  failApp,
  InvalidApp,
  type MarketApp,
  withAppTemplate,
} from '../objects/market-app.ts';
import { allows, type Marketplace } from '../objects/marketplace.ts';
import { ZONE_ID } from '../objects/zone.ts';
import { logTime } from '../platform/log.ts';
import { deleteRulesOn } from '../resources/acl-rules.ts';
import { internal, notAllocated, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { marketDriverOf } from './market.ts';
import { boolean, defineMethod, int, type Method, string } from './method.ts';
import { namingObstacle, ownedByCaller } from './standard/allocate.ts';
import { chmodMethod } from './standard/chmod.ts';
import { chownMethod } from './standard/chown.ts';
import { infoMethod, ownedPoolMethod } from './standard/info.ts';
import { lockMethods } from './standard/lock.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';

export const marketAppMethods: readonly Method[] = [
  defineMethod({
    name: 'one.marketapp.allocate',
    params: { template: string, market: int },
    help: 'Offers an image in a marketplace; drivers then export it and bring it there.',
    run(call, { template: source, market: marketId }) {
      const template = call.parseTemplate(source);
      call.authorize(call.creation('marketapp'));
      const market = call.cloud.pools.marketplace.get(marketId);
      if (!market) throw internal(`Cannot find associated MARKETPLACE ID = ${marketId}`);
      if (!allows(market, 'create', marketDriverOf(call))) {
        throw notPossible(`Create disabled for market: ${market.name}`);
      }
      const { id, refusal } = call.cloud.transaction(() => offer(call, template, market));
      if (refusal !== undefined) throw internal(refusal);
      return id;
    },
  }),
  infoMethod('marketapp'),
  ownedPoolMethod('marketapp'),
  updateMethod('marketapp', { apply: (_, app, template) => withAppTemplate(app, template) }),
  renameMethod('marketapp'),
  chmodMethod('marketapp'),
  chownMethod('marketapp'),
  ...lockMethods('marketapp'),
  defineMethod({
    name: 'one.marketapp.delete',
    params: { id: int },
    help: 'Removes an app from its marketplace. Its driver does so behind the answer.',
    run(call, { id }) {
      const app = call.getAuthorized('marketapp', id, 'MANAGE');
      const obstacle = removalObstacle(call, app);
      if (obstacle !== undefined) throw notPossible(`Cannot delete marketplaceapp. ${obstacle}`);
      call.cloud.transaction(() => {
        releaseOrigin(call.cloud, app);
        call.cloud.pools.marketapp.put({ ...app, removing: true });
        deleteRulesOn(call.cloud, 'marketapp', id);
      });
      return id;
    },
  }),
  defineMethod({
    name: 'one.marketapp.enable',
    params: { id: int, enable: boolean },
    help: 'Enables or disables an app that is ready.',
    run(call, { id, enable }) {
      const app = call.getAuthorized('marketapp', id, 'MANAGE');
      call.cloud.transaction(() => call.cloud.pools.marketapp.put(enableApp(app, enable)));
      return id;
    },
  }),
];

/**
 * Keeps an app. One whose image cannot be taken is kept too, in the state ERROR, and the caller is told why.
 * Within a transaction.
 */
function offer(call: Call, template: Template, market: Marketplace): { id: number; refusal: string | undefined } {
  const { marketapp: pool } = call.cloud.pools;
  const name = template.get('NAME') ?? '';
  const obstacle = namingObstacle(call, 'marketapp', name, call.uid);
  if (obstacle !== undefined) throw notAllocated(obstacle);
  const now = call.services.clock.now();
  const app: MarketApp = {
    id: pool.nextId(),
    name,
    ...ownedByCaller(call),
    ...decided(template, now),
    marketId: market.id,
    market: market.name,
    zoneId: ZONE_ID,
  };
  const refusal = holdOrigin(call, app);
  const { id } = pool.put(refusal === undefined ? app : failApp(app, refusal, logTime(now)));
  return { id, refusal };
}

/** Holds the image until it is in the marketplace. @returns why that cannot be, in oned's words */
function holdOrigin({ cloud }: Call, app: MarketApp): string | undefined {
  if (app.type === 'UNKNOWN') return 'Marketplace app type not supported.';
  if (app.type !== 'IMAGE') return undefined;
  const image = cloud.pools.image.get(app.originId);
  if (!image) return 'Image does not exist.';
  try {
    cloud.pools.image.put(startCloning(image));
  } catch (error) {
    if (error instanceof WrongImageState) return 'Cannot clone image in current state';
    throw error;
  }
  cloud.links.add('image.appClones', image.id, app.id);
  return undefined;
}

function removalObstacle(call: Call, app: MarketApp): string | undefined {
  const market = call.cloud.pools.marketplace.get(app.marketId);
  if (!market) return `Cannot find associated  ID = ${app.marketId}`;
  if (!allows(market, 'delete', marketDriverOf(call))) return `Delete disabled for market: ${market.name}`;
  return app.type === 'UNKNOWN' ? '' : undefined;
}

function decided(template: Template, now: number): AppDecisions {
  try {
    return decideForApp(template, now);
  } catch (error) {
    throw error instanceof InvalidApp ? notAllocated(error.message) : error;
  }
}
