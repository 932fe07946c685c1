/** Times as users type them, in the zone of the process. */
import type { text } from './option.ts';
import { InvalidArgument, Refusal } from './refusal.ts';
import type { Option } from './run.ts';

/**
 * Epoch seconds of `now`, `14:15`, `09/23 14:15`, `2027-01-01`, `2027-01-01 14:15`, or whatever else JavaScript reads as
 * a time; a missing year or day is the present one.
 * @throws Refusal
 */
export function parseTime(typed: string, now: number): number {
  if (typed === 'now') return now;
  const present = new Date(now * 1000);
  const [, month, day, year, hour = '0', minute = '0', second = '0'] =
    /^(?:(\d{1,2})\/(\d{1,2})(?:\/(\d{2,4}))?)?\s*(?:(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(typed.trim()) ?? [];
  const known = month !== undefined || typed.includes(':');
  const at =
    known && !/[a-z-]/i.test(typed)
      ? new Date(
          year === undefined ? present.getFullYear() : Number(year) + (Number(year) < 100 ? 2000 : 0),
          month === undefined ? present.getMonth() : Number(month) - 1,
          day === undefined ? present.getDate() : Number(day),
          Number(hour),
          Number(minute),
          Number(second),
        )
      : new Date(/^\d{4}-\d{2}-\d{2}$/.test(typed.trim()) ? `${typed.trim()}T00:00:00` : typed);
  if (Number.isNaN(at.getTime())) throw new Refusal(`Error parsing time spec: ${typed}`);
  return Math.floor(at.getTime() / 1000);
}

/** An option that takes a time, as `Date`s are easier to count days and months with. */
export function timeOption(spelling: Parameters<typeof text>[0]): Option<Date> {
  return {
    ...spelling,
    read: (typed = '', run) => {
      try {
        return new Date(parseTime(typed, run.io.now()) * 1000);
      } catch {
        throw new InvalidArgument();
      }
    },
  };
}
