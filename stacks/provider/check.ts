/** Checking what a program of Pulumi says about a resource: defaults filled in, and all that is wrong reported at once. */
import type { provider } from '@pulumi/pulumi';
import type * as z from 'zod';
import type { ResourceType } from './resource.ts';
import {
  containsUnknown,
  isUnknown,
  type Properties,
  unwrapSecrets,
  withMarksOf,
  withoutEngineMarks,
} from './values.ts';

/**
 * Each input is checked by itself, so that one that is not known yet (in a preview) keeps no other from being checked.
 * @returns inputs in which what came as a secret is one still, and in which unknown values stand as they came
 */
export function checkInputs(type: ResourceType, news: Properties): provider.CheckResult {
  const given = withoutEngineMarks(unwrapSecrets(news) as Properties);
  const parsed = Object.entries(type.inputs.shape).map(([name, schema]) => parseInput(name, schema, given[name]));
  const inputs = Object.fromEntries(parsed.map(({ name, value }) => [name, value]));
  const failures = [
    ...parsed.flatMap((input) => input.failures),
    ...Object.keys(given)
      .filter((name) => !(name in type.inputs.shape))
      .map((name) => ({ property: name, reason: `is no input of ${type.name}` })),
  ];
  const contradictions = failures.length === 0 && !containsUnknown(inputs) ? (type.contradictions?.(inputs) ?? []) : [];
  return { inputs: withMarksOf(inputs, news), failures: [...failures, ...contradictions] };
}

interface ParsedInput {
  readonly name: string;
  readonly value: unknown;
  readonly failures: readonly provider.CheckFailure[];
}

function parseInput(name: string, schema: z.core.$ZodType, value: unknown): ParsedInput {
  const parsed = (schema as z.ZodType).safeParse(value);
  if (parsed.success) return { name, value: parsed.data, failures: [] };
  const failures = parsed.error.issues
    .filter(({ path }) => !isUnknown(valueAt(value, path)))
    .map(({ path, message }) => ({ property: [name, ...path].join('.'), reason: message }));
  return { name, value, failures };
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (isUnknown(value) || typeof value !== 'object' || value === null) break;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
