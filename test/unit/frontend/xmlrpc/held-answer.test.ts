import { expect, it } from 'vitest';
import { holdOf } from '../../../../src/frontend/xmlrpc/held-answer.ts';

it.each([
  [undefined, undefined],
  ['respond-async', undefined],
  ['wait=x', undefined],
  ['await=5', undefined],
  ['wait=5', 5],
  ['respond-async, wait=5; foo', 5],
  ['wait=86400', 30],
])('of "Prefer: %s" a client waits %s seconds', (prefer, seconds) => {
  expect(holdOf(prefer === undefined ? {} : { prefer })?.seconds).toBe(seconds);
});
