/** What is different where a person looks: bold titles, coloured states, a pager. A pipe gets plain lines. */
import type { Line } from './output/page.ts';
import type { PrintedTable } from './output/table.ts';
import type { Run } from './run.ts';

const BOLD = '\x1b[1m';
const UNDERLINE = '\x1b[4m';
const RESET = '\x1b[0m';

/** Title of a table or a section. */
export function printTitle(run: Run, title: string, { underlined = true } = {}): void {
  run.print(isPlain(run) ? title : `${BOLD}${underlined ? UNDERLINE : ''}${title}${RESET}`);
}

export function printPage(run: Run, lines: readonly Line[]): void {
  for (const line of lines) {
    if (typeof line === 'string') run.print(line);
    else printTitle(run, line.heading, line);
  }
}

/** A table; on a terminal one longer than the screen goes through ONE_PAGER, `more` by default. */
export async function printPaged(run: Run, { header, rows }: PrintedTable, { isPaged }: { isPaged: boolean }) {
  const { terminal, env } = run.io;
  if (isPaged && terminal && rows.length >= terminal.rows - 1) {
    const path = run.io.temporaryPath();
    run.io.writeFile(path, `${[...(header === undefined ? [] : [header]), ...rows].join('\n')}\n`, 0o600);
    try {
      await run.io.runProgram([...(env.ONE_PAGER ?? 'more').split(' '), path]);
    } finally {
      run.io.removeFile(path);
    }
    return;
  }
  if (header !== undefined) printTitle(run, header);
  for (const row of rows) run.print(row);
}

function isPlain(run: Run): boolean {
  return !run.io.terminal || Boolean(run.io.env.NO_COLOR);
}
