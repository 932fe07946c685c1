/** Templates inside a record are shared, so they change by copies. */
import { Template, type Vector } from '../../opennebula/template.ts';

/** A changed copy. */
export function edited(template: Template, edit: (copy: Template) => void): Template {
  const copy = template.clone();
  edit(copy);
  return copy;
}

/** A copy in which one vector of a name is replaced, or left out when `replace` gives nothing. */
export function withVector(
  template: Template,
  name: string,
  isWanted: (vector: Vector) => boolean,
  replace: (vector: Vector) => Vector | undefined,
): Template {
  return new Template(
    template.attributes.flatMap((attribute) => {
      const [key, value] = attribute;
      if (key !== name || typeof value === 'string' || !isWanted(value)) return [attribute];
      const replaced = replace(value);
      return replaced ? [[key, replaced] as const] : [];
    }),
  );
}

/** The vector without the named entries. */
export function without(vector: Vector, ...names: readonly string[]): Vector {
  return Object.fromEntries(Object.entries(vector).filter(([name]) => !names.includes(name)));
}

/** A template without attributes, for whatever has none. */
export const NOTHING: Template = new Template();
