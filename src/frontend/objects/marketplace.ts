/** Marketplaces, listed for clients that ask for them (src/market/MarketPlace.cc, 7.4). */
import { permissionsXml } from '../../opennebula/permissions.ts';
import { templateXml } from '../../opennebula/template.ts';
import { cdata, group, text } from '../../opennebula/xml.ts';
import type { OwnedRecord, TemplateRecord } from './record.ts';
import { headXml, idList } from './xml-parts.ts';

export interface Marketplace extends OwnedRecord, TemplateRecord {
  /** 0 enabled, 1 disabled. */
  readonly state: number;
  readonly marketMad: string;
  readonly zoneId: number;
}

export function marketplaceXml(market: Marketplace): string {
  return group(
    'MARKETPLACE',
    headXml(market),
    text('STATE', market.state),
    cdata('MARKET_MAD', market.marketMad),
    cdata('ZONE_ID', market.zoneId),
    text('TOTAL_MB', 0),
    text('FREE_MB', 0),
    text('USED_MB', 0),
    idList('MARKETPLACEAPPS', []),
    permissionsXml(market.permissions),
    group('TEMPLATE', templateXml(market.template)),
  );
}
