/** The table of marketplace apps and the page of one (onemarketapp_helper.rb and onemarketapp.yaml, 7.4). */
import { APP_STATE, APP_TYPE } from '../../../opennebula/numbers.ts';
import { nameOf } from '../../../opennebula/tables.ts';
import type { Node } from '../../document.ts';
import { idColumn, nameColumn } from '../columns.ts';
import { fieldWriter, heading, type Line, permissionLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import { ctimeText, dateText } from '../output/times.ts';
import { lockText, sizeText } from '../output/units.ts';

const STATE_SHORT = { INIT: 'ini', READY: 'rdy', LOCKED: 'lck', ERROR: 'err', DISABLED: 'dis' } as const;

const TYPE_SHORT = { UNKNOWN: 'unk', IMAGE: 'img', VMTEMPLATE: 'tpl', SERVICE_TEMPLATE: 'srv' } as const;

function shortState(app: Node): string {
  return STATE_SHORT[nameOf(APP_STATE, app.int('STATE')) ?? 'INIT'];
}

export function appTable(): Table<Node> {
  return {
    columns: [
      idColumn('ONE identifier for the marketplace app'),
      nameColumn('Name of the marketplace app', 20),
      { title: 'VERSION', help: 'Version of the app', width: 10, cell: (app) => app.get('VERSION') },
      { title: 'SIZE', help: 'App size', width: 5, cell: (app) => sizeText(app.int('SIZE'), 'M') },
      {
        title: 'ARCH',
        help: 'OS Architecture',
        width: 7,
        cell: (app) => app.get('TEMPLATE/ARCHITECTURE'),
      },
      {
        title: 'HYPERVISOR',
        help: 'Hypervisor to use for VMs',
        width: 10,
        left: true,
        cell: (app) => app.get('TEMPLATE/HYPERVISOR'),
      },
      { title: 'STAT', help: 'State of the app', width: 4, cell: shortState },
      {
        title: 'REGTIME',
        help: 'Registration time of the app',
        width: 8,
        cell: (app) => dateText(app.int('REGTIME')),
      },
      {
        title: 'TYPE',
        help: 'Marketplace app type',
        width: 4,
        cell: (app) => TYPE_SHORT[nameOf(APP_TYPE, app.int('TYPE')) ?? 'UNKNOWN'],
      },
      {
        title: 'MARKET',
        help: 'Name of the MarketPlace',
        width: 10,
        left: true,
        cell: (app) => app.get('MARKETPLACE'),
      },
      { title: 'ZONE', help: 'Zone ID', width: 4, cell: (app) => app.get('ZONE_ID') },
    ],
    defaults: ['ID', 'NAME', 'VERSION', 'SIZE', 'ARCH', 'HYPERVISOR', 'STAT', 'TYPE', 'REGTIME', 'MARKET', 'ZONE'],
  };
}

export function appPage(app: Node): Line[] {
  const field = fieldWriter(15);
  return [
    heading(`MARKETPLACE APP ${app.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', app.get('ID')),
    field('NAME', app.get('NAME')),
    field('TYPE', nameOf(APP_TYPE, app.int('TYPE'))),
    field('USER', app.get('UNAME')),
    field('GROUP', app.get('GNAME')),
    field('MARKETPLACE', app.get('MARKETPLACE')),
    field('STATE', shortState(app)),
    field('LOCK', lockText(app)),
    '',
    ...permissionLines(app, field),
    '',
    heading('DETAILS'),
    field('SOURCE', app.get('SOURCE')),
    field('MD5', app.get('MD5')),
    field('PUBLISHER', app.get('PUBLISHER')),
    field('REGISTER TIME', ctimeText(app.int('REGTIME'))),
    field('VERSION', app.get('VERSION')),
    field('DESCRIPTION', app.get('DESCRIPTION')),
    field('SIZE', sizeText(app.int('SIZE'), 'M')),
    field('ORIGIN_ID', app.get('ORIGIN_ID')),
    field('FORMAT', app.get('FORMAT')),
    '',
    heading('IMPORT TEMPLATE'),
    Buffer.from(app.get('APPTEMPLATE64') ?? '', 'base64')
      .toString('utf8')
      .replace(/\n$/, ''),
    '',
    heading('MARKETPLACE APP TEMPLATE'),
    templateDump(app.first('TEMPLATE')),
    '',
  ];
}
