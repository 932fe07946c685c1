import { describe, expect, it } from 'vitest';
import { untilLost } from '../../../../src/drivers/im/onedock/until-lost.ts';

async function* reports(error?: Error) {
  yield 'start';
  if (error) throw error;
}

describe('untilLost', () => {
  it.each([
    ['breaks off', new Error('aborted')],
    ['ends', undefined],
  ])('says which engine is lost when its stream %s', async (_, error) => {
    const seen: string[] = [];
    const watch = async () => {
      for await (const event of untilLost(reports(error), 'node-1')) seen.push(event);
    };
    await expect(watch()).rejects.toMatchObject({
      code: 'ENGINE_LOST',
      message: expect.stringContaining('node-1'),
    });
    expect(seen).toEqual(['start']);
  });

  it('passes on why nobody watches any more', async () => {
    const watch = async () => {
      for await (const event of untilLost(reports(), 'node-1')) throw new Error(event);
    };
    await expect(watch()).rejects.toThrow('start');
  });
});
