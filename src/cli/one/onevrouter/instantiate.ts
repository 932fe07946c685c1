/** `onevrouter instantiate`: the VMs of a router, from a template. */
import { command, optional, required } from '../command.ts';
import { createText } from '../create.ts';
import { FILE } from '../formats.ts';
import { HOLD, MULTIPLE, userInputs } from '../onetemplate/instantiate.ts';
import { template } from '../onetemplate/template.ts';
import { fetchDocument } from '../resource.ts';
import { once } from '../verbs/each.ts';
import { TEMPLATE_FLAGS, VM_NAME } from '../vm-flags.ts';
import { vmTemplate } from '../vm-template.ts';
import { vrouter } from './vrouter.ts';

export const instantiate = command({
  name: 'instantiate',
  help: [
    'Creates the VMs of a virtual router from a template, with the NICs of the router.',
    'Attributes in a file, piped in or from flags replace those of the same name.',
  ].join('\n'),
  args: [required(vrouter.id), required(template.id), optional(FILE)],
  options: [VM_NAME, MULTIPLE, HOLD, ...TEMPLATE_FLAGS],
  run: async (run, id, templateId, file) => {
    const contents = (await fetchDocument(run, 'one.template.info', templateId, false, false)).first('TEMPLATE');
    const context = new Map(contents?.first('CONTEXT')?.children.map(({ name, text }) => [name, text]));
    const changes = await createText(run, file, TEMPLATE_FLAGS, () => vmTemplate(run, { withName: false, context }));
    const extra = [changes, ...(await userInputs(run, contents))].join('\n');
    return once(run, id, { kind: vrouter.kind, done: 'instantiated' }, () => {
      const name = run.get(VM_NAME) ?? '';
      return run.client.vrouter.instantiate(id, run.get(MULTIPLE) ?? 1, templateId, name, run.has(HOLD), extra);
    });
  },
});
