/**
 * The history of figures as a page for people, docs/reference/benchmarks.md: an entry for each day and machine on which
 * they were taken, the latest first. A figure that is taken again on that day and machine takes its row's place. Pure.
 */
import { FIGURES } from './figures/index.ts';
import { machineLine, type Report, value } from './report.ts';
import type { Taken } from './take-figure.ts';

const PREAMBLE = `# Figures over time

Written by \`npm run bench -- --history docs/reference/benchmarks.md\`: median (least … most) of what ONEDock needs and of
its bare floor, taken in turn in one run. [How fast it is](../explanation/benchmarks.md) says what each figure is. Machines
differ and are noisy: compare ratios, and times only within an entry.
`;

const HEADER = '| figure | ONEDock | floor | ratio | target |\n|---|---|---|---|---|';

/** The page with a report added to it. @param page  '' when there is none */
export function withReport(page: string, report: Report): string {
  const heading = `## ${report.takenAt.slice(0, 10)}, ${machineLine(report.machine)}`;
  const entries = readEntries(page);
  const rows = new Map(entries.get(heading) ?? []);
  for (const taken of report.figures) rows.set(taken.name, row(taken));
  const all = new Map([[heading, rows], ...[...entries].filter(([other]) => other !== heading)]);
  return [PREAMBLE, ...Array.from(all, ([title, each]) => entry(title, each))].join('\n');
}

type Rows = ReadonlyMap<string, string>;

function readEntries(page: string): Map<string, Rows> {
  const parts = page.split(/^(?=## )/m).slice(1);
  return new Map(
    parts.map((part) => {
      const [heading = '', ...lines] = part.split('\n');
      const rows = lines.flatMap((line) => {
        const [, name] = /^\| `([^`]+)` /.exec(line) ?? [];
        return name === undefined ? [] : [[name, line] as const];
      });
      return [heading, new Map(rows)];
    }),
  );
}

/** Rows in the order of the table of figures; those that are no more come last. */
function entry(heading: string, rows: Rows): string {
  const place = (name: string) => FIGURES.findIndex((figure) => figure.name === name) >>> 0;
  const sorted = [...rows].toSorted(([a], [b]) => place(a) - place(b));
  return [heading, '', HEADER, ...sorted.map(([, line]) => line), ''].join('\n');
}

function row({ name, title, unit, ours, floor, ratio, targets, missing }: Taken): string {
  const cells = [
    `\`${name}\` ${title}`,
    ours === undefined ? `not taken: ${missing}` : value(ours, unit),
    floor === undefined ? '' : value(floor, unit),
    ratio?.toFixed(2) ?? '',
    targets.map(({ text, met }) => `${met ? '✓' : '✗'} ${text}`).join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}
