/** The table of marketplaces and the page of one (onemarket_helper.rb and onemarket.yaml, 7.4). */
import { MARKET_STATE } from '../../../opennebula/numbers.ts';
import { nameOf } from '../../../opennebula/tables.ts';
import type { Node } from '../../document.ts';
import { idColumn, nameColumn, ownerColumns } from '../columns.ts';
import { fieldWriter, heading, type Line, permissionLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import { sizeText } from '../output/units.ts';
import type { ListView } from '../verbs/list.ts';

export function marketTable(view: ListView): Table<Node> {
  return {
    columns: [
      idColumn('ONE identifier for the Marketplace'),
      ...ownerColumns(view, 'Marketplace'),
      nameColumn('Name of the Marketplace'),
      {
        title: 'SIZE',
        help: 'Marketplace total size',
        width: 10,
        cell: (market) => sizeText(market.int('TOTAL_MB'), 'M'),
      },
      {
        title: 'AVAIL',
        help: 'Marketplace free size',
        width: 10,
        left: true,
        cell: (market) => {
          const total = market.int('TOTAL_MB');
          return total === 0 ? '-' : `${Math.round((market.int('FREE_MB') / total) * 100)}%`;
        },
      },
      {
        title: 'APPS',
        help: 'Number of marketplace apps',
        width: 6,
        cell: (market) => market.ids('MARKETPLACEAPPS').length,
      },
      { title: 'MAD', help: 'Marketplace driver', width: 7, left: true, cell: (market) => market.get('MARKET_MAD') },
      { title: 'ZONE', help: 'Zone ID', width: 4, cell: (market) => market.get('ZONE_ID') },
      {
        title: 'STAT',
        help: 'Marketplace status',
        width: 4,
        left: true,
        cell: (market) => (market.int('STATE') === MARKET_STATE.ENABLED ? 'on' : 'off'),
      },
    ],
    defaults: ['ID', 'NAME', 'SIZE', 'AVAIL', 'APPS', 'MAD', 'ZONE', 'STAT'],
  };
}

export function marketPage(market: Node): Line[] {
  const field = fieldWriter(15);
  return [
    heading(`MARKETPLACE ${market.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', market.get('ID')),
    field('NAME', market.get('NAME')),
    field('USER', market.get('UNAME')),
    field('GROUP', market.get('GNAME')),
    field('STATE', nameOf(MARKET_STATE, market.int('STATE'))),
    field('MARKET_MAD', market.get('MARKET_MAD')),
    '',
    heading('MARKETPLACE CAPACITY'),
    field('TOTAL:', sizeText(market.int('TOTAL_MB'), 'M')),
    field('FREE:', sizeText(market.int('FREE_MB'), 'M')),
    field('USED: ', sizeText(market.int('USED_MB'), 'M')),
    '',
    ...permissionLines(market, field),
    '',
    heading('MARKETPLACE TEMPLATE'),
    templateDump(market.first('TEMPLATE')),
    '',
    heading('MARKETAPPS', { width: 15, underlined: true }),
    ...market.ids('MARKETPLACEAPPS').map((id) => id.padEnd(15)),
  ];
}
