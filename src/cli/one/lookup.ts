/** Parts of an object that may be named instead of numbered: snapshots, NICs. */
import type { Format } from './command.ts';
import { Refusal } from './refusal.ts';
import { type ApiGroup, fetchDocument } from './resource.ts';

/**
 * Id of a part of the object that the first argument names.
 * @param path  its elements in the document
 * @param idName  the leaf that holds the id; the name stands in NAME
 */
export function partFormat(
  spelling: { readonly name: string; readonly help: string },
  api: ApiGroup,
  path: string,
  idName: string,
  notFound: (text: string) => string,
): Format<number> {
  return {
    ...spelling,
    read: async (text, run, [ownerId]) => {
      if (/^\d+$/.test(text)) return Number(text);
      const owner = await fetchDocument(run, `one.${api}.info`, ownerId as number, false);
      const found = owner.all(path).filter((part) => part.get('NAME') === text);
      if (found.length !== 1) throw new Refusal(notFound(text));
      return found[0]?.int(idName);
    },
  };
}
