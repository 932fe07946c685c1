import { isMap, isNode, isScalar, isSeq, LineCounter, type Pair, parseDocument } from 'yaml';

type Keys = readonly PropertyKey[];

/** A YAML file that remembers where each key stands, so that what is wrong with a value can be said with its place. */
export class YamlDocument {
  readonly #document;
  readonly #lines = new LineCounter();
  readonly #name: string;

  constructor(text: string, name: string) {
    this.#name = name;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
  }

  /** What keeps the text from being YAML, each as `file:line:column: why`. */
  get problems(): readonly string[] {
    return this.#document.errors.map((error) => `${this.#place(error.pos[0])}: ${error.message}`);
  }

  /** An empty document is an empty mapping. */
  get value(): unknown {
    return this.problems.length > 0 ? undefined : (this.#document.toJS() ?? {});
  }

  /** Whether there is a mapping, or nothing at all, which counts as an empty one. */
  get isMapping(): boolean {
    return this.#document.contents === null || isMap(this.#document.contents);
  }

  /** `file:line:column key.path: message`, where the key stands, or the nearest that is there. */
  explain(keys: Keys, message: string): string {
    const named = keys.length === 0 ? 'the file' : keys.join('.');
    return `${this.#place(this.#offset(keys))} ${named}: ${message}`;
  }

  #offset(keys: Keys): number {
    let node: unknown = this.#document.contents;
    let offset = 0;
    for (const key of keys) {
      const pair: Pair | undefined = isMap(node)
        ? node.items.find((item) => isScalar(item.key) && item.key.value === key)
        : undefined;
      const place: unknown = pair ? pair.key : isSeq(node) ? node.items[Number(key)] : undefined;
      if (!isNode(place)) return offset;
      offset = place.range?.[0] ?? offset;
      node = pair ? pair.value : place;
    }
    return offset;
  }

  #place(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#name}:${line}:${col}`;
  }
}
