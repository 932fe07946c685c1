/** What changes between two texts, as people read it: the unified form of diff(1). Pure. */

const CONTEXT_LINES = 3;

type Mark = ' ' | '-' | '+';

interface MarkedLine {
  readonly mark: Mark;
  readonly text: string;
}

/** Empty when nothing differs. */
export function lineDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const lines = markLines(linesOf(before), linesOf(after));
  const hunks = findHunks(lines).map((hunk) => printHunk(lines, hunk));
  return [`--- ${path}`, `+++ ${path}`, ...hunks].join('\n');
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function markLines(before: readonly string[], after: readonly string[]): MarkedLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const same = (lines: readonly string[]) => lines.map((text) => ({ mark: ' ' as const, text }));
  return [
    ...same(before.slice(0, head)),
    ...markChanged(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...same(before.slice(before.length - tail)),
  ];
}

/** By the longest common subsequence, of which `lengths[i][j]` is that of the lines from i and from j on. */
function markChanged(before: readonly string[], after: readonly string[]): MarkedLine[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  const lengthAt = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const row = lengths[i] as Uint32Array;
      row[j] = before[i] === after[j] ? lengthAt(i + 1, j + 1) + 1 : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  const lines: MarkedLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, fresh] = [before[i], after[j]];
    if (old !== undefined && old === fresh) {
      lines.push({ mark: ' ', text: old });
      i++;
      j++;
    } else if (old !== undefined && (fresh === undefined || lengthAt(i + 1, j) >= lengthAt(i, j + 1))) {
      lines.push({ mark: '-', text: old });
      i++;
    } else if (fresh !== undefined) {
      lines.push({ mark: '+', text: fresh });
      j++;
    }
  }
  return lines;
}

interface Hunk {
  readonly from: number;
  /** Not of the hunk any more. */
  readonly to: number;
}

/** Changes whose context would touch are one hunk. */
function findHunks(lines: readonly MarkedLine[]): Hunk[] {
  const hunks: Hunk[] = [];
  for (const [i, { mark }] of lines.entries()) {
    if (mark === ' ') continue;
    const from = Math.max(0, i - CONTEXT_LINES);
    const to = Math.min(lines.length, i + CONTEXT_LINES + 1);
    const last = hunks.at(-1);
    if (last && from <= last.to) hunks.splice(-1, 1, { from: last.from, to });
    else hunks.push({ from, to });
  }
  return hunks;
}

function printHunk(lines: readonly MarkedLine[], { from, to }: Hunk): string {
  const count = (part: readonly MarkedLine[], other: Mark) => part.filter(({ mark }) => mark !== other).length;
  const range = (without: Mark) => {
    const size = count(lines.slice(from, to), without);
    const before = count(lines.slice(0, from), without);
    return `${size === 0 ? before : before + 1},${size}`;
  };
  const body = lines.slice(from, to).map(({ mark, text }) => `${mark}${text}`);
  return [`@@ -${range('+')} +${range('-')} @@`, ...body].join('\n');
}
