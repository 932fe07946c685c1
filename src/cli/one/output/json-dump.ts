import type { Tree } from './tree.ts';

/** A tree as Ruby's JSON.pretty_generate prints it: an empty object takes two lines, an empty array one. */
export function jsonDump(tree: Tree, indent = ''): string {
  if (typeof tree === 'string') return JSON.stringify(tree);
  const inner = `${indent}  `;
  if (Array.isArray(tree)) {
    if (tree.length === 0) return '[]';
    return `[\n${tree.map((item) => inner + jsonDump(item, inner)).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(tree).map(
    ([name, value]) => `${inner}${JSON.stringify(name)}: ${jsonDump(value, inner)}`,
  );
  return members.length === 0 ? `{\n${indent}}` : `{\n${members.join(',\n')}\n${indent}}`;
}
