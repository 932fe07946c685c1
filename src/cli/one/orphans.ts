/** Images and networks that no VM template names, neither by id nor by name and owner. */
import type { Node } from '../document.ts';
import { membersOf } from './verbs/list.ts';

/**
 * @param part  DISK or NIC
 * @param reference  IMAGE or NETWORK: names the object in a part by `<reference>_ID`, or itself with `<reference>_UNAME`
 * @returns ids of the objects
 */
export function orphans(objects: readonly Node[], templates: Node, part: string, reference: string): string[] {
  const parts = membersOf(templates).flatMap((template) => template.all(`TEMPLATE/${part}`));
  return objects
    .filter((object) => {
      const isNamed = (use: Node) =>
        use.get(`${reference}_ID`) === object.get('ID') ||
        (use.get(reference) === object.get('NAME') && use.get(`${reference}_UNAME`) === object.get('UNAME'));
      return !parts.some(isNamed);
    })
    .flatMap((object) => object.get('ID') ?? []);
}
