/** Apps that marketplaces tell of themselves (src/market/MarketPlaceAppPool.cc, import, 7.4). */
import { failureText } from '../../drivers/contract/action.ts';
import { parseTemplate } from '../../opennebula/template.ts';
import { ONEADMIN_GROUP_ID } from '../objects/group.ts';
import { type MarketApp, toldApp } from '../objects/market-app.ts';
import type { Marketplace } from '../objects/marketplace.ts';
import { nameProblem } from '../objects/names.ts';
import { ONEADMIN_ID } from '../objects/user.ts';
import { ZONE_ID } from '../objects/zone.ts';
import type { Log } from '../platform/log.ts';
import type { Cloud } from '../store/cloud.ts';
import { dropApp } from './market-app-removal.ts';

/** An app goes after so many reports in a row that do not name it. */
const MOST_MISSED = 3;

/** Of an app that everybody may use: umask 0133. */
const PERMISSIONS = 0o644;

export class ToldApps {
  readonly #cloud: Cloud;
  readonly #log: Log;
  /** How many reports in a row did not name an app. */
  readonly #missed = new Map<number, number>();

  constructor({ cloud, log }: { readonly cloud: Cloud; readonly log: Log }) {
    this.#cloud = cloud;
    this.#log = log;
  }

  /** @param told templates of all apps of the marketplace, in base64. Within a transaction. */
  takeOver(market: Marketplace, told: readonly string[]): void {
    const { marketapp: pool } = this.#cloud.pools;
    const missing = new Set(pool.ids('market', market.id));
    for (const encoded of told) {
      try {
        const id = this.#keep(market, encoded);
        this.#missed.delete(id);
        missing.delete(id);
      } catch (error) {
        this.#log('MKP', 'error', `Error importing app: ${failureText(error)}`);
      }
    }
    for (const id of missing) this.#miss(id);
  }

  /** @returns the id of the app @throws TemplateSyntaxError, or when it has no name that it may have */
  #keep(market: Marketplace, encoded: string): number {
    const { marketapp: pool, user: users } = this.#cloud.pools;
    const { name: given, ...decisions } = toldApp(parseTemplate(Buffer.from(encoded, 'base64').toString('utf8')));
    const name = nameProblem(given) === undefined ? given : `imported-${decisions.originId}`;
    const known = pool.byName(name, ONEADMIN_ID);
    if (known) {
      if (differs(known, decisions)) pool.put({ ...known, ...decisions });
      return known.id;
    }
    const uname = users.get(ONEADMIN_ID)?.name ?? 'oneadmin';
    return pool.put({
      id: pool.nextId(),
      name,
      uid: ONEADMIN_ID,
      gid: ONEADMIN_GROUP_ID,
      uname,
      gname: 'oneadmin',
      permissions: PERMISSIONS,
      ...decisions,
      marketId: market.id,
      market: market.name,
      zoneId: ZONE_ID,
    }).id;
  }

  #miss(id: number): void {
    const missed = (this.#missed.get(id) ?? 0) + 1;
    this.#missed.set(id, missed);
    if (missed < MOST_MISSED) return;
    this.#missed.delete(id);
    const app = this.#cloud.pools.marketapp.get(id);
    if (app) dropApp(this.#cloud, app);
  }
}

function differs(known: MarketApp, told: Pick<MarketApp, 'version' | 'md5' | 'source'>): boolean {
  return known.version !== told.version || known.md5 !== told.md5 || known.source !== told.source;
}
