/**
 * One copy of what many records have alike: hosts of one model and VMs of one template differ in little, and a cloud has
 * thousands of them. Copies are frozen, since records do not change.
 */
import { type Attribute, Template } from '../../opennebula/template.ts';

/** Values that are known at a time; beyond that all are forgotten, and copies begin anew. */
const MOST_KNOWN = 10_000;

const known = new Map<string, object>();

/**
 * The copy that an equal value got before, else one that is made. A text that was cut out of a call keeps all of the call in
 * memory, and an object that grew attribute by attribute takes twice the room: a copy does neither.
 * @param value plain data
 */
export function sharedCopy<T extends object>(value: T): T {
  return shared(value, JSON.parse);
}

/** The same for a value that was just read from JSON: it is its own copy. */
export function sharedAsRead<T extends object>(value: T): T {
  return shared(value, () => value);
}

export function sharedText(text: string): string {
  return sharedCopy([text] as const)[0];
}

/** A template of shared attributes. */
export function withSharedAttributes(template: Template, copy: typeof sharedCopy = sharedCopy): Template {
  return new Template(template.attributes.map((attribute) => copy<Attribute>(attribute)));
}

function shared<T extends object>(value: T, make: (json: string) => T): T {
  const json = JSON.stringify(value);
  const before = known.get(json);
  if (before) return before as T;
  if (known.size >= MOST_KNOWN) known.clear();
  const copy = freeze(make(json));
  known.set(json, copy);
  return copy;
}

function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) freeze(part);
  return Object.freeze(value);
}
