import { expect, it } from 'vitest';
import { hostsText } from '../../../provision/host-name.ts';

it('hostsText gives each address one line with all its names', () => {
  const names = new Map([
    ['frontend', '10.0.0.2'],
    ['registry', '10.0.0.2'],
    ['host-1', '10.0.0.11'],
  ]);
  expect(hostsText(names)).toBe('127.0.0.1 localhost\n::1 localhost\n10.0.0.2 frontend registry\n10.0.0.11 host-1\n');
});
