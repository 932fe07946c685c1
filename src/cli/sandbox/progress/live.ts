/**
 * Progress on a terminal, by listr2. Its tasks run nothing: each stands for a step, gets its title when the step
 * starts, and ends when the step ends. A task without a title is not shown.
 */
import { Listr, type ListrTask, type ListrTaskWrapper } from 'listr2';
import type { SandboxEvent } from '../../../sandbox/events.ts';
import type { Console } from '../console.ts';
import { seconds } from '../output/seconds.ts';
import type { Progress } from './progress.ts';

type Task = Pick<ListrTaskWrapper<unknown, never, never>, 'title' | 'output'>;

interface Row {
  /** Undefined until listr2 has begun with it. */
  task?: Task;
  title: string;
  readonly end: PromiseWithResolvers<void>;
}

interface List {
  readonly rows: Map<string, Row>;
  readonly notes: string[];
  /** Resolves when all of it is written. */
  readonly shown: Promise<unknown>;
}

export function liveProgress({ err, env }: Pick<Console, 'err' | 'env'>): Progress {
  let list: List | undefined;
  let written = Promise.resolve();

  return {
    report(event) {
      if (event.type === 'plan') {
        list = openList(event.steps.map(({ id }) => id));
        return;
      }
      if (event.type === 'note') return tell(event.text);
      const row = list?.rows.get(event.step);
      if (row) follow(row, event);
      else showAlone(event);
    },
    async [Symbol.asyncDispose]() {
      closeList();
      await written;
    },
  };

  /** Lines between those that listr2 redraws would be lost, so notes wait for the end of a list. */
  function tell(text: string): void {
    if (list) list.notes.push(text);
    else write('!', 33, text);
  }

  /** Steps outside of a plan are few and come one after the other. */
  function showAlone(event: Exclude<SandboxEvent, { type: 'plan' | 'note' }>): void {
    closeList();
    if (event.type === 'done') write('✓', 32, `${event.title} (${seconds(event.seconds)})`);
    if (event.type === 'failed') write('✗', 31, `${event.title} (${seconds(event.seconds)})`);
  }

  function closeList(): void {
    const open = list;
    list = undefined;
    if (open === undefined) return;
    for (const row of open.rows.values()) row.end.resolve();
    written = written.then(async () => void (await open.shown));
    for (const text of open.notes) write('!', 33, text);
  }

  function write(sign: string, colour: number, text: string): void {
    const mark = env.NO_COLOR ? sign : `\x1b[${colour}m${sign}\x1b[0m`;
    written = written.then(() => err(`${mark} ${text}\n`));
  }
}

function openList(ids: readonly string[]): List {
  const rows = new Map<string, Row>(ids.map((id) => [id, { title: '', end: Promise.withResolvers<void>() }]));
  const tasks = Array.from(rows.values(), (row): ListrTask => {
    row.end.promise.catch(() => {});
    return {
      task: (_, task) => {
        row.task = task;
        if (row.title !== '') task.title = row.title;
        return row.end.promise;
      },
    };
  });
  const listr = new Listr(tasks, {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false,
    rendererOptions: { collapseErrors: false, showErrorMessage: false },
  });
  return { rows, notes: [], shown: listr.run() };
}

function follow(row: Row, event: Exclude<SandboxEvent, { type: 'plan' | 'note' }>): void {
  if (event.type === 'output') {
    if (row.task) row.task.output = event.line;
    return;
  }
  row.title = 'seconds' in event ? `${event.title} (${seconds(event.seconds)})` : event.title;
  if (row.task) row.task.title = row.title;
  if (event.type === 'done') row.end.resolve();
  if (event.type === 'cancelled') row.end.reject(new Error('cancelled'));
  if (event.type === 'failed') row.end.reject(new Error(event.reason));
}
