import { expect, it } from 'vitest';
import { LoginGuard } from '../../../src/console/login-guard.ts';

it('keeps an address out after five wrong passwords in a row, for longer and longer, and no other', () => {
  const guard = new LoginGuard();
  for (let i = 0; i < 4; i++) guard.failed('192.0.2.1', 100);
  expect(guard.isClosed('192.0.2.1', 100)).toBe(false);
  guard.failed('192.0.2.1', 100);
  expect([109, 110].map((now) => guard.isClosed('192.0.2.1', now))).toEqual([true, false]);
  guard.failed('192.0.2.1', 110);
  expect([129, 130].map((now) => guard.isClosed('192.0.2.1', now))).toEqual([true, false]);
  expect(guard.isClosed('192.0.2.2', 111)).toBe(false);
});

it('forgets them when the right one is given', () => {
  const guard = new LoginGuard();
  for (let i = 0; i < 4; i++) guard.failed('192.0.2.1', 100);
  guard.succeeded('192.0.2.1');
  guard.failed('192.0.2.1', 100);
  expect(guard.isClosed('192.0.2.1', 100)).toBe(false);
});
