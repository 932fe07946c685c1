/**
 * Restricted attributes: those that only oneadmin's group may set, as `SOURCE` or `NIC/MAC`
 * (src/template/Template.cc check_restricted, 7.4).
 */
import { Template } from '../../opennebula/template.ts';

/** The first restricted attribute that a template holds, by its last word; undefined when there is none. */
export function restrictedIn(template: Template, restricted: readonly string[]): string | undefined {
  return split(restricted).find(({ name, part }) =>
    part === undefined
      ? template.get(name) !== undefined
      : template.vectors(name).some((vector) => vector[part] !== undefined),
  )?.last;
}

/**
 * The first restricted attribute that a new template would change. When the whole template is replaced, restricted
 * values that it leaves out are to be kept: see `withRestrictedKept`.
 */
export function restrictedChange(
  next: Template,
  before: Template,
  restricted: readonly string[],
  append: boolean,
): string | undefined {
  return split(restricted).find(({ name, part }) => {
    if (part === undefined) {
      const value = next.get(name);
      return value !== undefined && value !== (before.get(name) ?? '');
    }
    const concerned = next.vectors(name).length > 0 || (!append && before.vectors(name).length > 0);
    return concerned && values(next, name, part) !== values(before, name, part);
  })?.name;
}

/** The new template with the single restricted values that it leaves out. */
export function withRestrictedKept(next: Template, before: Template, restricted: readonly string[]): Template {
  const kept = split(restricted).flatMap(({ name, part }) => {
    const value = part === undefined && next.get(name) === undefined ? before.get(name) : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return new Template([...next.clone().attributes, ...kept]);
}

function values(template: Template, name: string, part: string): string {
  return template
    .vectors(name)
    .flatMap((vector) => (vector[part] === undefined ? [] : [vector[part]]))
    .sort()
    .join('\0');
}

function split(restricted: readonly string[]): { name: string; part?: string; last: string }[] {
  return restricted.map((path) => {
    const [name = '', part] = path.split('/');
    return part === undefined ? { name, last: name } : { name, part, last: part };
  });
}
