/** Marketplaces: where images are offered, by a driver of each (src/market/MarketPlace.cc, 7.4). */
import { commaList } from '../../opennebula/lists.ts';
import { MARKET_STATE } from '../../opennebula/numbers.ts';
import { permissionsXml } from '../../opennebula/permissions.ts';
import { isKeyOf } from '../../opennebula/tables.ts';
import { type Template, templateXml, type Vector } from '../../opennebula/template.ts';
import { cdata, group, text } from '../../opennebula/xml.ts';
import type { OwnedRecord, TemplateRecord } from './record.ts';
import { Refusal } from './refusal.ts';
import { headXml, idList } from './xml-parts.ts';

export interface Marketplace extends OwnedRecord, TemplateRecord {
  /** One of `MARKET_STATE`. */
  readonly state: number;
  readonly marketMad: string;
  readonly zoneId: number;
  /** As its driver has told it last; undefined before. */
  readonly space?: MarketSpace;
}

export interface MarketSpace {
  readonly totalMb: number;
  readonly freeMb: number;
  readonly usedMb: number;
}

export function marketplaceXml(market: Marketplace, appIds: Iterable<number>): string {
  return group(
    'MARKETPLACE',
    headXml(market),
    text('STATE', market.state),
    cdata('MARKET_MAD', market.marketMad),
    cdata('ZONE_ID', market.zoneId),
    text('TOTAL_MB', market.space?.totalMb ?? 0),
    text('FREE_MB', market.space?.freeMb ?? 0),
    text('USED_MB', market.space?.usedMb ?? 0),
    idList('MARKETPLACEAPPS', appIds),
    permissionsXml(market.permissions),
    group('TEMPLATE', templateXml(market.template)),
  );
}

/** The template does not describe a marketplace. The message is oned's. */
export class InvalidMarketplace extends Refusal {
  override name = 'InvalidMarketplace';
}

/** The entry of a driver in MARKET_MAD_CONF; undefined when there is none. */
export type MarketDriver = (name: string) => Readonly<Vector> | undefined;

export type MarketDecisions = Pick<Marketplace, 'state' | 'marketMad' | 'template'>;

/** What a template makes of a new marketplace. @throws InvalidMarketplace */
export function decideForMarketplace(given: Template, driver: MarketDriver): MarketDecisions {
  const template = given.clone().delete('NAME').delete('ZONE_ID');
  const marketMad = template.get('MARKET_MAD') ?? '';
  if (marketMad === '') throw new InvalidMarketplace('No marketplace driver (MARKET_MAD) in template.');
  checkAttributes(template, marketMad, driver);
  const word = template.get('STATE')?.toUpperCase() ?? '';
  if (!isKeyOf(MARKET_STATE, word)) return { state: MARKET_STATE.ENABLED, marketMad, template };
  return { state: MARKET_STATE[word], marketMad, template: template.delete('STATE') };
}

/** The marketplace with another template, which may name another driver. @throws InvalidMarketplace */
export function withMarketTemplate(market: Marketplace, given: Template, driver: MarketDriver): Marketplace {
  const wanted = given.get('MARKET_MAD') ?? '';
  if (wanted !== '') checkAttributes(given, wanted, driver);
  const marketMad = wanted || market.marketMad;
  return { ...market, marketMad, template: given.clone().set('MARKET_MAD', marketMad) };
}

function checkAttributes(template: Template, marketMad: string, driver: MarketDriver): void {
  const entry = driver(marketMad);
  if (!entry) throw new InvalidMarketplace(`MARKET_MAD_CONF named "${marketMad}" is not defined in oned.conf`);
  const missing = commaList(entry.REQUIRED_ATTRS).find((name) => !template.get(name.toUpperCase()));
  if (missing === undefined) return;
  throw new InvalidMarketplace(
    `MarketPlace template is missing the "${missing.toUpperCase()}" attribute or it's empty.`,
  );
}

/** What may be done with the apps of a marketplace. */
export type AppAction = 'create' | 'delete' | 'monitor';

/** Of drivers whose entry does not say. */
const USUAL_ACTIONS: Readonly<Record<string, string>> = {
  http: 'create, monitor, delete',
  s3: 'create, monitor, delete',
  one: 'create, monitor',
};

export function allows({ marketMad }: Marketplace, action: AppAction, driver: MarketDriver): boolean {
  return commaList(driver(marketMad)?.APP_ACTIONS || USUAL_ACTIONS[marketMad]).includes(action);
}

/** Belongs to somebody else: it may go whatever it offers. */
export function isPublic({ marketMad }: Marketplace, driver: MarketDriver): boolean {
  return driver(marketMad)?.PUBLIC?.toUpperCase() === 'YES';
}
