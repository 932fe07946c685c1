/**
 * XML as OpenNebula writes it: no prolog, no white space between elements, values either escaped text or CDATA.
 * Documents are written with the small functions below, which return strings, and read into plain elements.
 */
import { SaxesParser } from 'saxes';

/** An element as read: `text` joins its own character data, `children` keep document order. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** `<NAME>value</NAME>`, the value escaped. */
export function text(name: string, value: string | number): string {
  return `<${name}>${typeof value === 'number' ? value : escapeText(value)}</${name}>`;
}

/** `<NAME><![CDATA[value]]></NAME>` */
export function cdata(name: string, value: string | number): string {
  return `<${name}><![CDATA[${String(value).replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`;
}

/** `<NAME>` with the given, already written children; an empty one prints both tags, as oned does. */
export function group(name: string, ...children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

function escapeText(value: string): string {
  if (!/[&<>]/.test(value)) return value;
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * Reads one document.
 * @throws XmlSyntaxError when it is not well-formed, or nests deeper than any document of OpenNebula does
 */
export function parseXml(source: string): XmlElement {
  const parser = new SaxesParser();
  const open: { name: string; children: XmlElement[]; text: string }[] = [];
  let root: XmlElement | undefined;
  parser.on('error', (error) => {
    throw new XmlSyntaxError(error.message);
  });
  parser.on('doctype', () => {
    throw new XmlSyntaxError('a document type is not accepted');
  });
  parser.on('opentag', (tag) => {
    if (open.length >= MAX_DEPTH) throw new XmlSyntaxError(`elements nest deeper than ${MAX_DEPTH}`);
    open.push({ name: tag.name, children: [], text: '' });
  });
  const append = (data: string) => {
    const current = open.at(-1);
    if (current) current.text += data;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', () => {
    const element = open.pop() as XmlElement;
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
  });
  parser.write(source).close();
  if (!root) throw new XmlSyntaxError('there is no element');
  return root;
}

const MAX_DEPTH = 64;

/** The text is not an XML document. */
export class XmlSyntaxError extends Error {
  override name = 'XmlSyntaxError';
}

/** All elements at a path of names below `element`, as in `findAll(vm, 'TEMPLATE/DISK')`; other parents are searched too. */
export function findAll(element: XmlElement, path: string): XmlElement[] {
  let found: XmlElement[] = [element];
  for (const name of path.split('/')) found = found.flatMap((e) => e.children.filter((child) => child.name === name));
  return found;
}

/** The first element at a path, if there is one. */
export function find(element: XmlElement, path: string): XmlElement | undefined {
  return findAll(element, path)[0];
}

/** Text of the first element at a path; undefined when it is missing. */
export function findText(element: XmlElement, path: string): string | undefined {
  return find(element, path)?.text;
}

/** Children of an element that hold only text, by name; the first of a name counts. */
export function leaves(element: XmlElement): Record<string, string> {
  const values: Record<string, string> = {};
  for (const child of element.children) if (child.children.length === 0) values[child.name] ??= child.text;
  return values;
}
