/**
 * `xpath.rb`, by which driver scripts and users' scripts read documents (src/datastore_mad/remotes/xpath.rb, 7.4):
 * `xpath.rb [-s] [-b DOC] [-t] XPATH…` prints for each path the text of the first element, followed by a NUL byte.
 */
import { parseArgs } from 'node:util';
import { messageOf } from '../../errors/thrown.ts';
import { type Node, parseDocument } from '../document.ts';
import { selectAll } from './path.ts';

export interface XPathOutcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Number of paths without a text, or 255 when the arguments or the document cannot be read. */
  readonly exitCode: number;
}

const UNREADABLE = 255;

/** In front of a path: the texts of all elements, joined by a blank, which is never an error. */
const ALL = '%m%';

/** @param readStdin  is called unless the document is an argument */
export async function runXPath(argv: readonly string[], readStdin: () => Promise<string>): Promise<XPathOutcome> {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        stdin: { type: 'boolean', short: 's' },
        subtree: { type: 'boolean', short: 't' },
        base64: { type: 'string', short: 'b' },
      },
    });
    const source =
      values.base64 === undefined ? await readStdin() : Buffer.from(values.base64, 'base64').toString('utf8');
    const root = parseDocument(source);
    const found = positionals.map((path) => lookUp(root, path, values.subtree ?? false));
    const missing = found.filter((text) => text === undefined).length;
    return { stdout: found.map((text) => `${text ?? ''}\0`).join(''), stderr: '', exitCode: missing };
  } catch (error) {
    return { stdout: '', stderr: `${messageOf(error)}\n`, exitCode: UNREADABLE };
  }
}

function lookUp(root: Node, path: string, isSubtree: boolean): string | undefined {
  if (path.startsWith(ALL)) {
    return selectAll(root, path.slice(ALL.length))
      .map((node) => node.leadingText ?? '')
      .join(' ');
  }
  const [first] = selectAll(root, path);
  return isSubtree ? first && compactXml(first) : first?.leadingText;
}

function compactXml(node: Node): string {
  const { name, children } = node;
  if (children.length > 0) return `<${name}>${children.map(compactXml).join('')}</${name}>`;
  if (!node.hasText) return `<${name}/>`;
  const escaped = node.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<${name}>${node.isCdata ? `<![CDATA[${node.text}]]>` : escaped}</${name}>`;
}
