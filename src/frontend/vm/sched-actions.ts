/** Scheduled actions: how they are read, when they are due, and when they come again (src/sam/ScheduledAction.cc, 7.4). */
import type { Template, Vector } from '../../opennebula/template.ts';
import type { ScheduledAction } from '../objects/vm.ts';
import { without } from './edit-template.ts';
import { InvalidTemplate } from './invalid-template.ts';

/** What may be scheduled. */
const ACTIONS: ReadonlySet<string> = new Set([
  'terminate',
  'terminate-hard',
  'undeploy',
  'undeploy-hard',
  'hold',
  'release',
  'stop',
  'suspend',
  'resume',
  'reboot',
  'reboot-hard',
  'poweroff',
  'poweroff-hard',
  'snapshot-create',
  'snapshot-revert',
  'snapshot-delete',
  'disk-snapshot-create',
  'disk-snapshot-revert',
  'disk-snapshot-delete',
  'backup',
]);

const ONCE = -1;
const HOURLY = 3;
const END = { NEVER: 0, TIMES: 1, DATE: 2 } as const;

/** Range of DAYS for each kind of repetition: first, and the one behind the last. */
const DAY_RANGES: Readonly<Record<number, readonly [first: number, end: number, refusal: string]>> = {
  0: [0, 7, 'Days in a week have to be in [0,6] range'],
  1: [1, 32, 'Days in a month have to be in [1,31] range'],
  2: [0, 366, 'Days in a year have to be in [0,365] range'],
  3: [1, 168, 'Hours have to be in [0,168] range'],
};

const EMPTY: Omit<ScheduledAction, 'id'> = {
  action: '',
  args: '',
  time: -1,
  repeat: ONCE,
  days: '',
  endType: -1,
  endValue: -1,
  done: -1,
  message: '',
  warning: 0,
};

/**
 * @param createdAt of the VM: times like `+3600` count from there
 * @param before what is changed; a new one when missing
 * @throws InvalidTemplate
 */
export function readSchedAction(
  given: Vector,
  createdAt: number,
  before: Omit<ScheduledAction, 'id'> = EMPTY,
): Omit<ScheduledAction, 'id'> {
  const action = given.ACTION || before.action;
  if (given.ACTION && !ACTIONS.has(given.ACTION)) throw new InvalidTemplate(`${given.ACTION} is not supported.`);
  if (action === '') throw new InvalidTemplate('No ACTION in template for Scheduled Action.');
  const time = given.TIME ? parseTime(given.TIME, createdAt) : before.time;
  if (time === -1) {
    throw new InvalidTemplate(`Unable to parse the time value or value is empty: ${given.TIME ?? ''}`);
  }
  const warning = given.WARNING ? parseTime(given.WARNING, createdAt) : before.warning;
  if (warning === -1) throw new InvalidTemplate(`Unable to parse the warning value: ${given.WARNING}`);
  const repeat = ranged('REPEAT', given.REPEAT, ONCE, HOURLY) ?? before.repeat;
  const endType = ranged('END_TYPE', given.END_TYPE, -1, END.DATE) ?? before.endType;
  return {
    ...before,
    action,
    time,
    warning,
    repeat,
    days: daysFor(repeat, given.DAYS ?? before.days),
    endType,
    endValue: endValueFor(endType, given.END_VALUE, before.endValue),
    args: given.ARGS ?? before.args,
  };
}

/** SCHED_ACTION of a new VM's template. @throws InvalidTemplate */
export function readSchedActions(given: Template, createdAt: number, nextId: () => number): ScheduledAction[] {
  return given.vectors('SCHED_ACTION').map((vector) => ({ id: nextId(), ...readSchedAction(vector, createdAt) }));
}

export function withoutSchedActions(template: Template): Template {
  return template.clone().delete('SCHED_ACTION');
}

/** A template whose SCHED_ACTIONs can be followed, without what only a VM's have. @throws InvalidTemplate */
export function withCheckedSchedActions(template: Template): Template {
  for (const [, value] of template.take('SCHED_ACTION')) {
    if (typeof value !== 'string') readSchedAction(value, 0);
    template.add('SCHED_ACTION', typeof value === 'string' ? value : without(value, 'DONE', 'MESSAGE'));
  }
  return template;
}

/** Whether nothing is left to do: it was done, its time lies before all times, or its repetitions have ended. */
export function isOver({ time, done, endType, endValue }: ScheduledAction, now: number): boolean {
  if (endType === END.TIMES && endValue <= 0) return true;
  if (endType === END.DATE && now > endValue) return true;
  return done >= time;
}

export function isDue(action: ScheduledAction, now: number): boolean {
  return !isOver(action, now) && action.time <= now;
}

/** The action after it was refused: it stays due. */
export function withFailure(action: ScheduledAction, message: string): ScheduledAction {
  return { ...action, message };
}

/** The action after it was done. */
export function withDone(action: ScheduledAction, now: number): ScheduledAction {
  const done: ScheduledAction = { ...action, done: now, message: '' };
  const days = daysIn(action.days);
  if (action.repeat === ONCE || days.length === 0) return done;
  if (action.endType === END.TIMES && action.endValue <= 0) return done;
  if (action.endType === END.DATE && now > action.endValue) return done;
  const endValue = action.endType === END.TIMES ? action.endValue - 1 : action.endValue;
  return { ...done, ...nextTime(action, days, now), endValue };
}

function nextTime({ time, repeat, warning }: ScheduledAction, days: readonly number[], now: number) {
  const [first = 0] = days;
  if (repeat === HOURLY) {
    const step = first * 3600;
    return { time: time + step * Math.max(1, Math.ceil((now - time) / step)), warning };
  }
  const { today, length } = periodOf(repeat, new Date(now * 1000));
  const next = days.find((day) => day > today) ?? length + first;
  return { time: time + (next - today) * 86_400, warning: 0 };
}

/** Where a day stands in its week, month or year, in local time, and how long that is. */
function periodOf(repeat: number, date: Date): { today: number; length: number } {
  const [year, month] = [date.getFullYear(), date.getMonth()];
  const daysBetween = (from: Date, to: Date) => Math.round((to.getTime() - from.getTime()) / 86_400_000);
  if (repeat === 0) return { today: date.getDay(), length: 7 };
  if (repeat === 1) {
    return { today: date.getDate(), length: daysBetween(new Date(year, month, 1), new Date(year, month + 1, 1)) };
  }
  const newYear = new Date(year, 0, 1);
  return {
    today: daysBetween(newYear, new Date(year, month, date.getDate())),
    length: daysBetween(newYear, new Date(year + 1, 0, 1)),
  };
}

function parseTime(text: string, createdAt: number): number {
  if (!/^\+?-?\d+$/.test(text)) return -1;
  return text.startsWith('+') ? createdAt + Number(text.slice(1)) : Number(text);
}

function ranged(name: string, text: string | undefined, first: number, last: number): number | undefined {
  const value = Number.parseInt(text ?? '', 10);
  if (Number.isNaN(value)) return undefined;
  if (value < first || value > last) throw new InvalidTemplate(`Wrong ${name} value: ${value}`);
  return value;
}

function daysFor(repeat: number, days: string): string {
  const range = DAY_RANGES[repeat];
  if (!range) return '';
  if (days === '') throw new InvalidTemplate('Repeat set, but DAYS are empty');
  const list = daysIn(days);
  const [first, end, refusal] = range;
  if (list.length === 0) throw new InvalidTemplate('Scheduled Action repeat set, but DAYS are empty');
  const isWrong = list.some((day) => day < first || day >= end) || (repeat === HOURLY && list.length !== 1);
  if (isWrong) throw new InvalidTemplate(refusal);
  return days;
}

/** Ascending, each once. */
function daysIn(days: string): number[] {
  const numbers = days.split(',').map((day) => Number.parseInt(day, 10));
  return [...new Set(numbers.filter((day) => !Number.isNaN(day)))].sort((a, b) => a - b);
}

function endValueFor(endType: number, text: string | undefined, before: number): number {
  if (endType <= END.NEVER) return -1;
  const value = Number.parseInt(text ?? '', 10);
  if (Number.isNaN(value)) return before;
  if (endType === END.TIMES && value < 0) {
    throw new InvalidTemplate('Error parsing END_VALUE, times has to be greater or equal to 0');
  }
  return value;
}
