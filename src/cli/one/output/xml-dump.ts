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

function cdata(value: string): string {
  return `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

function escapeText(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
