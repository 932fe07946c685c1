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

export function liveProgress({ err, env }: Pick<Console, 'err' | 'env'>): Progress {
  let list: { readonly rows: Map<string, Row>; readonly shown: Promise<unknown> } | undefined;
  const notes: string[] = [];
  let written = Promise.resolve();

  return {
    report(event) {
      if (event.type === 'note') tell(event.text);
      else if (event.type === 'plan') list = openList(event.steps.map(({ id }) => id));
      else if (list?.rows.has(event.step)) follow(list.rows.get(event.step) as Row, event);
      else showAlone(event);
    },
    async [Symbol.asyncDispose]() {
      await written;
      await close();
    },
  };

  /** Lines between those that listr2 redraws would be lost, so notes wait for the end of a list. */
  function tell(text: string): void {
    if (list) notes.push(text);
    else written = written.then(() => err(`${mark('!', 33)} ${text}\n`));
  }

  /** Steps outside of a plan are few and come one after the other. */
  function showAlone(event: Exclude<SandboxEvent, { type: 'plan' | 'note' }>): void {
    written = written.then(close).then(() => {
      if (event.type === 'done') err(`${mark('✓', 32)} ${event.title} (${seconds(event.seconds)})\n`);
      if (event.type === 'failed') err(`${mark('✗', 31)} ${event.title} (${seconds(event.seconds)})\n`);
    });
  }

  async function close(): Promise<void> {
    const open = list;
    list = undefined;
    for (const row of open?.rows.values() ?? []) row.end.resolve();
    await open?.shown;
    for (const text of notes.splice(0)) err(`${mark('!', 33)} ${text}\n`);
  }

  function mark(sign: string, colour: number): string {
    return env.NO_COLOR ? sign : `\x1b[${colour}m${sign}\x1b[0m`;
  }
}

function openList(ids: readonly string[]) {
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
  return { rows, shown: listr.run() };
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
