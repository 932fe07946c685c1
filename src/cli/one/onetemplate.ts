/** onetemplate: templates of VMs. */
import { command, optional, required, type Tool } from './command.ts';
import { createText } from './create.ts';
import { FILE, RANGE, textFormat } from './formats.ts';
import { instantiate } from './onetemplate/instantiate.ts';
import { template } from './onetemplate/template.ts';
import { templatePage, templateTable } from './onetemplate/template-page.ts';
import { flag } from './option.ts';
import { fetchDocument } from './resource.ts';
import { forEach, once } from './verbs/each.ts';
import { listCommands } from './verbs/list.ts';
import { chmodCommand, lockCommands, ownerCommands, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';
import { DRY, TEMPLATE_FLAGS, VM_NAME } from './vm-flags.ts';
import { vmTemplate } from './vm-template.ts';

const { kind } = template;

const RECURSIVE = flag({
  name: 'recursive',
  short: '-R',
  long: '--recursive',
  help: 'Apply the action to the images of its disks too',
});

const EXTENDED = flag({
  name: 'extended',
  long: '--extended',
  help: 'Fill in disks and NICs as in a VM, as with the size of images',
});

const create = command({
  name: 'create',
  help: [
    'Creates a VM template from a template, in a file or piped in, or from flags:',
    '  onetemplate create web.tmpl',
    '  onetemplate create --name web --memory 128 --cpu 1 --disk web --nic private',
  ].join('\n'),
  args: [optional(FILE)],
  options: [VM_NAME, DRY, ...TEMPLATE_FLAGS],
  run: async (run, file) => {
    const contents = await createText(run, file, TEMPLATE_FLAGS, () => vmTemplate(run, { withName: true }));
    if (run.has(DRY)) run.print(contents.replace(/\n$/, ''));
    else run.print(`ID: ${await run.client.template.allocate(contents)}`);
  },
});

const clone = command({
  name: 'clone',
  help: 'Creates a template as a copy of another one.',
  args: [required(template.id), required(textFormat('name'))],
  options: [RECURSIVE],
  run: (run, id, name) =>
    once(run, id, { kind, done: 'cloned' }, async () => {
      run.print(`ID: ${await run.client.template.clone(id, name, run.has(RECURSIVE))}`);
    }),
});

const deleteTemplates = command({
  name: 'delete',
  help: 'Deletes templates.',
  args: [required(RANGE, template.idList)],
  options: [RECURSIVE],
  run: (run, ids) =>
    forEach(run, ids, { kind, done: 'deleted' }, (id) => run.client.template.delete(id, run.has(RECURSIVE))),
});

export const onetemplate: Tool = {
  name: 'onetemplate',
  commands: [
    create,
    clone,
    deleteTemplates,
    instantiate,
    ...ownerCommands(template).filter(({ name }) => name !== 'chmod'),
    chmodCommand(template, (run, id, bits) => run.client.template.chmod(id, ...bits, run.has(RECURSIVE)), [RECURSIVE]),
    ...lockCommands(template, 'Template'),
    renameCommand(template),
    updateCommand(template),
    ...listCommands({
      title: template.title,
      table: templateTable,
      fetch: (run, filterFlag) => fetchDocument(run, 'one.templatepool.info', filterFlag, -1, -1),
      hasFilterFlag: true,
      hasTop: true,
    }),
    showCommand({
      resource: template,
      page: templatePage,
      options: [EXTENDED],
      fetch: (run, id) => fetchDocument(run, 'one.template.info', id, run.has(EXTENDED), false),
    }),
  ],
};
