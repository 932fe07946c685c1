/** Statistics of a handful of measurements. Small samples of a shared machine: order statistics, no means. */

export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly p95: number;
}

/** @throws RangeError when there is no sample */
export function summarize(samples: readonly number[]): Summary {
  return {
    count: samples.length,
    median: quantile(samples, 0.5),
    least: quantile(samples, 0),
    most: quantile(samples, 1),
    p95: quantile(samples, 0.95),
  };
}

/** Linear between the two nearest samples. @param fraction 0 to 1 */
export function quantile(samples: readonly number[], fraction: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const position = fraction * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]];
  if (below === undefined || above === undefined) throw new RangeError('There is no sample.');
  return below + (above - below) * (position - Math.floor(position));
}
