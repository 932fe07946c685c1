/** onemarketapp: what marketplaces offer. */
import { command, optional, type Tool } from './command.ts';
import { createText } from './create.ts';
import { FILE } from './formats.ts';
import { findId } from './names.ts';
import { DRY } from './oneimage/image-flags.ts';
import { app } from './onemarketapp/app.ts';
import { appPage, appTable } from './onemarketapp/app-page.ts';
import { exportApp } from './onemarketapp/export.ts';
import { importCommands } from './onemarketapp/import.ts';
import { converted, text } from './option.ts';
import { Refusal } from './refusal.ts';
import { fetchDocument } from './resource.ts';
import type { Run } from './run.ts';
import { listCommands } from './verbs/list.ts';
import { lockCommands, ownerCommands, plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const MARKETPLACE = converted(
  { name: 'marketplace', short: '-m', long: '--marketplace', argument: 'id|name', help: 'Selects the marketplace' },
  (typed, run) => findId(run, 'MARKETPLACE', typed),
);
const NAME = text({ name: 'name', long: '--name', argument: 'name', help: 'Name of the app' });
const DESCRIPTION = text({
  name: 'description',
  long: '--description',
  argument: 'description',
  help: 'What the app is for',
});
const IMAGE = converted(
  { name: 'image', long: '--image', argument: 'id|name', help: 'Image that is offered' },
  (typed, run) => findId(run, 'IMAGE', typed),
);
const APP_FLAGS = [NAME, DESCRIPTION, IMAGE, DRY];

const create = command({
  name: 'create',
  help: [
    'Offers an image in a marketplace, by a template, in a file or piped in, or by flags:',
    '  onemarketapp create -m public --name alpine --image alpine',
  ].join('\n'),
  args: [optional(FILE)],
  options: [MARKETPLACE, ...APP_FLAGS],
  run: async (run, file) => {
    const marketId = run.get(MARKETPLACE);
    if (marketId === undefined) throw new Refusal('Marketplace to save the app is mandatory: \n\t -m marketplace_id');
    const template = await createText(run, file, APP_FLAGS, () => appTemplate(run));
    if (run.has(DRY)) run.print(template.replace(/\n$/, ''));
    else run.print(`ID: ${await run.client.marketapp.allocate(template, marketId)}`);
  },
});

function appTemplate(run: Run): string {
  const assignments = [NAME, DESCRIPTION].flatMap((option) =>
    run.has(option) ? [`${option.name.toUpperCase()}="${run.get(option)}"\n`] : [],
  );
  if (run.has(IMAGE)) assignments.push(`ORIGIN_ID=${run.get(IMAGE)}\n`);
  return [...assignments, 'TYPE=image\n'].join('');
}

export const onemarketapp: Tool = {
  name: 'onemarketapp',
  commands: [
    create,
    exportApp,
    ...importCommands,
    plainVerb(app, { name: 'delete', help: 'Deletes marketplace apps.', done: 'deleted' }, ({ client }, id) =>
      client.marketapp.delete(id),
    ),
    plainVerb(app, { name: 'enable', help: 'Enables marketplace apps.', done: 'enabled' }, ({ client }, id) =>
      client.marketapp.enable(id, true),
    ),
    plainVerb(
      app,
      { name: 'disable', help: 'Disables marketplace apps: none can be exported.', done: 'disabled' },
      ({ client }, id) => client.marketapp.enable(id, false),
    ),
    ...ownerCommands(app),
    ...lockCommands(app, 'MarketPlaceApp'),
    renameCommand(app),
    updateCommand(app),
    ...listCommands({
      title: app.title,
      table: appTable,
      fetch: (run, filterFlag) => fetchDocument(run, 'one.marketapppool.info', filterFlag, -1, -1),
      hasFilterFlag: true,
    }),
    showCommand({
      resource: app,
      options: [],
      fetch: (run, id) => fetchDocument(run, 'one.marketapp.info', id),
      page: appPage,
    }),
  ],
};
