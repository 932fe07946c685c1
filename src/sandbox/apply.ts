/**
 * Performs the steps of a plan: each as soon as those that it needs are done, so what does not depend on each other
 * goes on at the same time. The first failure, or an abort, keeps further steps from starting; those under way are
 * told by their signal and waited for, so that nothing is made behind the back of whoever undoes it.
 */
import { type Report, reportStep, type Stopwatch, stopwatch } from './events.ts';
import type { Plan, Step } from './step.ts';

/** Makes what a step names. */
export type Perform = (step: Step, context: StepContext) => Promise<void>;

export interface StepContext {
  readonly signal: AbortSignal;
  /** Tells what goes on within a step that takes long. */
  output(line: string): void;
}

export interface TimedStep {
  readonly id: string;
  readonly title: string;
  readonly seconds: number;
}

export interface Applied {
  /** In the order in which they were done. */
  readonly steps: readonly TimedStep[];
}

/**
 * @throws what the first step to fail threw, or the signal's reason; after all steps have ended
 */
export async function apply(
  { steps }: Pick<Plan, 'steps'>,
  perform: Perform,
  { report, signal, clock = stopwatch }: { report: Report; signal: AbortSignal; clock?: Stopwatch },
): Promise<Applied> {
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const done: TimedStep[] = [];
  const running = new Map<string, Promise<void>>();

  for (const step of steps) running.set(step.id, start(step));
  await Promise.allSettled(running.values());
  if (either.aborted) throw either.reason;
  return { steps: done };

  async function start(step: Step): Promise<void> {
    await Promise.all(step.needs.map((id) => running.get(id)));
    either.throwIfAborted();
    const output = (line: string) => report({ type: 'output', step: step.id, line });
    try {
      const work = () => perform(step, { signal: either, output });
      const { seconds } = await reportStep(step, report, work, { clock, signal: either });
      done.push({ id: step.id, title: step.title, seconds });
    } catch (error) {
      failure.abort(error);
      throw error;
    }
  }
}
