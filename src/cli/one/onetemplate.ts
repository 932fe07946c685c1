import type { Node } from '../document.ts';
import { idColumn, nameColumn, ownerColumns } from './columns.ts';
import { command, optional, required, type Tool } from './command.ts';
import { createText } from './create.ts';
import { FILE, RANGE, textFormat } from './formats.ts';
import { askUserInputs } from './onetemplate/user-inputs.ts';
import { flag, integer, text } from './option.ts';
import { fieldWriter, heading, type Line, permissionLines } from './output/page.ts';
import type { Table } from './output/table.ts';
import { templateDump } from './output/template-dump.ts';
import { timeText } from './output/times.ts';
import { lockText } from './output/units.ts';
import { Refusal } from './refusal.ts';
import { fetchDocument, resource } from './resource.ts';
import type { Run } from './run.ts';
import { forEach, once } from './verbs/each.ts';
import { type ListView, listCommands } from './verbs/list.ts';
import { chmodCommand, lockCommands, ownerCommands, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';
import { AS_FLAGS, DRY, USER_INPUTS, VM_FLAGS, VM_NAME, vmTemplate } from './vm-flags.ts';

const template = resource('VMTEMPLATE', 'template', 'template', 'templateid');
const { kind } = template;

const MULTIPLE = integer({
  name: 'multiple',
  short: '-m',
  long: '--multiple',
  argument: 'x',
  help: 'Number of VMs to create',
});
const HOLD = flag({ name: 'hold', long: '--hold', help: 'Create VMs on hold, not pending' });
const PERSISTENT = flag({
  name: 'persistent',
  long: '--persistent',
  help: 'Instantiate a private copy of the template and its images, which keeps what the VM writes',
});
const PREFIX = text({
  name: 'prefix',
  long: '--prefix',
  argument: 'prefix',
  help: 'First number that %i stands for, with leading zeros, as in 001',
});
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

function templateTable(view: ListView): Table<Node> {
  return {
    columns: [
      idColumn('Id of the template'),
      ...ownerColumns(view, 'template'),
      nameColumn('Name of the template'),
      {
        title: 'REGTIME',
        help: 'When it was registered',
        width: 15,
        cell: (object) => timeText(object.int('REGTIME')),
      },
    ],
  };
}

export function templatePage(object: Node): Line[] {
  const field = fieldWriter(15);
  return [
    heading(`TEMPLATE ${object.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', object.get('ID')),
    field('NAME', object.get('NAME')),
    field('USER', object.get('UNAME')),
    field('GROUP', object.get('GNAME')),
    field('LOCK', lockText(object)),
    field('REGISTER TIME', timeText(object.int('REGTIME'))),
    '',
    ...permissionLines(object, field),
    '',
    heading('TEMPLATE CONTENTS'),
    templateDump(object.first('TEMPLATE')),
  ];
}

const CREATE_FLAGS = [...VM_FLAGS, ...AS_FLAGS];

const create = command({
  name: 'create',
  help: [
    'Creates a VM template from a template, in a file or piped in, or from flags:',
    '  onetemplate create web.tmpl',
    '  onetemplate create --name web --memory 128 --cpu 1 --disk web --nic private',
  ].join('\n'),
  args: [optional(FILE)],
  options: [VM_NAME, DRY, ...CREATE_FLAGS],
  run: async (run, file) => {
    const contents = await createText(run, file, CREATE_FLAGS, () => vmTemplate(run, { withName: true }));
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

const instantiate = command({
  name: 'instantiate',
  help: [
    'Creates VMs from a template. Attributes in a file, piped in or from flags replace those of the same name:',
    '  onetemplate instantiate web --name web-%i --multiple 3',
    '  onetemplate instantiate 23 --nic private',
  ].join('\n'),
  args: [required(template.id), optional(FILE)],
  options: [VM_NAME, MULTIPLE, HOLD, PERSISTENT, PREFIX, ...CREATE_FLAGS],
  run: async (run, id, file) => {
    const count = run.get(MULTIPLE) ?? 1;
    const nameOf = vmNames(run, count);
    const contents = (await fetchDocument(run, 'one.template.info', id, false, false)).first('TEMPLATE');
    const context = new Map(contents?.first('CONTEXT')?.children.map(({ name, text: value }) => [name, value]));
    const changes = await createText(run, file, CREATE_FLAGS, () => vmTemplate(run, { withName: false, context }));
    const inputs = await userInputs(run, contents);
    for (let i = 0; i < count; i++) {
      const extra = [changes, ...inputs].join('\n').trim();
      const exitCode = await once(run, id, { kind, done: 'instantiated' }, async () => {
        const { name, number } = nameOf(i);
        const text = number === undefined ? extra : extra.replaceAll('%i', number);
        run.print(
          `VM ID: ${await run.client.template.instantiate(id, name, run.has(HOLD), text, run.has(PERSISTENT))}`,
        );
      });
      if (exitCode !== 0) return exitCode;
    }
    return 0;
  },
});

/**
 * The name of the VM with each number. Copies of a persistent template would all take one name, so theirs is numbered.
 * @throws Refusal when several persistent ones have no name
 */
function vmNames(run: Run, count: number): (i: number) => { name: string; number?: string } {
  const given = run.get(VM_NAME);
  const isPersistent = run.has(PERSISTENT) && count > 1;
  if (isPersistent && given === undefined) {
    throw new Refusal(
      "Persistent template cannot be instantiated multiple times without including a name (use '%i' to chose where to insert the index).",
    );
  }
  const name = isPersistent && !given?.includes('%i') ? `${given}-%i` : given;
  const [, zeros, first] = /^(0+)(\d+)$/.exec(run.get(PREFIX) ?? '') ?? [];
  return (i) => {
    if (name === undefined) return { name: '' };
    if (zeros === undefined) return { name: name.replaceAll('%i', String(i)) };
    const number = `${zeros}${Number(first) + i}`;
    return { name: name.replaceAll('%i', number), number };
  };
}

async function userInputs(run: Run, contents: Node | undefined): Promise<string[]> {
  const given = run.get(USER_INPUTS) ?? [];
  const asked = contents ? await askUserInputs(run, contents, new Set(given.map(({ name }) => name))) : [];
  return [...given.map(({ name, value }) => `${name}="${value}"`), ...asked];
}

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
