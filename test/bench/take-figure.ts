import type { Contest, Figure, Target } from './figure.ts';
import { NotMeasurable, UNITS_OF_PLENTY } from './figure.ts';
import { type Summary, summarize } from './samples.ts';
import type { Stage } from './stage.ts';

export interface Taken {
  readonly name: string;
  readonly title: string;
  readonly unit: Figure['unit'];
  readonly floorTitle?: string;
  readonly ours?: Summary;
  readonly floor?: Summary;
  /** Median of ours over median of the floor. */
  readonly ratio?: number;
  readonly targets: readonly { readonly text: string; readonly met: boolean }[];
  /** Why it was not taken. */
  readonly missing?: string;
}

/** Takes a figure: a first round that does not count (unless there is only one), then both sides in turn. */
export async function takeFigure(figure: Figure, stage: Stage, { quick }: { quick: boolean }): Promise<Taken> {
  const { name, title, unit, floorTitle } = figure;
  const head = { name, title, unit, ...(floorTitle === undefined ? {} : { floorTitle }) };
  try {
    await using contest = await figure.prepare(stage);
    const rounds = figure.rounds[quick ? 1 : 0];
    const { ours, floor } = await alternate(contest, rounds);
    return { ...head, ...judge(figure, ours, floor) };
  } catch (error) {
    if (error instanceof NotMeasurable) return { ...head, targets: [], missing: error.message };
    throw error;
  }
}

async function alternate(contest: Contest, rounds: number): Promise<{ ours: number[]; floor: number[] }> {
  const samples = { ours: [] as number[], floor: [] as number[] };
  const warmUps = rounds > 1 ? 1 : 0;
  for (let round = 0; round < warmUps + rounds; round++) {
    const floor = await contest.floor?.();
    const ours = await contest.ours();
    if (round < warmUps) continue;
    samples.ours.push(ours);
    if (floor !== undefined) samples.floor.push(floor);
  }
  return samples;
}

export function judge(
  figure: Pick<Figure, 'targets' | 'unit'>,
  oursSamples: readonly number[],
  floorSamples: readonly number[],
): Pick<Taken, 'ours' | 'floor' | 'ratio' | 'targets'> {
  const ours = summarize(oursSamples);
  if (floorSamples.length === 0) return { ours, targets: figure.targets.flatMap((t) => verdict(t, figure.unit, ours)) };
  const floor = summarize(floorSamples);
  const targets = figure.targets.flatMap((target) => verdict(target, figure.unit, ours, floor));
  return { ours, floor, ratio: ours.median / floor.median, targets };
}

function verdict(target: Target, unit: Figure['unit'], ours: Summary, floor?: Summary): Taken['targets'] {
  const { kind, limit } = target;
  if (kind === 'value') {
    const atLeast = UNITS_OF_PLENTY.has(unit);
    const met = atLeast ? ours.median >= limit : ours.median <= limit;
    return [{ text: `${atLeast ? '≥' : '≤'} ${limit} ${unit}`, met }];
  }
  if (floor === undefined) return [];
  if (kind === 'ratio') return [{ text: `≤ ${limit} × floor`, met: ours.median <= limit * floor.median }];
  const [text, key] = kind === 'above floor' ? (['≤ floor', 'median'] as const) : (['p95 ≤ floor’s', 'p95'] as const);
  return [{ text: `${text} + ${limit} ${unit}`, met: ours[key] <= floor[key] + limit }];
}
