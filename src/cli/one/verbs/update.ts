/** `update`: the template of an object from a file, standard input or an editor. */
import { UPDATE } from '../../../opennebula/client/constants.ts';
import { type Command, command, optional, required } from '../command.ts';
import { FILE } from '../formats.ts';
import { templateDump } from '../output/template-dump.ts';
import { fetchDocument, type Resource } from '../resource.ts';
import { APPEND, updatedText } from '../text-source.ts';
import { once } from './each.ts';

export function updateCommand(resource: Resource, { template = 'TEMPLATE', done = 'modified' } = {}): Command {
  const { api, kind, title, id } = resource;
  return command({
    name: 'update',
    help: `Replaces the template of a ${title}, or adds to it. Without a file the editor is started with what is there.`,
    args: [required(id), optional(FILE)],
    options: [APPEND],
    run: (run, target, file) =>
      once(run, target, { kind, done }, async () => {
        const isAppended = run.has(APPEND);
        const text = await updatedText(run, file, async () =>
          isAppended ? '' : templateDump((await fetchDocument(run, `one.${api}.info`, target, false)).first(template)),
        );
        await run.client[api].update(target, text, isAppended ? UPDATE.APPEND : UPDATE.REPLACE);
      }),
  });
}
