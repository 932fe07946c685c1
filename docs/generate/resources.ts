/** docs/reference/resources.md: the resources of the Pulumi provider, from its table. */
import { z } from 'zod';
import { type ResourceType, tokenOf } from '../../stacks/provider/resource.ts';
import { RESOURCES } from '../../stacks/provider/table.ts';

interface Property {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
  readonly items?: Property;
  readonly additionalProperties?: boolean | Property;
}

export async function renderResources(): Promise<string> {
  const shared = new Map<string, string>();
  return [
    '# Resources of the Pulumi provider',
    'The classes of `stacks/resources.ts`. Every input may be the output of another resource. An input marked "replaces" needs another resource when it changes; all others are updated in place. A secret is encrypted in the state.',
    ...RESOURCES.map((type) => renderResource(type, shared)),
  ].join('\n\n');
}

/** @param shared  what other resources have too, with the one that tells what is in it */
function renderResource(type: ResourceType, shared: Map<string, string>): string {
  return [
    `## ${type.name}`,
    `\`${tokenOf(type)}\`. ${type.description}`,
    table('Input', type.inputs, type, shared),
    ...(Object.keys(type.outputs.shape).length === 0 ? [] : [table('Output', type.outputs, type, shared)]),
  ].join('\n\n');
}

function table(title: string, schema: z.ZodObject, type: ResourceType, shared: Map<string, string>): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' }) as Property;
  const rows = Object.entries(properties).flatMap(([name, property]) => {
    const notes = [
      ...(title === 'Input' && required.includes(name) ? ['required'] : []),
      ...(type.replaceOn.includes(name) ? ['replaces'] : []),
      ...(type.secrets?.includes(name) ? ['secret'] : []),
    ];
    if (title === 'Output') return [row(name, property, notes)];
    const first = shared.get(JSON.stringify(property));
    if (first !== undefined && first !== type.name) return [row(name, property, [...notes, `see ${first}`])];
    if (rowsBelow(name, property, type).length > 0) shared.set(JSON.stringify(property), type.name);
    return [row(name, property, notes), ...rowsBelow(name, property, type)];
  });
  return [`| ${title} | Type | Default | | |`, '|---|---|---|---|---|', ...rows].join('\n');
}

/** Rows of what a mapping holds, as `sandbox.name`; of what the entries of a list hold, as `addressRanges[].ip`. */
function rowsBelow(path: string, property: Property, type: ResourceType): string[] {
  const { items, additionalProperties } = property;
  if (items) return rowsBelow(`${path}[]`, items, type);
  if (typeof additionalProperties === 'object') return rowsBelow(`${path}.*`, additionalProperties, type);
  return Object.entries(property.properties ?? {}).flatMap(([name, inner]) => {
    const inside = `${path}.${name}`;
    const notes = [
      ...(property.required?.includes(name) && inner.default === undefined ? ['required'] : []),
      ...(type.replaceOnParts?.includes(inside) ? ['replaces'] : []),
    ];
    return [row(inside, inner, notes), ...rowsBelow(inside, inner, type)];
  });
}

function row(name: string, property: Property, notes: readonly string[]): string {
  const isMapping = property.properties !== undefined;
  const fallback = property.default === undefined || isMapping ? '' : `\`${JSON.stringify(property.default)}\``;
  const description = (property.description ?? '').replaceAll('|', '\\|');
  return `| ${name} | ${typeName(property)} | ${fallback} | ${notes.join(', ')} | ${description} |`;
}

function typeName({ type, enum: values }: Property): string {
  return values ? values.map((value) => `\`${String(value)}\``).join(' or ') : (type ?? 'any');
}
