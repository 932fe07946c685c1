/** Prints how much is alike; with PARITY_SHOW=N also the first N differences. */
import { type Score, type StepComparison, scoreOf } from './compare.ts';

export function measure(title: string, comparisons: readonly StepComparison[]): Score {
  const shown = comparisons.filter(({ likeness }) => likeness !== 'identical');
  for (const { label, difference } of shown.slice(0, Number(process.env.PARITY_SHOW ?? 0))) {
    process.stdout.write(`  ${label}: ${difference}\n`);
  }
  const score = scoreOf(comparisons);
  process.stdout.write(`${title}: ${score.steps} steps; ${percentages(score)}\n`);
  return score;
}

function percentages(score: Score): string {
  return (['outcome', 'shape', 'identical'] as const)
    .map((name) => `${name} ${score[name]} (${((100 * score[name]) / score.steps).toFixed(1)} %)`)
    .join(', ');
}
