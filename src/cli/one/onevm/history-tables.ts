/** Where a VM has been, and what is scheduled for it. */
import { HISTORY_ACTION } from '../../../opennebula/history-actions.ts';
import { nameOf } from '../../../opennebula/tables.ts';
import type { Node } from '../../document.ts';
import { type Line, tableLines } from '../output/page.ts';
import type { Table } from '../output/table.ts';
import { dateText, periodText, shortPeriodText, timeText } from '../output/times.ts';

const unlessMinusOne = (value: string | undefined) => (value === '-1' ? '-' : value);

function historyTable(now: number): Table<Node> {
  return {
    columns: [
      { title: 'SEQ', width: 3, cell: (record) => record.get('SEQ') },
      { title: 'UID', width: 4, left: true, cell: (record) => unlessMinusOne(record.get('UID')) },
      { title: 'REQ', width: 5, left: true, cell: (record) => unlessMinusOne(record.get('REQUEST_ID')) },
      { title: 'HOST', width: 12, left: true, cell: (record) => record.get('HOSTNAME') },
      {
        title: 'ACTION',
        width: 10,
        left: true,
        cell: (record) => nameOf(HISTORY_ACTION, record.int('ACTION')),
      },
      { title: 'DS', width: 4, cell: (record) => record.get('DS_ID') },
      { title: 'START', width: 15, cell: (record) => timeText(record.int('STIME')) },
      {
        title: 'TIME',
        width: 11,
        cell: (record) => periodText((record.int('ETIME') || now) - record.int('STIME')),
      },
      {
        title: 'PROLOG',
        width: 10,
        cell: (record) => {
          const start = record.int('PSTIME');
          return shortPeriodText(start === 0 ? 0 : (record.int('PETIME') || now) - start);
        },
      },
    ],
  };
}

/** Nothing for a VM that was never deployed. */
export function historyLines(vm: Node, now: number): Line[] {
  const records = vm.all('HISTORY_RECORDS/HISTORY');
  return records.length === 0 ? [] : tableLines(historyTable(now), records);
}

/** Nothing when nothing is scheduled. */
export function scheduledLines(vm: Node, now: number): Line[] {
  const actions = vm.all('TEMPLATE/SCHED_ACTION');
  return actions.length === 0 ? [] : tableLines(scheduledTable(vm.int('STIME'), now), actions);
}

function scheduledTable(vmStartedAt: number, now: number): Table<Node> {
  /** A time with a sign counts from the start of the VM. */
  const timeOf = (action: Node) => {
    const time = action.get('TIME') ?? '';
    return (Number.parseInt(time, 10) || 0) + (/^\d/.test(time) ? 0 : vmStartedAt);
  };
  return {
    columns: [
      {
        title: 'ID',
        width: 5,
        adjust: true,
        cell: (action) => {
          const warning = action.int('WARNING');
          const isDue = action.int('DONE') <= 0 && warning !== 0 && warning < now;
          return `${isDue ? '*' : ''}${action.get('ID')}`;
        },
      },
      { title: 'ACTION', width: 5, adjust: true, cell: (action) => action.get('ACTION') },
      { title: 'ARGS', width: 5, adjust: true, cell: (action) => action.get('ARGS') || '-' },
      {
        title: 'SCHEDULED',
        width: 5,
        adjust: true,
        cell: (action) => timeText(timeOf(action), { withSeconds: false }),
      },
      { title: 'REPEAT', width: 5, adjust: true, cell: repetition },
      { title: 'END', width: 5, adjust: true, cell: ending },
      { title: 'STATUS', width: 50, left: true, cell: (action) => status(action, timeOf(action) - now) },
    ],
  };
}

const REPETITIONS: Readonly<Record<string, string>> = { '0': 'Weekly ', '1': 'Monthly ', '2': 'Yearly ' };

function repetition(action: Node): string {
  const repeat = action.get('REPEAT') ?? '';
  const days = action.get('DAYS') ?? '';
  return repeat === '3' ? `Each ${days} hours` : `${REPETITIONS[repeat] ?? ''}${days}`;
}

function ending(action: Node): string {
  const value = action.get('END_VALUE') ?? '';
  const endings: Readonly<Record<string, string>> = {
    '0': 'None',
    '1': `After ${value} times`,
    '2': `On ${dateText(Number(value))}`,
  };
  return endings[action.get('END_TYPE') ?? ''] ?? '';
}

function status(action: Node, secondsLeft: number): string {
  if (action.int('DONE') > 0 && Number(action.get('REPEAT') ?? -1) < 0) {
    return `Done on ${timeText(action.int('DONE'), { withSeconds: false })}`;
  }
  const message = action.get('MESSAGE');
  if (message) return `Error! ${message}`;
  const rounded = (unit: number) => Math.round((secondsLeft / unit) * 100) / 100;
  if (rounded(86_400) > 1) return `Next in ${rounded(86_400)} days`;
  if (rounded(3_600) > 1) return `Next in ${rounded(3_600)} hours`;
  return rounded(60) > 0 ? `Next in ${rounded(60)} minutes` : 'Overdue!';
}
