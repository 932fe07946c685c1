/** onevntemplate: templates of virtual networks. */
import { command, optional, required, type Tool } from './command.ts';
import { FILE, textFormat } from './formats.ts';
import { templatePage, templateTable } from './onetemplate/template-page.ts';
import { addressRange, RANGE_FLAGS } from './onevnet/range-flags.ts';
import { integer, text } from './option.ts';
import { fetchDocument, resource } from './resource.ts';
import { once } from './verbs/each.ts';
import { listCommands } from './verbs/list.ts';
import { lockCommands, ownerCommands, plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';
import { DRY } from './vm-flags.ts';

const vntemplate = resource('VNTEMPLATE', 'vntemplate', 'network template', 'templateid');

const { kind } = vntemplate;

const NAME = text({
  name: 'name',
  long: '--name',
  argument: 'name',
  help: 'Name of the network; %i in it is the number of the network',
});

const MULTIPLE = integer({
  name: 'multiple',
  long: '--multiple',
  argument: 'x',
  help: 'Number of networks to create',
});

const create = command({
  name: 'create',
  help: 'Creates a template of networks from a template, in a file or piped in.',
  args: [optional(FILE)],
  options: [DRY],
  run: async (run, file) => {
    const template = file ?? (await run.io.readStdin('only-source'));
    if (run.has(DRY)) run.print(template.replace(/\n$/, ''));
    else run.print(`ID: ${await run.client.vntemplate.allocate(template)}`);
  },
});

const clone = command({
  name: 'clone',
  help: 'Creates a network template as a copy of another one.',
  args: [required(vntemplate.id), required(textFormat('name'))],
  run: (run, id, name) =>
    once(run, id, { kind, done: 'cloned' }, async () => {
      run.print(`ID: ${await run.client.vntemplate.clone(id, name)}`);
    }),
});

const instantiate = command({
  name: 'instantiate',
  help: 'Creates networks from a template, with the address range that flags make and what a file or a pipe adds.',
  args: [required(vntemplate.id), optional(FILE)],
  options: [NAME, MULTIPLE, ...RANGE_FLAGS],
  run: async (run, id, file) => {
    const more = file ?? (await run.io.readStdin('if-any'));
    const range = RANGE_FLAGS.some((option) => run.has(option)) ? addressRange(run) : '';
    for (let i = 0; i < (run.get(MULTIPLE) ?? 1); i++) {
      const exitCode = await once(run, id, { kind, done: 'instantiated' }, async () => {
        const name = run.get(NAME)?.replaceAll('%i', String(i)) ?? '';
        run.print(`VN ID: ${await run.client.vntemplate.instantiate(id, name, more + range)}`);
      });
      if (exitCode !== 0) return exitCode;
    }
    return 0;
  },
});

export const onevntemplate: Tool = {
  name: 'onevntemplate',
  commands: [
    create,
    clone,
    instantiate,
    plainVerb(vntemplate, { name: 'delete', help: 'Deletes network templates.', done: 'deleted' }, ({ client }, id) =>
      client.vntemplate.delete(id),
    ),
    ...ownerCommands(vntemplate),
    ...lockCommands(vntemplate, 'VN Template'),
    renameCommand(vntemplate),
    updateCommand(vntemplate),
    ...listCommands({
      title: vntemplate.title,
      table: templateTable,
      fetch: (run, filterFlag) => fetchDocument(run, 'one.vntemplatepool.info', filterFlag, -1, -1),
      hasFilterFlag: true,
      hasTop: true,
    }),
    showCommand({ resource: vntemplate, page: templatePage, options: [] }),
  ],
};
