/** `onehook log`: when hooks ran, and how that ended. */
import { command } from '../command.ts';
import { flag, integer } from '../option.ts';
import { XML } from '../options/format.ts';
import { tableLines } from '../output/page.ts';
import { xmlDump } from '../output/xml-dump.ts';
import { timeOption } from '../parse-time.ts';
import { fetchDocument } from '../resource.ts';
import { printPage } from '../terminal.ts';
import { LOG_TABLE } from './hook-page.ts';

const ERROR = flag({ name: 'error', long: '--error', help: 'Only runs that failed' });
const SUCCESS = flag({ name: 'success', long: '--success', help: 'Only runs that succeeded' });
const HOOK_ID = integer({ name: 'hook_id', long: '--hook-id', argument: 'id', help: 'Only runs of this hook' });
const SINCE = timeOption({ name: 'since', long: '--since', argument: 'date', help: 'Only runs after this time' });
const UNTIL = timeOption({ name: 'until', long: '--until', argument: 'date', help: 'Only runs before this time' });

const ANY = -1;

/** Last parameter of one.hooklog.info: which return codes. */
const RETURN_CODES = { SUCCESS: 1, BOTH: 0, ERROR: -1 } as const;

export const log = command({
  name: 'log',
  help: 'Lists when hooks ran, and how that ended.',
  options: [ERROR, SUCCESS, HOOK_ID, SINCE, UNTIL, XML],
  run: async (run) => {
    const codes = run.has(SUCCESS) ? RETURN_CODES.SUCCESS : run.has(ERROR) ? RETURN_CODES.ERROR : RETURN_CODES.BOTH;
    const [since = ANY, until = ANY] = [SINCE, UNTIL].map((option) => {
      const time = run.get(option);
      return time && time.getTime() / 1000;
    });
    const document = await fetchDocument(run, 'one.hooklog.info', since, until, run.get(HOOK_ID) ?? ANY, codes);
    const runs = document.all('HOOK_EXECUTION_RECORD');
    if (run.has(XML)) run.print(xmlDump(document));
    else if (runs.length > 0) printPage(run, tableLines(LOG_TABLE, runs));
  },
});
