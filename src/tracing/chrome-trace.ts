/**
 * Writes spans in Chrome's trace format, which chrome://tracing and ui.perfetto.dev show (Trace Event Format, JSON array:
 * its end may be missing, so the file of a program that was killed can be read too). Times are microseconds since 1970, so
 * that files of several programs fit together.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createWriteStream, openSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Lanes, type OpenSpan } from './lanes.ts';
import { type Span, spans } from './spans.ts';

export interface CompleteEvent {
  readonly ph: 'X';
  readonly name: string;
  readonly ts: number;
  readonly dur: number;
  readonly pid: number;
  readonly tid: number;
  readonly args?: Readonly<Record<string, string | number>>;
}

/** Some 30 MB. What comes later is not written. */
const MOST_EVENTS = 200_000;

/**
 * Writes every span of this program from here on, until it is disposed of, and how its start went.
 * @param program  as the drawing calls it
 * @throws what the system says of a file that cannot be written
 */
export function recordTrace(path: string, program: string): AsyncDisposable {
  const file = createWriteStream(path, { fd: openSync(path, 'w') });
  const pid = process.pid;
  file.write(`[\n${JSON.stringify({ ph: 'M', name: 'process_name', pid, tid: 0, args: { name: program } })}`);
  let events = 0;
  const write = (event: CompleteEvent) => {
    if (events++ < MOST_EVENTS) file.write(`,\n${JSON.stringify(event)}`);
  };
  for (const event of startOfProcess()) write(event);
  const recording = followSpans(write);
  return {
    async [Symbol.asyncDispose]() {
      recording[Symbol.dispose]();
      file.end('\n]\n');
      await finished(file);
    },
  };
}

/** Tells of every span when it has ended. */
export function followSpans(tell: (event: CompleteEvent) => void): Disposable {
  const lanes = new Lanes();
  const current = new AsyncLocalStorage<OpenSpan>();
  const open = new WeakMap<Span, OpenSpan>();
  const begin = (span: Span) => {
    const begun = lanes.begin(span.name, microseconds(), span.apart ? undefined : current.getStore());
    open.set(span, begun);
    return begun;
  };
  const end = (span: Span) => {
    const ended = open.get(span);
    if (!ended) return;
    lanes.end(ended);
    const { name, startedAt: ts, lane: tid } = ended;
    const args = span.details && { args: span.details };
    tell({ ph: 'X', name, ts, dur: microseconds() - ts, pid: process.pid, tid, ...args });
  };
  const subscriber = {
    start: () => {},
    end: (span: Span) => span.synchronous && end(span),
    asyncStart: () => {},
    asyncEnd: end,
    error: () => {},
  };
  spans.start.bindStore(current, begin);
  spans.subscribe(subscriber);
  return {
    [Symbol.dispose]() {
      spans.unsubscribe(subscriber);
      spans.start.unbindStore(current);
    },
  };
}

/** What went before anybody could listen: Node's own start, and the loading of modules until here. */
function startOfProcess(): CompleteEvent[] {
  const { bootstrapComplete } = performance.nodeTiming;
  const from = Math.round(performance.timeOrigin * 1000);
  const ready = from + Math.round(bootstrapComplete * 1000);
  const common = { ph: 'X', pid: process.pid, tid: 0 } as const;
  return [
    { ...common, name: 'Node starts', ts: from, dur: ready - from },
    { ...common, name: 'modules are loaded', ts: ready, dur: microseconds() - ready },
  ];
}

function microseconds(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}
