/** What an update would change, from what the state holds and what the program says. */
import type { provider } from '@pulumi/pulumi';
import type { ResourceType } from './resource.ts';
import type { Properties } from './values.ts';

/**
 * @param before  the state: inputs and outputs side by side
 * @param after  checked inputs, some of them unknown in a preview
 */
export function difference(type: ResourceType, before: Properties, after: Properties): provider.DiffResult {
  const [olds, news] = [before, after].map((each) => type.comparable?.(each) ?? each) as [Properties, Properties];
  const changed = Object.keys(type.inputs.shape).filter((name) => canonical(olds[name]) !== canonical(news[name]));
  const broken = type.brokenBy?.(olds);
  const replaces = [
    ...changed.filter((name) => type.replaceOn.includes(name)),
    ...(type.replaceOnParts ?? []).filter((path) => canonical(at(olds, path)) !== canonical(at(news, path))),
    ...(broken === undefined ? [] : [broken]),
  ];
  return {
    changes: changed.length > 0 || replaces.length > 0,
    replaces,
    deleteBeforeReplace: type.deleteBeforeReplace,
  };
}

/** The same text for values that say the same, in whatever order; what is undefined or null says nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    const said = Object.entries(item).filter(([, inner]) => inner !== undefined && inner !== null);
    return Object.fromEntries(said.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function at(properties: unknown, path: string): unknown {
  return path.split('.').reduce((value, name) => (value as Properties | undefined)?.[name], properties);
}
