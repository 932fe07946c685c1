import type { Node } from '../../document.ts';

/** A document as `-x` shows it: indented by two blanks, CDATA kept, empty elements as `<X/>`. */
export function xmlDump(node: Node, indent = ''): string {
  const { name, children } = node;
  if (children.length > 0) {
    const inside = children.map((child) => xmlDump(child, `${indent}  `));
    return [`${indent}<${name}>`, ...inside, `${indent}</${name}>`].join('\n');
  }
  if (!node.hasText) return `${indent}<${name}/>`;
  return `${indent}<${name}>${node.isCdata ? cdata(node.text) : escapeText(node.text)}</${name}>`;
}

/** Records of accounting, which stand one behind the other, not indented inside the element around them. */
export function recordsDump({ name, children }: Node): string {
  return [`<${name}>`, children.map((record) => xmlDump(record)).join(''), `</${name}>`].join('\n');
}

function cdata(value: string): string {
  return `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

function escapeText(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
