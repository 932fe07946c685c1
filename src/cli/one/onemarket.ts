/** onemarket: marketplaces, where images are offered. */
import { command, optional, type Tool } from './command.ts';
import { FILE } from './formats.ts';
import { marketPage, marketTable } from './onemarket/market-page.ts';
import { fetchDocument, resource } from './resource.ts';
import { listCommands } from './verbs/list.ts';
import { ownerCommands, plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const market = resource('MARKETPLACE', 'market', 'marketplace', 'marketplaceid');

export const onemarket: Tool = {
  name: 'onemarket',
  commands: [
    command({
      name: 'create',
      help: 'Creates a marketplace from a template, in a file or piped in.',
      args: [optional(FILE)],
      run: async (run, file) => {
        const template = file ?? (await run.io.readStdin('only-source'));
        run.print(`ID: ${await run.client.market.allocate(template)}`);
      },
    }),
    plainVerb(market, { name: 'delete', help: 'Deletes marketplaces.', done: 'deleted' }, ({ client }, id) =>
      client.market.delete(id),
    ),
    plainVerb(market, { name: 'enable', help: 'Enables marketplaces.', done: 'enabled' }, ({ client }, id) =>
      client.market.enable(id, true),
    ),
    plainVerb(
      market,
      { name: 'disable', help: 'Disables marketplaces, and forgets their apps.', done: 'disabled' },
      ({ client }, id) => client.market.enable(id, false),
    ),
    ...ownerCommands(market),
    renameCommand(market),
    updateCommand(market),
    ...listCommands({
      title: market.title,
      table: marketTable,
      fetch: (run) => fetchDocument(run, 'one.marketpool.info'),
    }),
    showCommand({
      resource: market,
      options: [],
      fetch: (run, id) => fetchDocument(run, 'one.market.info', id),
      page: marketPage,
    }),
  ],
};
