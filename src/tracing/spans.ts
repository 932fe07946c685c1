/**
 * Spans: how long each piece of work takes, call of the API, driver action, command on a host, request to Docker, for
 * whoever listens (`chrome-trace.ts`). They go over a channel of node:diagnostics_channel, so that while nobody listens a
 * span costs one check.
 */
import { tracingChannel } from 'node:diagnostics_channel';

export interface Span {
  /** What is done and to whom, as a log would say it: `vmm/onedock/deploy`, `ssh host-1: sudo …`. */
  readonly name: string;
  readonly details?: SpanDetails | undefined;
  /** Not part of the work that began it, which does not wait for it. */
  readonly apart?: boolean;
  /** Ends when the function returns, without a promise. */
  readonly synchronous?: boolean;
}

export type SpanDetails = Readonly<Record<string, string | number>>;

export const spans = tracingChannel<unknown, Span>('onedock.span');

/** Work within the work that is under way. */
export function traced<Result>(name: string, work: () => Promise<Result>, details?: SpanDetails): Promise<Result> {
  return spans.hasSubscribers ? spans.tracePromise(work, { name, details }) : work();
}

/** Work that goes on by itself. */
export function tracedApart<Result>(name: string, work: () => Promise<Result>, details?: SpanDetails): Promise<Result> {
  return spans.hasSubscribers ? spans.tracePromise(work, { name, details, apart: true }) : work();
}

/** Work that is done at one go. */
export function tracedAtOnce<Result>(name: string, work: () => Result): Result {
  return spans.hasSubscribers ? spans.traceSync(work, { name, synchronous: true }) : work();
}
