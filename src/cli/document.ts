/**
 * Documents as the commands show them. They keep what the shared reader of `opennebula/xml.ts` may forget: whether a
 * value stood in a CDATA section, which tells an empty value from an empty element in `-x`, `-j` and templates.
 */
import { SaxesParser } from 'saxes';

export class Node {
  readonly name: string;
  readonly children: Node[] = [];
  /** All character data directly inside, joined. */
  text = '';
  /** Whether the value stood in a CDATA section, be it an empty one. */
  isCdata = false;
  /** Character data before the first child element, which is what REXML calls the text of an element. */
  leadingText: string | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Whether there is a value, as opposed to `<X/>` and to elements with children only. */
  get hasText(): boolean {
    return this.isCdata || this.text !== '';
  }

  /** All elements at a path of names below this one, as in `TEMPLATE/DISK`; other parents are searched too. */
  all(path: string): Node[] {
    let found: Node[] = [this];
    for (const name of path.split('/')) found = found.flatMap((node) => node.children.filter((c) => c.name === name));
    return found;
  }

  first(path: string): Node | undefined {
    let node: Node | undefined = this;
    for (const name of path.split('/')) node = node?.children.find((child) => child.name === name);
    return node;
  }

  /** Text of the first element at a path; undefined when there is none or it has no value. */
  get(path: string): string | undefined {
    const node = this.first(path);
    return node?.hasText ? node.text : undefined;
  }

  /** Whole number at a path, 0 when there is none. */
  int(path: string): number {
    return Number.parseInt(this.get(path) ?? '', 10) || 0;
  }

  /** Whether the first element at a path has anything inside. */
  isFilled(path: string): boolean {
    const node = this.first(path);
    return node !== undefined && (node.hasText || node.children.length > 0);
  }

  /** Ids in a list such as `<VMS><ID>7</ID></VMS>`. */
  ids(path: string): string[] {
    return this.all(`${path}/ID`).map((id) => id.text);
  }

  /** The same document without children of these names at a path. */
  without(path: string, names: readonly string[]): Node {
    const [head, ...rest] = path.split('/');
    return this.#with(
      this.children.flatMap((child) => {
        if (child.name !== head) return [child];
        if (rest.length > 0) return [child.without(rest.join('/'), names)];
        return [child.#with(child.children.filter(({ name }) => !names.includes(name)))];
      }),
    );
  }

  /** The same document with some of its children. */
  filtered(keep: (child: Node) => boolean): Node {
    return this.#with(this.children.filter(keep));
  }

  #with(children: readonly Node[]): Node {
    const copy = new Node(this.name);
    copy.children.push(...children);
    copy.text = this.text;
    copy.isCdata = this.isCdata;
    copy.leadingText = this.leadingText;
    return copy;
  }
}

/** @throws Error when the text is no XML document */
export function parseDocument(source: string): Node {
  const parser = new SaxesParser({ position: false });
  const root = new Node('');
  const open: Node[] = [root];
  let current = root;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => {
    const node = new Node(name);
    current.children.push(node);
    open.push(node);
    current = node;
  });
  const append = (data: string) => {
    current.text += data;
    if (current.children.length === 0) current.leadingText ??= data;
  };
  parser.on('text', append);
  parser.on('cdata', (data) => {
    append(data);
    current.isCdata = true;
  });
  parser.on('closetag', () => {
    open.pop();
    current = open.at(-1) as Node;
  });
  parser.write(source).close();
  const [document] = root.children;
  if (!document) throw new Error('There is no element in the document.');
  return document;
}
