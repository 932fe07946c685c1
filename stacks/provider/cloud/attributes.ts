/**
 * OpenNebula's templates as users of a stack write them: plain objects, in OpenNebula's own attribute names.
 * A string, number or boolean is a single attribute, an object a vector, a list several attributes of one name.
 */
import * as z from 'zod';
import { printTemplate, Template, type Vector } from '../../../src/opennebula/template.ts';

const single = z.union([z.string(), z.number(), z.boolean()]);
const vector = z.record(z.string(), single);
const attribute = z.union([single, vector, z.array(z.union([single, vector]))]);

export const attributesInput = z
  .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of an attribute'), attribute)
  .default({})
  .describe(
    'More attributes of the template, by their OpenNebula names; an object is a vector, a list repeats the name.',
  );

type Single = z.output<typeof single>;
export type Attributes = z.output<typeof attributesInput>;

/** The text that the API takes. Properties that are undefined are left out; `YES` and `NO` stand for booleans. */
export function templateText(...parts: readonly Readonly<Record<string, Attributes[string] | undefined>>[]): string {
  const template = new Template();
  for (const part of parts) {
    for (const [name, value] of Object.entries(part)) {
      if (value === undefined) continue;
      for (const item of Array.isArray(value) ? value : [value]) {
        template.add(name.toUpperCase(), typeof item === 'object' ? vectorOf(item) : print(item));
      }
    }
  }
  return printTemplate(template);
}

/** Attributes of a document's template under the given names, as they would have been written; for drift. */
export function attributesOf(template: Template, names: Iterable<string>, written: Attributes): Attributes {
  const found: Attributes = {};
  for (const name of names) {
    const values = template.attributes.filter(([key]) => key === name.toUpperCase()).map(([, value]) => value);
    if (values.length === 0) continue;
    found[name] = values.length === 1 && !Array.isArray(written[name]) ? (values[0] as string | Vector) : values;
    if (sameText(found[name], written[name])) found[name] = written[name] as Attributes[string];
  }
  return found;
}

function sameText(a: Attributes[string] | undefined, b: Attributes[string] | undefined): boolean {
  return a !== undefined && b !== undefined && templateText({ A: a }) === templateText({ A: b });
}

function vectorOf(values: Record<string, Single>): Vector {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key.toUpperCase(), print(value)]));
}

function print(value: Single): string {
  return typeof value === 'boolean' ? (value ? 'YES' : 'NO') : String(value);
}
