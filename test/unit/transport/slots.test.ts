import { describe, expect, it } from 'vitest';
import { Slots } from '../../../src/transport/slots.ts';

describe('Slots', () => {
  it('lets as many in as there are places, then one for each that leaves, in order', async () => {
    const slots = new Slots(2);
    const order: string[] = [];
    const [first] = await Promise.all([slots.take(), slots.take()]);
    const third = slots.take().then(() => order.push('third'));
    const fourth = slots.take().then(() => order.push('fourth'));
    expect(order).toEqual([]);
    first?.[Symbol.dispose]();
    await third;
    expect(order).toEqual(['third']);
    void fourth;
  });

  it('gives a place back once, however often it is disposed of', async () => {
    const slots = new Slots(1);
    const place = await slots.take();
    place[Symbol.dispose]();
    place[Symbol.dispose]();
    await slots.take();
    let entered = false;
    void slots.take().then(() => {
      entered = true;
    });
    await Promise.resolve();
    expect(entered).toBe(false);
  });

  it('lets somebody leave the line, and those behind go on', async () => {
    const slots = new Slots(1);
    const place = await slots.take();
    const leaving = new AbortController();
    const left = slots.take(leaving.signal);
    const next = slots.take();
    leaving.abort(new Error('no time'));
    await expect(left).rejects.toThrow('no time');
    place[Symbol.dispose]();
    await expect(next).resolves.toBeDefined();
  });
});
