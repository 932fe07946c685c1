/** `onehost monitoring`: how one value of a host went on. */
import type { Node } from '../../document.ts';
import { command, required } from '../command.ts';
import { HOST_ID, textFormat } from '../formats.ts';
import { flag, integer, text } from '../option.ts';
import { heading, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { timeOption } from '../parse-time.ts';
import { Refusal } from '../refusal.ts';
import { fetchDocument } from '../resource.ts';
import { printPage } from '../terminal.ts';

const START = timeOption({ name: 'start', long: '--start', argument: 'date', help: 'Only samples after this time' });
const END = timeOption({ name: 'end', long: '--end', argument: 'date', help: 'Only samples before this time' });
const UNIT = text({ name: 'unit', long: '--unit', argument: 'unit', help: 'Unit of memory: K, M, G (default) or T' });
const TABLE = flag({ name: 'table', long: '--table', help: 'Show a table, which is done in any case' });
const COUNT = integer({
  name: 'n_elems',
  long: '--n',
  argument: 'elements',
  help: 'How many samples to show, the last 8 by default',
});
const CSV_WITH = text({ name: 'csv', long: '--csv', argument: 'separator', help: 'Show values with a separator' });

const DEFAULT_COUNT = 8;

/** The part of a sample in which a value stands. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  CAPACITY: ['FREE_CPU', 'FREE_MEMORY', 'USED_CPU', 'USED_MEMORY'],
  SYSTEM: ['NETRX', 'NETTX'],
};

const UNITS = ['K', 'M', 'G', 'T'];

interface Sample {
  /** Epoch seconds. */
  readonly at: number;
  readonly value: string;
}

const SAMPLE_TABLE: Table<Sample> = {
  columns: [
    { title: 'TIME', width: 8, cell: ({ at }) => clock(at) },
    { title: 'VALUE', width: 8, cell: ({ value }) => value },
  ],
};

export const monitoring = command({
  name: 'monitoring',
  help: 'Shows how a value of a host went on: FREE_CPU, FREE_MEMORY, USED_CPU, USED_MEMORY, NETRX or NETTX.',
  args: [required(HOST_ID), required(textFormat('attr'))],
  options: [START, END, UNIT, TABLE, COUNT, CSV_WITH],
  run: async (run, id, attribute) => {
    const unit = run.get(UNIT) ?? 'G';
    if (!UNITS.includes(unit)) throw new Refusal(`Invalid unit \`${unit}\``);
    const name = attribute.toUpperCase();
    const isMemory = name.includes('_MEMORY');
    const all = samplesOf(await fetchDocument(run, 'one.host.monitoring', id), name);
    const [first, last] = [all[0], all.at(-1)];
    if (!first || !last) throw new Refusal('No monitoring data found');
    const [start, end] = [START, END].map((option) => {
      const time = run.get(option);
      return time && time.getTime() / 1000;
    });
    const from = start ?? first.at;
    const to = end ?? last.at;
    const between = all.filter(({ at }) => at >= from && at <= to);
    if (between.length === 0) throw new Refusal(`No monitoring data found between ${day(from)} and ${day(to)}`);
    const shown = between.slice(-(run.get(COUNT) ?? DEFAULT_COUNT)).map(({ at, value }): Sample => {
      return { at, value: isMemory ? `${inUnit(Number(value), unit)} ${unit}B` : value };
    });
    const separator = run.get(CSV_WITH);
    if (separator !== undefined) {
      run.print(`TIME${separator}VALUE`);
      for (const { at, value } of shown) run.print(`${clock(at)}${separator}${value}`);
      return;
    }
    const title = `Host ${id} ${name} ${isMemory ? `in ${unit}B ` : ''}from ${day(from)} to ${day(to)}`;
    printPage(run, ['', heading(title, { width: 0, underlined: true }), '', ...tableLines(SAMPLE_TABLE, shown)]);
  },
});

/** Values in the order of time; a name that is not known may be a path inside a sample. */
function samplesOf(data: Node, name: string): Sample[] {
  const part = Object.keys(PARTS).find((key) => PARTS[key]?.includes(name.replace(/_FORECAST(_FAR)?$/, '')));
  const path = part === undefined ? name : `${part}/${name}`;
  return data
    .all('MONITORING')
    .flatMap((sample) => {
      const value = sample.get(path);
      return value === undefined ? [] : [{ at: sample.int('TIMESTAMP'), value }];
    })
    .toSorted((a, b) => a.at - b.at);
}

/** From KB, with two decimals where there are any, and one at least, as Ruby prints a float. */
function inUnit(kilobytes: number, unit: string): string {
  const steps = UNITS.indexOf(unit);
  if (steps === 0) return String(kilobytes);
  const value = Math.round((kilobytes / 1024 ** steps) * 100) / 100;
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

const pad = (number: number) => String(number).padStart(2, '0');

/** `16:42` */
function clock(seconds: number): string {
  const at = new Date(seconds * 1000);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** `23/11/2026 16:42` */
function day(seconds: number): string {
  const at = new Date(seconds * 1000);
  return `${pad(at.getDate())}/${pad(at.getMonth() + 1)}/${at.getFullYear()} ${clock(seconds)}`;
}
