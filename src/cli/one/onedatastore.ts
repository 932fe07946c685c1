/** onedatastore: where images and disks lie. */
import { CLUSTER } from './cluster-option.ts';
import { command, optional, type Tool } from './command.ts';
import { FILE } from './formats.ts';
import { datastorePage, datastoreTable } from './onedatastore/datastore-page.ts';
import { fetchDocument, resource } from './resource.ts';
import { listCommands } from './verbs/list.ts';
import { ownerCommands, plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const datastore = resource('DATASTORE', 'datastore', 'datastore', 'datastoreid');

export const onedatastore: Tool = {
  name: 'onedatastore',
  commands: [
    command({
      name: 'create',
      help: 'Creates a datastore from a template, in a file or piped in.',
      args: [optional(FILE)],
      options: [CLUSTER],
      run: async (run, file) => {
        const template = file ?? (await run.io.readStdin('only-source'));
        run.print(`ID: ${await run.client.datastore.allocate(template, run.get(CLUSTER))}`);
      },
    }),
    plainVerb(datastore, { name: 'delete', help: 'Deletes datastores.', done: 'deleted' }, ({ client }, id) =>
      client.datastore.delete(id),
    ),
    plainVerb(datastore, { name: 'enable', help: 'Enables system datastores.', done: 'enabled' }, ({ client }, id) =>
      client.datastore.enable(id, true),
    ),
    plainVerb(
      datastore,
      { name: 'disable', help: 'Disables system datastores: no new VM is placed on one.', done: 'disabled' },
      ({ client }, id) => client.datastore.enable(id, false),
    ),
    ...ownerCommands(datastore),
    renameCommand(datastore),
    updateCommand(datastore),
    ...listCommands({
      title: datastore.title,
      table: datastoreTable,
      fetch: (run) => fetchDocument(run, 'one.datastorepool.info'),
    }),
    showCommand({ resource: datastore, page: datastorePage }),
  ],
};
