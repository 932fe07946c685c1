/** The table of zones and the page of one. */
import type { Node } from '../../document.ts';
import { idColumn, nameColumn } from '../columns.ts';
import { fieldWriter, heading, type Line, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import type { ListView } from '../verbs/list.ts';

/** Facts: the endpoint in use as `endpoint`, the federation index of each zone by its id. */
export function zoneTable({ facts }: ListView): Table<Node> {
  return {
    columns: [
      {
        title: 'CURRENT',
        help: 'Active Zone',
        width: 1,
        cell: (document) => (document.get('TEMPLATE/ENDPOINT')?.trim() === facts.get('endpoint') ? '*' : ''),
      },
      idColumn('ONE identifier for the Zone'),
      nameColumn('Name of the Zone'),
      {
        title: 'ENDPOINT',
        help: 'Endpoint of the Zone',
        width: 45,
        left: true,
        cell: (document) => document.get('TEMPLATE/ENDPOINT'),
      },
      {
        title: 'FED_INDEX',
        help: 'Federation index',
        width: 10,
        left: true,
        cell: (document) => facts.get(document.get('ID') ?? '') ?? '-',
      },
      {
        title: 'STAT',
        help: 'Zone status',
        width: 4,
        left: true,
        cell: (document) => (document.int('STATE') === 0 ? 'on' : 'off'),
      },
    ],
  };
}

const SERVER_TABLE: Table<Node> = {
  columns: [
    { title: 'ID', width: 2, cell: (server) => server.get('ID') },
    { title: 'NAME', width: 15, left: true, cell: (server) => server.get('NAME') },
    { title: 'ENDPOINT', width: 63, left: true, cell: (server) => server.get('ENDPOINT') },
  ],
};

const RAFT_STATES = ['solo', 'candidate', 'follower', 'leader'];

const SYNC_TABLE: Table<Node> = {
  columns: [
    { title: 'ID', width: 2, cell: (server) => server.get('ID') },
    { title: 'NAME', width: 15, left: true, cell: (server) => server.get('NAME') },
    { title: 'STATE', width: 10, left: true, cell: (server) => RAFT_STATES[Number(server.get('STATE'))] ?? 'error' },
    { title: 'TERM', width: 10, left: true, cell: (server) => server.get('TERM') },
    { title: 'INDEX', width: 10, left: true, cell: (server) => server.get('LOG_INDEX') },
    { title: 'COMMIT', width: 10, left: true, cell: (server) => server.get('COMMIT') },
    { title: 'VOTE', width: 5, left: true, cell: (server) => server.get('VOTEDFOR') },
    { title: 'FED_INDEX', width: 10, left: true, cell: (server) => server.get('FEDLOG_INDEX') },
  ],
};

export function zonePage(document: Node): Line[] {
  const field = fieldWriter(18);
  const servers = document.all('SERVER_POOL/SERVER');
  return [
    heading(`ZONE ${document.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', document.get('ID')),
    field('NAME', document.get('NAME')),
    field('STATE', document.int('STATE') === 0 ? 'ENABLED' : 'DISABLED'),
    '',
    ...(servers.length === 0
      ? []
      : [
          '',
          heading('ZONE SERVERS'),
          ...tableLines(SERVER_TABLE, servers),
          '',
          heading('HA & FEDERATION SYNC STATUS'),
          ...tableLines(SYNC_TABLE, servers),
        ]),
    '',
    heading('ZONE TEMPLATE'),
    templateDump(document.first('TEMPLATE')),
  ];
}
