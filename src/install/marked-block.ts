/** Lines of our own in somebody else's file, between two marks, so that they are found again and go without a trace. Pure. */

const BEGIN = '# ONEDock: begin';
const END = '# ONEDock: end';

/** Thrown by `splitBlock`. Lines count from 1. */
export class MarksDamaged extends Error {
  override name = 'MarksDamaged';
  readonly line: number;

  constructor(line: number) {
    super(`line ${line}`);
    this.line = line;
  }
}

export interface SplitText {
  /** The text as it is without the block. */
  readonly rest: string;
  /** What lies between the marks; undefined when there are none. */
  readonly block: string | undefined;
}

/** @throws MarksDamaged */
export function splitBlock(text: string): SplitText {
  const lines = text.split('\n');
  const marks = lines.flatMap((line, i) => (line === BEGIN || line === END ? [i] : []));
  const [begin, end, extra] = marks;
  if (begin === undefined) return { rest: text, block: undefined };
  if (extra !== undefined) throw new MarksDamaged(extra + 1);
  if (end === undefined || lines[begin] !== BEGIN || lines[end] !== END) throw new MarksDamaged(begin + 1);
  const block = lines.slice(begin + 1, end).map((line) => `${line}\n`);
  // The line feed before the first mark is ours, and so is the one behind the last.
  const before = lines.slice(0, begin).join('\n');
  const after = lines.slice(end + 1).join('\n');
  return { rest: `${before}${after}`, block: block.join('') };
}

/** Puts the block at the end, behind a line feed of its own. */
export function withBlock(rest: string, block: string): string {
  return `${rest}\n${BEGIN}\n${block}${END}\n`;
}
