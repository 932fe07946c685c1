/**
 * `npm run bench`: takes every figure beside its bare floor and prints a table. Exit codes: 0 taken, whatever the
 * figures say; 1 something broke; 2 wrong arguments.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { inspect, parseArgs } from 'node:util';
import type { Figure } from './figure.ts';
import { FIGURES } from './figures/index.ts';
import { withReport } from './history.ts';
import { describeMachine } from './machine-description.ts';
import { renderTable } from './report.ts';
import { Stage } from './stage.ts';
import { type Taken, takeFigure } from './take-figure.ts';

const USAGE = `Usage: npm run bench -- [figure…] [options]
  figures       all unless named: ${FIGURES.map(({ name }) => name).join(', ')}
  --only NAME   the same as naming it
  --quick       fewer rounds, and a tenth of the large cloud
  --json        print JSON
  --history FILE  add them to a page of figures over time, as docs/reference/benchmarks.md`;

const options = parseOptions();
const chosen = options.names.length === 0 ? FIGURES : FIGURES.filter(({ name }) => options.names.includes(name));

const figures: Taken[] = [];
await using stage = new Stage(options);
for (const figure of chosen) {
  process.stderr.write(`${figure.title} …\n`);
  figures.push(await takeFigure(figure, stage, options).catch((error: unknown) => brokenFigure(figure, error)));
}
const report = { takenAt: new Date().toISOString(), machine: describeMachine(), quick: options.quick, figures };
if (options.history !== undefined) {
  const page = await readFile(options.history, 'utf8').catch(() => '');
  await writeFile(options.history, withReport(page, report));
}
process.stdout.write(`${options.json ? JSON.stringify(report) : renderTable(report)}\n`);

/** The others are still worth taking. */
function brokenFigure({ name, title, unit }: Figure, error: unknown): Taken {
  process.stderr.write(`${inspect(error)}\n`);
  process.exitCode = 1;
  return { name, title, unit, targets: [], missing: 'It failed; standard error says how.' };
}

function parseOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true, default: [] },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        history: { type: 'string' },
      },
    });
    const names = [...positionals, ...values.only];
    const unknown = names.find((name) => !FIGURES.some((figure) => figure.name === name));
    if (unknown !== undefined) throw new Error(`There is no figure ${unknown}.`);
    return { ...values, names };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}\n`);
    process.exit(2);
  }
}
