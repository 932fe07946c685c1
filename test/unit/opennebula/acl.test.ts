import { describe, expect, it } from 'vitest';
import { decodeRule, encodeRule, MalformedRule } from '../../../src/opennebula/acl.ts';

const HOST_1 = { user: '100000002', resource: '2100000001', rights: '1', zone: '100000000' };

function refusalOf(changes: Partial<typeof HOST_1>): string {
  try {
    decodeRule({ ...HOST_1, ...changes });
  } catch (error) {
    if (error instanceof MalformedRule) return `${error.rule}: ${error.message}`;
  }
  return 'none';
}

describe('the numbers of a rule', () => {
  it('are hexadecimal, with or without 0x, and end where the digits end', () => {
    const rule = decodeRule({ ...HOST_1, user: '0x100000002 and more' });
    expect(encodeRule(rule)).toEqual(HOST_1);
  });

  it('may be below zero, which are all rights', () => {
    const rule = decodeRule({ ...HOST_1, rights: '-1' });
    expect(encodeRule(rule).rights).toBe('ffffffffffffffff');
  });

  it.each([
    {
      changes: { user: '1ffffffff' },
      refusal: '#-1 HOST/#1 USE #0: [user] ID cannot be negative',
    },
    {
      changes: { resource: '2180000000' },
      refusal: '#2 HOST/#-2147483648 USE #0: [resource] ID cannot be negative',
    },
    {
      changes: { zone: '1ffffffff' },
      refusal: '#2 HOST/#1 USE #-1: [zone] ID cannot be negative',
    },
    // 2^63 - 1 stands for whatever is larger.
    {
      changes: { rights: 'ffffffffffffffff' },
      refusal: '#2 HOST/#1 USE+MANAGE+ADMIN+CREATE #0: wrong [rights], it cannot be bigger than 0xF',
    },
  ])('are refused as oned refuses them: $refusal', ({ changes, refusal }) => {
    expect(refusalOf(changes)).toBe(refusal);
  });
});
