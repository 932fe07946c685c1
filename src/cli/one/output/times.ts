/** Times as OpenNebula's commands print them, in the zone of the process. Times are epoch seconds. */

const pad = (number: number) => String(number).padStart(2, '0');

/** `MM/DD HH:MM:SS`, or `-` for a time that is not set. */
export function timeText(seconds: number, { withSeconds = true } = {}): string {
  if (seconds === 0) return '-';
  const at = new Date(seconds * 1000);
  const clock = [at.getHours(), at.getMinutes(), ...(withSeconds ? [at.getSeconds()] : [])].map(pad).join(':');
  return `${pad(at.getMonth() + 1)}/${pad(at.getDate())} ${clock}`;
}

/** `MM/DD/YY` */
export function dateText(seconds: number): string {
  const at = new Date(seconds * 1000);
  return [at.getMonth() + 1, at.getDate(), at.getFullYear() % 100].map(pad).join('/');
}

/** `Mon Nov 23 16:42:55 2026`, as C's ctime. */
export function ctimeText(seconds: number): string {
  const [weekDay, month, day, year, clock] = new Date(seconds * 1000).toString().split(' ');
  return `${weekDay} ${month} ${String(Number(day)).padStart(2)} ${clock} ${year}`;
}

/** `2026-11-23 16:42:55 +0100` */
export function timestampText(seconds: number): string {
  const at = new Date(seconds * 1000);
  const date = [at.getFullYear(), pad(at.getMonth() + 1), pad(at.getDate())].join('-');
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map(pad).join(':');
  const offset = -at.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60))}${pad(Math.abs(offset) % 60)}`;
  return `${date} ${clock} ${zone}`;
}

/** `  0d 00h12m`, the days in at least three places. */
export function periodText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return `${String(Math.floor(hours / 24)).padStart(3)}d ${pad(hours % 24)}h${pad(minutes % 60)}m`;
}

/** `  0h00m05s`, the hours in at least three places. */
export function shortPeriodText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${String(Math.floor(minutes / 60)).padStart(3)}h${pad(minutes % 60)}m${pad(seconds % 60)}s`;
}
