/** What a run found, as a table for people. JSON is the list itself. */
import type { MachineDescription } from './machine-description.ts';
import type { Summary } from './samples.ts';
import type { Taken } from './take-figure.ts';

export interface Report {
  readonly takenAt: string;
  readonly machine: MachineDescription;
  readonly quick: boolean;
  readonly figures: readonly Taken[];
}

const HEADER = ['figure', 'ONEDock', 'floor', 'ratio', 'target'] as const;

export function renderTable({ machine, figures }: Report): string {
  const rows = figures.filter((taken) => taken.missing === undefined).map(row);
  const missing = figures.filter((taken) => taken.missing !== undefined);
  const floors = figures.filter((taken) => taken.floor !== undefined && taken.floorTitle !== undefined);
  return [
    machineLine(machine),
    '',
    ...alignColumns([HEADER, ...rows]),
    '',
    'Median (least … most). Floors, taken in turn with ours:',
    ...floors.map(({ title, floorTitle }) => `  ${title}: ${floorTitle}`),
    ...missing.map(({ title, missing: why }) => `Not taken: ${title}. ${why}`),
  ].join('\n');
}

export function machineLine({ processors, processor, memoryGib, kernel, cgroup }: MachineDescription): string {
  return `${processors} × ${processor}, ${memoryGib} GiB, Linux ${kernel}, cgroup v${cgroup}`;
}

function row({ title, unit, ours, floor, ratio, targets }: Taken): string[] {
  return [
    title,
    ours === undefined ? '' : value(ours, unit),
    floor === undefined ? '–' : value(floor, unit),
    ratio === undefined ? '–' : ratio.toFixed(2),
    targets.map(({ text, met }) => `${met ? '✓' : '✗'} ${text}`).join(', '),
  ];
}

export function value({ median, least, most }: Summary, unit: Taken['unit']): string {
  return `${round(median)} ${unit} (${round(least)} … ${round(most)})`;
}

/** Three digits that matter. */
function round(number: number): string {
  return number >= 100 ? number.toFixed(0) : number.toPrecision(3);
}

export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => (cells[column] ?? '').length)));
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
