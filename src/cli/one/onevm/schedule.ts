/** `--schedule` and its repetitions: actions for later, and the texts that the API takes for them. */
import { decimal, text } from '../option.ts';
import { timestampText } from '../output/times.ts';
import { parseTime } from '../parse-time.ts';
import type { AnyOption, Option, Run } from '../run.ts';
import { forEach } from '../verbs/each.ts';
import { vm } from './vm.ts';

/** Epoch seconds, or `+seconds` behind the start of the VM. */
const SCHEDULE: Option<number | string> = {
  name: 'schedule',
  long: '--schedule',
  argument: 'TIME',
  help: 'Do it later: at a time as in "09/23 14:15", or +seconds behind the start of the VM',
  read: (typed = '', run) => (typed.startsWith('+') ? typed : parseTime(typed, run.io.now())),
};

const WEEKLY = text({
  name: 'weekly',
  long: '--weekly',
  argument: 'days',
  help: 'Repeat on days 0 (Sunday) to 6, as in 0,2',
});

const MONTHLY = text({
  name: 'monthly',
  long: '--monthly',
  argument: 'days',
  help: 'Repeat on days of the month, as in 1,14',
});

const YEARLY = text({
  name: 'yearly',
  long: '--yearly',
  argument: 'days',
  help: 'Repeat on days of the year, 0 to 365',
});

const HOURLY = decimal({ name: 'hourly', long: '--hourly', argument: 'hour', help: 'Repeat after so many hours' });

const END = text({ name: 'end', long: '--end', argument: 'number|TIME', help: 'Repeat so many times, or up to a day' });

export const SCHEDULE_OPTIONS: readonly AnyOption[] = [SCHEDULE, WEEKLY, MONTHLY, YEARLY, HOURLY, END];

/** Repetitions by their number in REPEAT. */
const REPETITIONS: readonly Option<string | number>[] = [WEEKLY, MONTHLY, YEARLY, HOURLY];

export interface ScheduledAction {
  /** As in `terminate-hard`. */
  readonly action: string;
  /** What the action takes besides the VM, with commas. */
  readonly args?: string | undefined;
}

/**
 * Schedules the action on each VM when the user wants it later.
 * @returns undefined when it is to be done at once
 */
export function scheduleInstead(
  run: Run,
  ids: readonly number[],
  scheduled: ScheduledAction,
): Promise<number> | undefined {
  const time = run.get(SCHEDULE);
  if (time === undefined) return undefined;
  const { action } = scheduled;
  const done =
    typeof time === 'number'
      ? `${action} scheduled at ${timestampText(time)}`
      : `${action} scheduled after ${time}s from start`;
  return forEach(run, ids, { kind: vm.kind }, async (id) => {
    await run.client.vm.schedadd(id, scheduleText(run, scheduled, time));
    run.print(`${vm.kind} ${id}: ${done}`);
  });
}

function scheduleText(run: Run, { action, args }: ScheduledAction, time: number | string): string {
  const repeat = REPETITIONS.findIndex((option) => run.has(option));
  const repetition = REPETITIONS[repeat];
  const end = run.get(END);
  return [
    `SCHED_ACTION = [ACTION  = ${action}, `,
    args === undefined ? '' : `ARGS    = "${args}",`,
    `TIME    = ${time}`,
    repetition ? `, REPEAT = ${repeat}, DAYS = "${run.get(repetition)}"` : '',
    end !== undefined ? endText(end, run.io.now()) : repetition ? ', END_TYPE = 0' : '',
    ']',
  ].join('');
}

function endText(end: string, now: number): string {
  if (/^\d+$/.test(end)) return `, END_TYPE = 1, END_VALUE = ${end}`;
  return `, END_TYPE = 2, END_VALUE = ${parseTime(end, now)}`;
}
