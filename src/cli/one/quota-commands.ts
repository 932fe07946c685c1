/** `quota`, `batchquota` and `defaultquota` of users and groups. */
import { type Command, command, optional, required } from './command.ts';
import { FILE, RANGE } from './formats.ts';
import { quotaDump, quotaText } from './quota-text.ts';
import { fetchDocument, type Resource } from './resource.ts';
import type { Run } from './run.ts';
import { forEach, once } from './verbs/each.ts';

export function quotaCommands({ api, kind, title, id: ID, idList }: Resource<'user' | 'group'>): Command[] {
  const fetch = (run: Run, id: number) => fetchDocument(run, `one.${api}.info`, id, false);
  return [
    command({
      name: 'quota',
      help: `Sets quotas of a ${title}. Without a file the editor is started with what is there.`,
      args: [required(ID), optional(FILE)],
      run: (run, id, file) =>
        once(run, id, { kind, done: 'modified' }, async () => {
          await run.client[api].quota(id, await quotaText(run, file, () => fetch(run, id)));
        }),
    }),
    command({
      name: 'batchquota',
      help: `Sets the same quotas for several ${title}s; those not named stay.`,
      args: [required(RANGE, idList), optional(FILE)],
      run: async (run, ids, file) => {
        const changes = await quotaText(run, file, async () => undefined);
        return forEach(run, ids, { kind, done: 'modified' }, async (id) => {
          await run.client[api].quota(id, quotaDump(await fetch(run, id)) + changes);
        });
      },
    }),
    command({
      name: 'defaultquota',
      help: `Sets the default quotas of ${title}s. Without a file the editor is started with what is there.`,
      args: [optional(FILE)],
      run: async (run, file) => {
        const present = () => fetchDocument(run, `one.${api}quota.info`);
        await run.client[`${api}quota`].update(await quotaText(run, file, present));
      },
    }),
  ];
}
