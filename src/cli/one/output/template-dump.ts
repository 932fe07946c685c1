/** A template in a document as `show` and the editor show it (OCA's template_like_str, 7.4). */
import type { Node } from '../../document.ts';

export interface DumpOptions {
  /** Vectors over several lines; the default. */
  readonly indented?: boolean;
  /** Only attributes of these names. */
  readonly only?: readonly string[];
}

/**
 * `KEY="value"` lines and vectors of the children of `parent`. Elements without a value are left out, and so is what
 * nests deeper than a vector.
 */
export function templateDump(parent: Node | undefined, { indented = true, only }: DumpOptions = {}): string {
  const [newline, indent] = indented ? ['\n', '  '] : ['', ' '];
  const attributes = (parent?.children ?? []).filter(({ name }) => !only || only.includes(name));
  return attributes
    .flatMap((attribute) => {
      if (attribute.children.length === 0) return attribute.hasText ? [assignment(attribute)] : [];
      const values = attribute.children.filter((child) => child.hasText).map((child) => indent + assignment(child));
      return [`${attribute.name}=[${newline}${values.join(`,${newline}`)} ]`];
    })
    .join('\n');
}

function assignment({ name, text }: Node): string {
  return `${name}="${text.replaceAll('"', '\\"')}"`;
}
