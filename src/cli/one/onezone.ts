/** onezone: zones of a federation. */
import type { Node } from '../document.ts';
import { command, optional, required, type Tool } from './command.ts';
import { FILE } from './formats.ts';
import { serverCommands } from './onezone/server-commands.ts';
import { zone } from './onezone/zone.ts';
import { zonePage, zoneTable } from './onezone/zone-page.ts';
import { flag } from './option.ts';
import { Refusal } from './refusal.ts';
import { fetchDocument } from './resource.ts';
import type { Run } from './run.ts';
import { listCommands, membersOf } from './verbs/list.ts';
import { plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const KEEP = flag({
  name: 'keep',
  short: '-k',
  long: '--keep',
  help: 'Only say how this shell would use the zone, write no file',
});

async function zoneFacts(run: Run, pool: Node, titles: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wantsIndex = titles.includes('FED_INDEX');
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
    ...serverCommands,
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
