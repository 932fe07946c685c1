/** docs/reference/resources.md: the resources of the Pulumi provider, from its table. */
import { z } from 'zod';
import { type ResourceType, tokenOf } from '../../stacks/provider/resource.ts';
import { RESOURCES } from '../../stacks/provider/table.ts';

interface Property {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
}

export async function renderResources(): Promise<string> {
  return [
    '# Resources of the Pulumi provider',
    'The classes of `stacks/resources.ts`. Every input may be the output of another resource. An input marked "replaces" needs another resource when it changes; all others are updated in place. A secret is encrypted in the state.',
    ...RESOURCES.map(renderResource),
  ].join('\n\n');
}

function renderResource(type: ResourceType): string {
  return [
    `## ${type.name}`,
    `\`${tokenOf(type)}\`. ${type.description}`,
    table('Input', type.inputs, type),
    ...(Object.keys(type.outputs.shape).length === 0 ? [] : [table('Output', type.outputs, type)]),
  ].join('\n\n');
}

function table(title: string, schema: z.ZodObject, type: ResourceType): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  const rows = Object.entries(properties as Record<string, Property>).map(([name, property]) => {
    const notes = [
      ...(title === 'Input' && required.includes(name) ? ['required'] : []),
      ...(type.replaceOn.includes(name) ? ['replaces'] : []),
      ...(type.secrets?.includes(name) ? ['secret'] : []),
    ];
    const fallback = property.default === undefined ? '' : `\`${JSON.stringify(property.default)}\``;
    return `| ${name} | ${typeName(property)} | ${fallback} | ${notes.join(', ')} | ${property.description ?? ''} |`;
  });
  return [`| ${title} | Type | Default | | |`, '|---|---|---|---|---|', ...rows].join('\n');
}

function typeName({ type, enum: values }: Property): string {
  return values ? values.map((value) => `\`${String(value)}\``).join(' or ') : (type ?? 'any');
}
