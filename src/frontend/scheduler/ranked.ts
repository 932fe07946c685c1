import { rankOrNone } from './rank.ts';
import type { Attributes } from './requirement.ts';

/** Candidates by rank, highest first; of equals the last one, as the placer of 7.4 has it. Mostly the first of these will do. */
export function* ranked<T>(candidates: readonly T[], rankOf: (candidate: T) => number): Generator<T> {
  const left = [...candidates];
  while (left.length > 0) {
    const best = indexOfHighest(left, rankOf);
    yield* left.splice(best, 1);
  }
}

function indexOfHighest<T>(candidates: readonly T[], rankOf: (candidate: T) => number): number {
  let best = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (const [i, candidate] of candidates.entries()) {
    const rank = rankOf(candidate);
    if (rank >= highest) [best, highest] = [i, rank];
  }
  return best;
}

/** Ranks of candidates by expression, each worked out once until what it was made of changes. */
export class Ranks<T> {
  readonly #attributesOf: (candidate: T) => Attributes;
  readonly #known = new Map<string, Map<T, number>>();

  constructor(attributesOf: (candidate: T) => Attributes) {
    this.#attributesOf = attributesOf;
  }

  by(expression: string): (candidate: T) => number {
    const rank = rankOrNone(expression);
    const known = this.#known.get(expression) ?? new Map<T, number>();
    this.#known.set(expression, known);
    return (candidate) => {
      let value = known.get(candidate);
      if (value === undefined) {
        value = rank(this.#attributesOf(candidate));
        known.set(candidate, value);
      }
      return value;
    };
  }

  /** The candidate is no longer what it was. */
  changed(candidate: T): void {
    for (const known of this.#known.values()) known.delete(candidate);
  }
}
