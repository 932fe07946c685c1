/** The provider's package schema, as Pulumi reads it, from the table of resources (zod's JSON schema, turned into Pulumi's). */
import * as z from 'zod';
import { type ResourceType, tokenOf } from './resource.ts';

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
}

export function packageSchema(version: string, types: readonly ResourceType[]): object {
  return {
    name: 'onedock',
    version,
    displayName: 'ONEDock',
    description: 'Docker containers as virtual machines of OpenNebula: testbeds, and the contents of any OpenNebula.',
    license: 'Apache-2.0',
    keywords: ['pulumi', 'onedock', 'opennebula', 'kind/native', 'category/cloud'],
    language: { nodejs: { packageName: 'onedock' } },
    resources: Object.fromEntries(types.map((type) => [tokenOf(type), resourceSchema(type)])),
  };
}

function resourceSchema(type: ResourceType): object {
  const inputs = jsonSchema(type.inputs);
  const outputs = jsonSchema(type.outputs);
  const properties = { ...propertySpecs(inputs, type), ...propertySpecs(outputs, type) };
  return {
    description: type.description,
    inputProperties: propertySpecs(inputs, type),
    requiredInputs: inputs.required ?? [],
    properties,
    required: [...(inputs.required ?? []), ...(outputs.required ?? [])],
  };
}

function jsonSchema(schema: z.ZodObject): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
}

function propertySpecs(schema: JsonSchema, type: ResourceType): Record<string, object> {
  const entries = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const spec = {
      ...typeSpec(property),
      ...(property.description ? { description: property.description } : {}),
      ...(isScalar(property.default) ? { default: property.default } : {}),
      ...(type.secrets?.includes(name) ? { secret: true } : {}),
      ...(type.replaceOn.includes(name) ? { willReplaceOnChanges: true } : {}),
    };
    return [name, spec] as const;
  });
  return Object.fromEntries(entries);
}

/** Objects are maps of anything to Pulumi: the names inside are described in the text. */
function typeSpec(schema: JsonSchema): object {
  if (schema.anyOf) return { $ref: 'pulumi.json#/Any' };
  if (schema.type === 'array') return { type: 'array', items: typeSpec(schema.items ?? {}) };
  if (schema.type === 'object') {
    const { additionalProperties } = schema;
    const values =
      typeof additionalProperties === 'object' ? typeSpec(additionalProperties) : { $ref: 'pulumi.json#/Any' };
    return { type: 'object', additionalProperties: values };
  }
  if (schema.type === undefined) return { $ref: 'pulumi.json#/Any' };
  return { type: schema.type };
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
