import type { Node } from '../document.ts';
import { idColumn, nameColumn } from './columns.ts';
import { command, optional, required, type Tool } from './command.ts';
import { FILE } from './formats.ts';
import { flag } from './option.ts';
import { fieldWriter, heading, type Line, tableLines } from './output/page.ts';
import type { Table } from './output/table.ts';
import { templateDump } from './output/template-dump.ts';
import { Refusal } from './refusal.ts';
import { fetchDocument, resource } from './resource.ts';
import type { Run } from './run.ts';
import { type ListView, listCommands, membersOf } from './verbs/list.ts';
import { plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const zone = resource('ZONE', 'zone', 'zone', 'zoneid');

const KEEP = flag({
  name: 'keep',
  short: '-k',
  long: '--keep',
  help: 'Only say how this shell would use the zone, write no file',
});

/** Facts: the endpoint in use as `endpoint`, the federation index of each zone by its id. */
export function zoneTable({ facts }: ListView): Table<Node> {
  return {
    columns: [
      {
        title: 'CURRENT',
        help: 'Whether it is the zone in use',
        width: 1,
        cell: (document) => (document.get('TEMPLATE/ENDPOINT')?.trim() === facts.get('endpoint') ? '*' : ''),
      },
      idColumn('Id of the zone'),
      nameColumn('Name of the zone'),
      {
        title: 'ENDPOINT',
        help: 'Where it answers',
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
        help: 'State',
        width: 4,
        left: true,
        cell: (document) => (document.int('STATE') === 0 ? 'on' : 'off'),
      },
    ],
  };
}

async function zoneFacts(run: Run, pool: Node, titles: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wantsIndex = titles.some((title) => title.toUpperCase() === 'FED_INDEX');
  const indexes = wantsIndex
    ? membersOf(pool).map(async (document): Promise<[string, string]> => {
        const endpoint = document.get('TEMPLATE/ENDPOINT') ?? '';
        return [document.get('ID') ?? '', await federationIndex(run, endpoint).catch(() => '-')];
      })
    : [];
  return new Map([['endpoint', run.client.endpoint.trim()], ...(await Promise.all(indexes))]);
}

const OTHER_ZONE_TIMEOUT_SECONDS = 5;

async function federationIndex(run: Run, endpoint: string): Promise<string> {
  const client = run.connect({ endpoint, timeoutSeconds: OTHER_ZONE_TIMEOUT_SECONDS });
  const status = await fetchDocument({ client }, 'one.zone.raftstatus');
  return status.get('FEDLOG_INDEX') ?? '-';
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

const setZone = command({
  name: 'set',
  help: 'Makes the commands of this user talk to a zone, by ~/.one/one_endpoint.',
  args: [required(zone.id)],
  options: [KEEP],
  run: async (run, id) => {
    const endpoint = (await run.client.zone.info(id)).text('TEMPLATE/ENDPOINT');
    if (endpoint === '') throw new Refusal(`No Endpoint defined for Zone ${id}`);
    if (run.has(KEEP)) {
      run.print(`Type: export ONE_XMLRPC=${endpoint}`);
      return;
    }
    const path = `${run.io.env.HOME ?? '/var/lib/one'}/.one/one_endpoint`;
    run.io.writeFile(path, `${endpoint}\n`, 0o644);
    run.print(`Endpoint changed to "${endpoint}" in ${path}`);
  },
});

export const onezone: Tool = {
  name: 'onezone',
  commands: [
    command({
      name: 'create',
      help: 'Creates a zone from a template, in a file or piped in.',
      args: [optional(FILE)],
      run: async (run, file) => {
        const template = file ?? (await run.io.readStdin('only-source'));
        run.print(`ID: ${await run.client.zone.allocate(template)}`);
      },
    }),
    plainVerb(zone, { name: 'delete', help: 'Deletes zones.', done: 'deleted' }, ({ client }, id) =>
      client.zone.delete(id),
    ),
    plainVerb(zone, { name: 'enable', help: 'Enables zones.', done: 'enable zone' }, ({ client }, id) =>
      client.zone.enable(id, true),
    ),
    plainVerb(
      zone,
      {
        name: 'disable',
        help: 'Disables zones: only calls that change nothing are carried out.',
        done: 'disable zone',
      },
      ({ client }, id) => client.zone.enable(id, false),
    ),
    setZone,
    renameCommand(zone),
    updateCommand(zone),
    ...listCommands({
      title: zone.title,
      table: zoneTable,
      fetch: (run) => fetchDocument(run, 'one.zonepool.info'),
      fetchFacts: zoneFacts,
    }),
    showCommand({ resource: zone, page: zonePage, options: [] }),
  ],
};
