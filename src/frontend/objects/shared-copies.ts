/**
 * One copy of what many records have alike: hosts of one model and VMs of one template differ in little, and a cloud has
 * thousands of them. Copies are frozen, since records do not change.
 */
import { type Attribute, Template } from '../../opennebula/template.ts';

/** Values that are known at a time; beyond that all are forgotten, and copies begin anew. */
const MOST_KNOWN = 10_000;

const known = new Map<string, object>();

/** The copy that an equal value got before, else the value itself. @param value plain data */
export function sharedCopy<T extends object>(value: T): T {
  const key = JSON.stringify(value);
  const copy = known.get(key);
  if (copy) return copy as T;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, freeze(value));
  return value;
}

/** A template of shared attributes. */
export function withSharedAttributes(template: Template): Template {
  return new Template(template.attributes.map((attribute) => sharedCopy<Attribute>(attribute)));
}

function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) freeze(part);
  return Object.freeze(value);
}
