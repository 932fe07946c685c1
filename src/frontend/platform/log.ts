/**
 * The front-end's log. Lines carry the module that speaks, under OpenNebula's own names (src/log/Log.cc, 7.4), so that
 * tools which read oned.log read ours.
 */
export type LogLevel = 'error' | 'warning' | 'info' | 'debug';

/**
 * ONE itself, ReM requests, VMM, TM, ImM images, InM hosts, DiM dispatch, LCM life cycle, SCM scheduler, SCH scheduled actions, HKM hooks,
 * MKP marketplaces, * ACL, AuM authentication, VM, DrM drivers, VNM networks, IPM drivers of networks, DBM the store.
 */
export type LogModule =
  | 'ONE'
  | 'ReM'
  | 'VMM'
  | 'TM'
  | 'ImM'
  | 'InM'
  | 'DiM'
  | 'LCM'
  | 'SCM'
  | 'SCH'
  | 'HKM'
  | 'MKP'
  | 'ACL'
  | 'AuM'
  | 'VM'
  | 'DrM'
  | 'VNM'
  | 'IPM'
  | 'DBM';

export type Log = (module: LogModule, level: LogLevel, text: string) => void;

export const silentLog: Log = () => {};

const LEVEL_LETTER: Readonly<Record<LogLevel, string>> = { error: 'E', warning: 'W', info: 'I', debug: 'D' };

/** `Mon Nov 23 16:35:15 2026 [Z0][VM][I]: New state is ACTIVE`, with a line feed. @param seconds epoch */
export function logLine(seconds: number, module: LogModule, level: LogLevel, text: string): string {
  return `${logTime(seconds)} [Z0][${module}][${LEVEL_LETTER[level]}]: ${text}\n`;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Local time as C's ctime prints it, without the line feed. Days of one digit have a blank in front. */
export function logTime(seconds: number): string {
  const second = Math.trunc(seconds);
  if (second !== last.second) last = { second, text: ctime(second) };
  return last.text;
}

/** Many lines are of one second. */
let last = { second: Number.NaN, text: '' };

function ctime(seconds: number): string {
  const date = new Date(seconds * 1000);
  const two = (number: number) => String(number).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const day = String(date.getDate()).padStart(2, ' ');
  return `${DAYS[date.getDay()]} ${MONTHS[date.getMonth()]} ${day} ${time} ${date.getFullYear()}`;
}
