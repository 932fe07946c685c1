/** `onetemplate instantiate`: VMs from a template, with changes to it and the inputs that it asks for. */
import type { Node } from '../../document.ts';
import { command, optional, required } from '../command.ts';
import { createText } from '../create.ts';
import { FILE } from '../formats.ts';
import { flag, integer, text } from '../option.ts';
import { Refusal } from '../refusal.ts';
import { fetchDocument } from '../resource.ts';
import type { Run } from '../run.ts';
import { once } from '../verbs/each.ts';
import { TEMPLATE_FLAGS, USER_INPUTS, VM_NAME } from '../vm-flags.ts';
import { vmTemplate } from '../vm-template.ts';
import { template } from './template.ts';
import { askUserInputs } from './user-inputs.ts';

export const MULTIPLE = integer({
  name: 'multiple',
  short: '-m',
  long: '--multiple',
  argument: 'x',
  help: 'Number of VMs to create',
});

export const HOLD = flag({ name: 'hold', long: '--hold', help: 'Create VMs on hold, not pending' });

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

export const instantiate = command({
  name: 'instantiate',
  help: [
    'Creates VMs from a template. Attributes in a file, piped in or from flags replace those of the same name:',
    '  onetemplate instantiate web --name web-%i --multiple 3',
    '  onetemplate instantiate 23 --nic private',
  ].join('\n'),
  args: [required(template.id), optional(FILE)],
  options: [VM_NAME, MULTIPLE, HOLD, PERSISTENT, PREFIX, ...TEMPLATE_FLAGS],
  run: async (run, id, file) => {
    const count = run.get(MULTIPLE) ?? 1;
    const nameOf = vmNames(run, count);
    const contents = (await fetchDocument(run, 'one.template.info', id, false, false)).first('TEMPLATE');
    const context = new Map(contents?.first('CONTEXT')?.children.map(({ name, text: value }) => [name, value]));
    const changes = await createText(run, file, TEMPLATE_FLAGS, () => vmTemplate(run, { withName: false, context }));
    const inputs = await userInputs(run, contents);
    for (let i = 0; i < count; i++) {
      const extra = [changes, ...inputs].join('\n').trim();
      const exitCode = await once(run, id, { kind: template.kind, done: 'instantiated' }, async () => {
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

export async function userInputs(run: Run, contents: Node | undefined): Promise<string[]> {
  const given = run.get(USER_INPUTS) ?? [];
  const asked = contents ? await askUserInputs(run, contents, new Set(given.map(({ name }) => name))) : [];
  return [...given.map(({ name, value }) => `${name}="${value}"`), ...asked];
}
