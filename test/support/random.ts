/** Random choices that a seed repeats. */

/** From 0 up to, but not including, 1. */
export type Random = () => number;

/** mulberry32: small, quick, and the same everywhere. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 up to, but not including, `limit`. */
export function below(limit: number, random: Random): number {
  return Math.floor(random() * limit);
}

/** @throws RangeError when there is nothing to pick from */
export function pick<T>(items: readonly T[], random: Random): T {
  if (items.length === 0) throw new RangeError('There is nothing to pick from.');
  return items[below(items.length, random)] as T;
}

/** Picks by weight. */
export function pickWeighted<T extends { readonly weight: number }>(items: readonly T[], random: Random): T {
  let left = random() * items.reduce((sum, { weight }) => sum + weight, 0);
  for (const item of items) {
    left -= item.weight;
    if (left < 0) return item;
  }
  return items.at(-1) as T;
}

/** The seed to begin with: SEED of the environment, so that a failure can be repeated, or another one each time. */
export function firstSeed(): number {
  return Number(process.env.SEED ?? Date.now() % 1_000_000);
}
