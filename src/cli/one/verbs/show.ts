/** `show`: one object as a page, or as XML, JSON or YAML. */
import type { Node } from '../../document.ts';
import { type Argument, type Command, command, required } from '../command.ts';
import { DECRYPT, FORMATS } from '../options/format.ts';
import type { Line } from '../output/page.ts';
import { fetchDocument, type Resource } from '../resource.ts';
import type { AnyOption, Run } from '../run.ts';
import { printPage } from '../terminal.ts';
import { dumpFor } from './list.ts';

export interface Showing {
  readonly resource: Resource;
  readonly page: (document: Node, run: Run) => readonly Line[] | Promise<readonly Line[]>;
  /** Which object is shown when none is named; without it one must be. */
  readonly defaultId?: number;
  /** The document, when it takes more than `one.<api>.info(id, decrypt)`. */
  readonly fetch?: (run: Run, id: number) => Promise<Node>;
  readonly options?: readonly AnyOption[];
}

export function showCommand({ resource, page, defaultId, fetch, options = [DECRYPT] }: Showing): Command {
  const { id } = resource;
  const which: Argument<number | undefined> = { formats: [id], isOptional: defaultId !== undefined };
  return command({
    name: 'show',
    help: `Shows one ${resource.title}.`,
    args: [defaultId === undefined ? required(id) : which],
    options: [...FORMATS, ...options],
    run: async (run, typed) => {
      const wanted = (typed ?? defaultId) as number;
      const document = fetch
        ? await fetch(run, wanted)
        : await fetchDocument(run, `one.${resource.api}.info`, wanted, run.has(DECRYPT));
      const dump = dumpFor(run);
      if (dump) run.print(dump(document));
      else printPage(run, await page(document, run));
    },
  });
}
