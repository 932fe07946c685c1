/** What the sandbox tells about its work while it goes on; the CLI shows it in the form that was asked for. */
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
  /** Not of a step: what a person should know. */
  | { readonly type: 'note'; readonly text: string };

export type Report = (event: SandboxEvent) => void;

/** Seconds that a monotonic clock shows; only differences mean something. */
export type Stopwatch = () => number;
export const stopwatch: Stopwatch = () => performance.now() / 1000;

/** Performs something as a step of its own, with events around it. */
export async function reportStep<Result>(
  { id, title }: Pick<Step, 'id' | 'title'>,
  report: Report,
  work: () => Promise<Result>,
  clock: Stopwatch = stopwatch,
): Promise<Result> {
  const start = clock();
  report({ type: 'started', step: id, title });
  try {
    const result = await work();
    report({ type: 'done', step: id, title, seconds: clock() - start });
    return result;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report({ type: 'failed', step: id, title, seconds: clock() - start, reason });
    throw error;
  }
}
