/** The table of hooks, the page of one, and what is known of the times it ran (onehook_helper.rb, 7.4). */
import { wordList } from '../../../opennebula/lists.ts';
import type { Node } from '../../document.ts';
import { idColumn, nameColumn } from '../columns.ts';
import { fieldWriter, heading, type Line, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { templateDump } from '../output/template-dump.ts';
import { timeText } from '../output/times.ts';
import { lockText } from '../output/units.ts';

export function hookTable(): Table<Node> {
  return {
    columns: [
      idColumn('ONE identifier for the Hook'),
      nameColumn('Name of the Hook', 19),
      { title: 'TYPE', help: 'Type of the Hook', width: 8, left: true, cell: (hook) => hook.get('TYPE') },
    ],
  };
}

const field = fieldWriter(18);

export function hookPage(hook: Node): Line[] {
  const runs = hook.all('HOOKLOG/HOOK_EXECUTION_RECORD');
  return [
    ...headLines(hook),
    heading('HOOK TEMPLATE'),
    templateDump(hook.first('TEMPLATE')),
    ...(runs.length > 0 ? ['', heading('EXECUTION LOG', { width: 0 }), ...tableLines(EXECUTION_TABLE, runs)] : []),
    '',
  ];
}

function headLines(hook: Node): Line[] {
  return [
    heading(`HOOK ${hook.get('ID')} INFORMATION`, { underlined: true }),
    field('ID', hook.get('ID')),
    field('NAME', hook.get('NAME')),
    field('TYPE', hook.get('TYPE')),
    field('LOCK', lockText(hook)),
    '',
  ];
}

/** One run of the hook with what it printed. */
export function executionPage(hook: Node, executionId: string): Line[] {
  const runs = hook.all('HOOKLOG/HOOK_EXECUTION_RECORD');
  const run = runs.find((record) => record.get('EXECUTION_ID') === executionId);
  if (!run) return [...headLines(hook), `Cannot find execution record ${executionId}`];
  return [
    ...headLines(hook),
    heading('HOOK EXECUTION RECORD', { underlined: true }),
    field('EXECUTION ID', run.get('EXECUTION_ID')),
    field('TIMESTAMP', timeText(run.int('TIMESTAMP'))),
    field('COMMAND', run.get('EXECUTION_RESULT/COMMAND')),
    field('ARGUMENTS', argumentsText(run.get('ARGUMENTS') ?? '')),
    field('EXIT CODE', run.get('EXECUTION_RESULT/CODE')),
    '',
    heading('EXECUTION STDOUT', { underlined: true }),
    ...printed(run, 'STDOUT'),
    '',
    heading('EXECUTION STDERR', { underlined: true }),
    ...printed(run, 'STDERR'),
    '',
  ];
}

function printed(run: Node, stream: 'STDOUT' | 'STDERR'): string[] {
  const text = decode(run.get(`EXECUTION_RESULT/${stream}`) ?? '').replace(/\n$/, '');
  return text === '' ? [] : [text];
}

/** Documents among the arguments are in base64. */
function argumentsText(text: string): string {
  const words = wordList(text);
  return words.map((word) => `${isBase64(word) ? decode(word) : word} `).join('');
}

function isBase64(word: string): boolean {
  return word.length % 4 === 0 && /^[A-Za-z\d+/]+={0,2}$/.test(word);
}

function decode(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

const EXECUTION_TABLE: Table<Node> = {
  columns: [
    { title: 'ID', width: 5, adjust: true, cell: (run) => run.get('EXECUTION_ID') },
    { title: 'TIMESTAMP', width: 15, cell: (run) => timeText(run.int('TIMESTAMP'), { withSeconds: false }) },
    { title: 'RC', width: 5, adjust: true, cell: (run) => run.get('EXECUTION_RESULT/CODE') },
    {
      title: 'EXECUTION',
      width: 5,
      adjust: true,
      cell: (run) => (run.int('EXECUTION_RESULT/CODE') === 0 ? 'SUCCESS' : 'ERROR'),
    },
  ],
};

/** Runs of several hooks, as `onehook log` lists them. */
export const LOG_TABLE: Table<Node> = {
  columns: [{ title: 'HOOK', width: 5, adjust: true, cell: (run) => run.get('HOOK_ID') }, ...EXECUTION_TABLE.columns],
};
