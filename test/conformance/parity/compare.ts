/**
 * Two recordings of one scenario, step by step. A step's outcome is the same when success flag and code are; its shape
 * when documents have the same elements in the same order; it is identical when everything is, to the letter.
 */
export interface Step {
  readonly label: string;
  readonly method?: string;
  readonly ok?: boolean;
  readonly code?: number;
  readonly fault?: boolean;
  /** Why there was no answer at all. */
  readonly broken?: string;
  readonly value?: unknown;
}

export type Likeness = 'identical' | 'shape' | 'outcome' | 'different';

export interface StepComparison {
  readonly label: string;
  readonly method: string;
  readonly likeness: Likeness;
  /** What differs; empty when nothing does. */
  readonly difference: string;
}

export interface Score {
  readonly steps: number;
  readonly outcome: number;
  readonly shape: number;
  readonly identical: number;
}

export function compareRecordings(expected: readonly Step[], found: readonly Step[]): StepComparison[] {
  const byLabel = new Map(found.map((step) => [step.label, step]));
  return expected.map((step) => {
    const [likeness, difference] = compareSteps(step, byLabel.get(step.label));
    return { label: step.label, method: step.method ?? '', likeness, difference };
  });
}

export function scoreOf(comparisons: readonly StepComparison[]): Score {
  const atLeast = (...levels: Likeness[]) => comparisons.filter(({ likeness }) => levels.includes(likeness)).length;
  return {
    steps: comparisons.length,
    outcome: atLeast('outcome', 'shape', 'identical'),
    shape: atLeast('shape', 'identical'),
    identical: atLeast('identical'),
  };
}

function compareSteps(expected: Step, found: Step | undefined): [Likeness, string] {
  if (!found) return ['different', 'the step is missing'];
  const sameOutcome = (['ok', 'code', 'fault'] as const).every((key) => expected[key] === found[key]);
  if (!sameOutcome) return ['different', `expected ${outcomeOf(expected)}, got ${outcomeOf(found)}`];
  const [want, got] = [leavesOf(expected.value), leavesOf(found.value)];
  if (!want) {
    const same = JSON.stringify(expected.value) === JSON.stringify(found.value);
    return same ? ['identical', ''] : ['shape', `expected ${cut(expected.value)}, got ${cut(found.value)}`];
  }
  const sameShape = want.length === got?.length && want.every(([path], i) => path === got[i]?.[0]);
  if (!got || !sameShape) return ['outcome', shapeDifference(want, got ?? [])];
  const differing = want.flatMap(([path, value], i) => (value === got[i]?.[1] ? [] : [[path, value, got[i]?.[1]]]));
  return differing.length === 0 ? ['identical', ''] : ['shape', cut(differing)];
}

type Leaf = readonly [path: string, value: string | null];

/** Elements of a document with their paths, in order; undefined for other values. */
function leavesOf(value: unknown): readonly Leaf[] | undefined {
  return (value as { xml?: readonly Leaf[] } | null | undefined)?.xml;
}

function outcomeOf(step: Step): string {
  return step.broken ?? `ok=${step.ok} code=${step.code} ${cut(step.value)}`;
}

function shapeDifference(want: readonly Leaf[], got: readonly Leaf[]): string {
  const paths = (leaves: readonly Leaf[], others: readonly Leaf[]) => {
    const known = new Set(others.map(([path]) => path));
    return [...new Set(leaves.map(([path]) => path))].filter((path) => !known.has(path)).slice(0, 6);
  };
  const [missing, more] = [paths(want, got), paths(got, want)];
  if (missing.length === 0 && more.length === 0) return 'order or number of elements differs';
  return `missing ${missing.join(' ') || 'nothing'}; more ${more.join(' ') || 'nothing'}`;
}

const SHOWN_CHARACTERS = 300;

function cut(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}
