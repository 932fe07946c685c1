import { describe, expect, it } from 'vitest';
import { withReport } from '../../bench/history.ts';
import type { Report } from '../../bench/report.ts';
import { summarize } from '../../bench/samples.ts';

const machine = { processor: 'CPU', processors: 2, memoryGib: 24, kernel: '6.1', cgroup: 2, node: '24' } as const;

const report = (day: string, name: string, ours: number): Report => ({
  takenAt: `${day}T10:00:00.000Z`,
  machine,
  quick: false,
  figures: [
    {
      name,
      title: 'a figure',
      unit: 's',
      ours: summarize([ours]),
      floor: summarize([1]),
      ratio: ours,
      targets: [{ text: '≤ 1 s', met: ours <= 1 }],
    },
  ],
});

const headings = (page: string) => page.split('\n').filter((line) => line.startsWith('## '));
const rows = (page: string) => page.split('\n').filter((line) => line.startsWith('| `'));

describe('the history of figures', () => {
  const first = withReport('', report('2026-11-23', 'up', 2));

  it('begins with a heading that names day and machine, and a row for each figure', () => {
    expect(headings(first)).toEqual(['## 2026-11-23, 2 × CPU, 24 GiB, Linux 6.1, cgroup v2']);
    expect(rows(first)).toEqual(['| `up` a figure | 2.00 s (2.00 … 2.00) | 1.00 s (1.00 … 1.00) | 2.00 | ✗ ≤ 1 s |']);
  });

  it('has the latest day first, and keeps the others as they are', () => {
    const second = withReport(first, report('2026-11-24', 'up', 1));
    expect(headings(second).map((line) => line.slice(3, 13))).toEqual(['2026-11-24', '2026-11-23']);
    expect(second.endsWith(first.slice(first.indexOf('## ')))).toBe(true);
  });

  it('takes a figure that is taken again on that day in place of the former, and others besides', () => {
    const both = withReport(withReport(first, report('2026-11-23', 'down', 3)), report('2026-11-23', 'up', 4));
    expect(rows(both).map((line) => line.slice(0, 24))).toEqual([
      '| `up` a figure | 4.00 s',
      '| `down` a figure | 3.00',
    ]);
  });

  it('says why a figure was not taken', () => {
    const missing = { name: 'up', title: 'a figure', unit: 's', targets: [], missing: 'It needs root.' } as const;
    const page = withReport('', { ...report('2026-11-24', 'up', 1), figures: [missing] });
    expect(rows(page)).toEqual(['| `up` a figure | not taken: It needs root. |  |  |  |']);
  });
});
