/** onevdc: virtual data centers, which give groups the resources of zones. */
import { command, type Format, required, type Tool } from './command.ts';
import { CLUSTER_ID, DATASTORE_ID, GROUP_ID, HOST_ID, RANGE, textFormat, VNET_ID } from './formats.ts';
import { vdcPage, vdcTable } from './onevdc/vdc-page.ts';
import { zone } from './onezone/zone.ts';
import { fetchDocument, resource } from './resource.ts';
import { forEach } from './verbs/each.ts';
import { listCommands } from './verbs/list.ts';
import { plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const vdc = resource('VDC', 'vdc', 'VDC', 'vdcid');

const { kind } = vdc;

/** What names everything of its kind in a zone, and the id that stands for it. */
const ALL = 'ALL';
const ALL_ID = -10;

/** The same argument, where `ALL` stands for everything of its kind. */
function orAll(member: Format<number>): Format<number> {
  return { ...member, read: (typed, run, previous) => (typed === ALL ? ALL_ID : member.read(typed, run, previous)) };
}

function groupCommand(name: 'addgroup' | 'delgroup', help: string, done: string) {
  return command({
    name,
    help,
    args: [required(RANGE, vdc.idList), required(GROUP_ID)],
    run: (run, ids, groupId) => forEach(run, ids, { kind, done }, (id) => run.client.vdc[name](id, groupId)),
  });
}

/** The pair of commands that gives a resource of a zone to VDCs and takes it from them. */
function partCommands(part: 'cluster' | 'host' | 'datastore' | 'vnet', member: Format<number>) {
  return (['add', 'del'] as const).map((verb) =>
    command({
      name: `${verb}${part}`,
      help: `${verb === 'add' ? 'Gives' : 'Takes'} a ${part} of a zone ${verb === 'add' ? 'to' : 'from'} VDCs; ALL is every ${part} there.`,
      args: [required(RANGE, vdc.idList), required(zone.id), required(orAll(member))],
      run: (run, ids, zoneId, partId) =>
        forEach(run, ids, { kind, done: `${part} ${verb === 'add' ? 'added' : 'deleted'}` }, (id) =>
          run.client.vdc[`${verb}${part}`](id, zoneId, partId),
        ),
    }),
  );
}

export const onevdc: Tool = {
  name: 'onevdc',
  commands: [
    command({
      name: 'create',
      help: 'Creates a VDC.',
      args: [required(textFormat('name'))],
      run: async (run, name) => run.print(`ID: ${await run.client.vdc.allocate(`NAME = "${name}"`)}`),
    }),
    plainVerb(vdc, { name: 'delete', help: 'Deletes VDCs.', done: 'deleted' }, ({ client }, id) =>
      client.vdc.delete(id),
    ),
    groupCommand('addgroup', 'Gives the resources of VDCs to a group.', 'group added'),
    groupCommand('delgroup', 'Takes the resources of VDCs from a group.', 'group deleted'),
    ...partCommands('cluster', CLUSTER_ID),
    ...partCommands('host', HOST_ID),
    ...partCommands('datastore', DATASTORE_ID),
    ...partCommands('vnet', VNET_ID),
    renameCommand(vdc),
    updateCommand(vdc),
    ...listCommands({
      title: vdc.title,
      table: vdcTable,
      fetch: (run) => fetchDocument(run, 'one.vdcpool.info'),
    }),
    showCommand({ resource: vdc, page: vdcPage, options: [] }),
  ],
};
