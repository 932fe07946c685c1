import { describe, expect, it } from 'vitest';
import { type Contest, type Figure, NotMeasurable } from '../../bench/figure.ts';
import { renderTable } from '../../bench/report.ts';
import { Stage } from '../../bench/stage.ts';
import { judge, takeFigure } from '../../bench/take-figure.ts';

const figure = (contest: Partial<Contest>, parts: Partial<Figure> = {}): Figure => ({
  name: 'nap',
  title: 'a nap',
  floorTitle: 'a blink',
  unit: 's',
  rounds: [3, 1],
  targets: [{ kind: 'ratio', limit: 4 }],
  prepare: async () => ({ ours: async () => 1, [Symbol.asyncDispose]: async () => {}, ...contest }),
  ...parts,
});
const stage = new Stage();

describe('takeFigure', () => {
  it('takes both sides in turn, the floor first, and leaves out the first round', async () => {
    const order: string[] = [];
    const side = (name: string) => async () => order.push(name);
    const taken = await takeFigure(figure({ ours: side('ours'), floor: side('floor') }), stage, { quick: false });
    expect(order.join(' ')).toBe('floor ours floor ours floor ours floor ours');
    expect(taken.ours).toMatchObject({ count: 3, least: 4, most: 8 });
    expect(taken.ratio).toBeCloseTo(6 / 5);
  });

  it('gives back what was made ready, also when a side fails', async () => {
    let disposed = false;
    const failing = figure({
      ours: () => Promise.reject(new Error('broken')),
      async [Symbol.asyncDispose]() {
        disposed = true;
      },
    });
    await expect(takeFigure(failing, stage, { quick: true })).rejects.toThrow('broken');
    expect(disposed).toBe(true);
  });

  it('says why a figure cannot be taken', async () => {
    const impossible = figure({}, { prepare: () => Promise.reject(new NotMeasurable('There is no loop device.')) });
    expect(await takeFigure(impossible, stage, { quick: true })).toMatchObject({ missing: 'There is no loop device.' });
  });
});

describe('judge', () => {
  const targets = [
    { kind: 'ratio', limit: 2 },
    { kind: 'above floor', limit: 0.1 },
    { kind: 'value', limit: 5 },
  ] as const;

  it('holds medians against each target', () => {
    expect(judge({ targets, unit: 's' }, [1.5], [1]).targets).toEqual([
      { text: '≤ 2 × floor', met: true },
      { text: '≤ floor + 0.1 s', met: false },
      { text: '≤ 5 s', met: true },
    ]);
  });

  it('takes the limit of a rate from below, and leaves out what needs a floor', () => {
    expect(judge({ targets, unit: 'per minute' }, [6], []).targets).toEqual([{ text: '≥ 5 per minute', met: true }]);
  });
});

describe('renderTable', () => {
  it('shows ratio and verdicts, and the reason of what is missing', () => {
    const machine = { processor: 'Z80', processors: 1, memoryGib: 1, kernel: '6.1', cgroup: 2, node: '24' } as const;
    const head = { name: 'x', title: 'nap', unit: 's', floorTitle: 'blink' } as const;
    const taken = { ...head, ...judge({ targets: [{ kind: 'ratio', limit: 2 }], unit: 's' }, [3], [1]) };
    const report = {
      takenAt: '',
      machine,
      quick: true,
      figures: [taken, { ...head, targets: [], missing: 'No bed.' }],
    };
    expect(renderTable(report).split('\n')).toEqual([
      '1 × Z80, 1 GiB, Linux 6.1, cgroup v2',
      '',
      'figure  ONEDock               floor                 ratio  target',
      'nap     3.00 s (3.00 … 3.00)  1.00 s (1.00 … 1.00)  3.00   ✗ ≤ 2 × floor',
      '',
      'Median (least … most). Floors, taken in turn with ours:',
      '  nap: blink',
      'Not taken: nap. No bed.',
    ]);
  });
});
