/** What the sandbox tells about its work while it goes on; the CLI shows it in the form that was asked for. */
import { messageOf } from '../errors/thrown.ts';
import { traced } from '../tracing/spans.ts';
import type { Step } from './step.ts';

export type SandboxEvent =
  /** What will be done; steps come in this order or at once. */
  | { readonly type: 'plan'; readonly steps: readonly Pick<Step, 'id' | 'title'>[] }
  | { readonly type: 'started'; readonly step: string; readonly title: string }
  | { readonly type: 'output'; readonly step: string; readonly line: string }
  | { readonly type: 'done'; readonly step: string; readonly title: string; readonly seconds: number }
  | {
      readonly type: 'failed';
      readonly step: string;
      readonly title: string;
      readonly seconds: number;
      readonly reason: string;
    }
  /** Ended because another step failed, or the user interrupted. */
  | { readonly type: 'cancelled'; readonly step: string; readonly title: string }
  /** Not of a step: what a person should know. */
  | { readonly type: 'note'; readonly text: string };

export type Report = (event: SandboxEvent) => void;

/** Seconds that a monotonic clock shows; only differences mean something. */
export type Stopwatch = () => number;
export const stopwatch: Stopwatch = () => performance.now() / 1000;

/** Performs something as a step of its own, with events around it. @returns what `work` did, and how long it took */
export async function reportStep<Result>(
  { id, title }: Pick<Step, 'id' | 'title'>,
  report: Report,
  work: () => Promise<Result>,
  { clock = stopwatch, signal }: { readonly clock?: Stopwatch; readonly signal?: AbortSignal } = {},
): Promise<{ readonly result: Result; readonly seconds: number }> {
  const start = clock();
  report({ type: 'started', step: id, title });
  try {
    const result = await traced(title, work, { step: id });
    const seconds = clock() - start;
    report({ type: 'done', step: id, title, seconds });
    return { result, seconds };
  } catch (error) {
    const reason = messageOf(error);
    if (signal?.aborted) report({ type: 'cancelled', step: id, title });
    else report({ type: 'failed', step: id, title, seconds: clock() - start, reason });
    throw error;
  }
}
