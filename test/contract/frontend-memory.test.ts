/** What Node's options do for the memory of the front-end's program. */
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { FRONT_END_NODE_OPTIONS } from '../../src/frontend/node-options.ts';

/** Objects that live for a while, as many as make V8 give new ones all the room it would, and how large that is, in MiB. */
const PROGRAM = `
const kept = [];
for (let i = 0; i < 3_000_000; i++) {
  kept.push({ text: 'text ' + i });
  if (kept.length > 500_000) kept.length = 0;
}
const { space_size } = require('node:v8').getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
console.log(space_size / 2 ** 20);
`;

describe('the heap of the front-end', () => {
  it('has no more than 32 MiB for new objects, whatever the machine has', async () => {
    const { stdout } = await execa(process.execPath, [...FRONT_END_NODE_OPTIONS, '--eval', PROGRAM]);
    expect(Number(stdout)).toBe(32);
  });
});
