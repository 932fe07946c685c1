/** What a VM was last seen to use, with forecasts where the front-end makes them. */
import type { Node } from '../../document.ts';
import { heading, type Line, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { ctimeText } from '../output/times.ts';
import { sizeText } from '../output/units.ts';

type Print = (value: string) => string;

const number: Print = (value) => value;
const wholeOf = (value: string) => Number.parseInt(value, 10) || 0;
const kilobytes: Print = (value) => sizeText(wholeOf(value));
const bytes: Print = (value) => sizeText(Math.trunc(wholeOf(value) / 1024));
const megabytesAsGigabytes: Print = (value) => sizeText(Math.trunc(wholeOf(value) / 1024), 'G');

/** Always listed, in this order. */
const METRICS: readonly (readonly [name: string, print: Print])[] = [
  ['CPU', number],
  ['MEMORY', kilobytes],
  ['NETTX', bytes],
  ['NETTX_BW', bytes],
  ['NETRX', bytes],
  ['NETRX_BW', bytes],
  ['DISKRDBYTES', kilobytes],
  ['DISKRDBYTES_BW', kilobytes],
  ['DISKRDIOPS', number],
  ['DISKRDIOPS_BW', number],
  ['DISKWRBYTES', kilobytes],
  ['DISKWRBYTES_BW', kilobytes],
  ['DISKWRIOPS_BW', number],
  ['DISKWRIOPS', number],
  ['GPU_COUNT', number],
  ['GPU_UTILIZATION', number],
  ['GPU_MEMORY_UTILIZATION', number],
  ['GPU_MEMORY_FREE', megabytesAsGigabytes],
  ['GPU_POWER_USAGE', number],
];

interface Metric {
  readonly name: string;
  readonly values: readonly string[];
}

const TABLE: Table<Metric> = {
  columns: [
    { title: 'METRIC', width: 20, left: true, cell: ({ name }) => name },
    { title: 'VALUE', width: 15, left: true, cell: ({ values }) => values[0] },
    { title: 'FORECAST', width: 15, left: true, cell: ({ values }) => values[1] },
    { title: 'FORECAST_FAR', width: 15, left: true, cell: ({ values }) => values[2] },
  ],
};

/** Leaves of the sample that are no metrics. */
const FACTS = ['STATE', 'DISK_SIZE', 'SNAPSHOT_SIZE', 'ID', 'TIMESTAMP'];

const NAME_WIDTH = 20;
const MAX_VALUE_LENGTH = 80;

/** The heading names the time of the sample; what a driver sends besides the metrics follows them. */
export function monitoringLines(vm: Node): Line[] {
  const sample = vm.first('MONITORING');
  const time = sample?.int('TIMESTAMP');
  const rows = METRICS.map(([name, print]): Metric => {
    const values = ['', '_FORECAST', '_FORECAST_FAR'].map((suffix) => sample?.get(`${name}${suffix}`));
    return { name, values: values.map((value) => (value === undefined ? '-' : print(value))) };
  });
  const shown = new Set(METRICS.flatMap(([name]) => [name, `${name}_FORECAST`, `${name}_FORECAST_FAR`]));
  const others = (sample?.children ?? []).filter(({ name }) => !shown.has(name) && !FACTS.includes(name));
  return [
    heading(`VIRTUAL MACHINE MONITORING [${time ? ctimeText(time) : '-'}]`),
    ...tableLines(TABLE, rows),
    '',
    ...others.map(
      ({ name, text }) => `${shorten(name, NAME_WIDTH).padEnd(NAME_WIDTH)}: ${shorten(text, MAX_VALUE_LENGTH)}`,
    ),
  ];
}

function shorten(value: string, length: number): string {
  return value.length > length ? `${value.slice(0, length - 3)}...` : value;
}
