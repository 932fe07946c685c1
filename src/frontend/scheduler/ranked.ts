import { rankOrNone } from './rank.ts';
import type { Attributes } from './requirement.ts';

/** Candidates by rank, highest first; of equals the one that was there first. Mostly the first one will do. */
export function* ranked<T>(
  candidates: readonly T[],
  expression: string,
  attributesOf: (candidate: T) => Attributes,
): Generator<T> {
  const rank = rankOrNone(expression);
  const left = candidates.map((candidate) => ({ candidate, value: rank(attributesOf(candidate)) }));
  while (left.length > 0) {
    const best = left.reduce((highest, next) => (next.value > highest.value ? next : highest));
    left.splice(left.indexOf(best), 1);
    yield best.candidate;
  }
}
