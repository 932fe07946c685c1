/** onehook: programs that run when objects change state or calls are made. */
import { command, optional, required, type Tool } from './command.ts';
import { FILE, intFormat } from './formats.ts';
import { hook } from './onehook/hook.ts';
import { executionPage, hookPage, hookTable } from './onehook/hook-page.ts';
import { log } from './onehook/log.ts';
import { text } from './option.ts';
import { Refusal } from './refusal.ts';
import { fetchDocument } from './resource.ts';
import { once } from './verbs/each.ts';
import { listCommands } from './verbs/list.ts';
import { lockCommands, plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';
import { DRY } from './vm-flags.ts';

const { kind } = hook;

const EXECUTION = text({
  name: 'execution',
  short: '-e',
  long: '--execution',
  argument: 'exeid',
  help: 'Show this run of the hook, with what it printed',
});

const create = command({
  name: 'create',
  help: 'Creates a hook from a template, in a file or piped in.',
  args: [optional(FILE)],
  options: [DRY],
  run: async (run, file) => {
    const template = file ?? (await run.io.readStdin('only-source'));
    if (template === '') throw new Refusal('No hook template provided');
    if (run.has(DRY)) run.print(template.replace(/\n$/, ''));
    else run.print(`ID: ${await run.client.hook.allocate(template)}`);
  },
});

const retry = command({
  name: 'retry',
  help: 'Runs a hook once more with what it was given in one of its runs.',
  args: [required(hook.id), required(intFormat('execid', 'Hook execution id'))],
  run: (run, id, executionId) =>
    once(run, id, { kind, done: 'Retry executed' }, () => run.client.hook.retry(id, executionId)),
});

export const onehook: Tool = {
  name: 'onehook',
  commands: [
    create,
    plainVerb(hook, { name: 'delete', help: 'Deletes hooks.', done: 'deleted' }, ({ client }, id) =>
      client.hook.delete(id),
    ),
    retry,
    log,
    ...lockCommands(hook, 'Hook'),
    renameCommand(hook),
    updateCommand(hook),
    ...listCommands({
      title: hook.title,
      table: hookTable,
      fetch: (run) => fetchDocument(run, 'one.hookpool.info', -2, -1, -1),
      hasFilterFlag: true,
      hasTop: true,
    }),
    showCommand({
      resource: hook,
      options: [EXECUTION],
      page: (document, run) => {
        const executionId = run.get(EXECUTION);
        return executionId === undefined ? hookPage(document) : executionPage(document, executionId);
      },
    }),
  ],
};
