import { describe, expect, it } from 'vitest';
import { addressAt, netmaskOf, overlap, parseCidr, printCidr } from '../../../src/sandbox/cidr.ts';

const cidr = (text: string) => parseCidr(text) ?? expect.fail(`${text} is no network`);

describe('a network in CIDR notation', () => {
  it.each(['10.0.0.0/8', '192.168.7.0/24', '10.1.2.3/32', '0.0.0.0/0'])('%s is read and printed alike', (text) => {
    expect(printCidr(cidr(text))).toBe(text);
  });

  it.each(['10.0.0.1/24', '10.0.0.0', '10.0.0.0/33', '10.0.0/24', 'fe80::/64', '10.0.0.0/', ''])(
    '%s is none',
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );

  it.each([
    ['10.0.0.0/24', '10.0.0.128/25', true],
    ['10.0.0.0/24', '10.0.1.0/24', false],
    ['10.0.1.0/24', '10.0.0.0/24', false],
    ['10.0.0.0/8', '10.255.255.255/32', true],
  ])('%s and %s overlap: %s', (a, b, expected) => {
    expect(overlap(cidr(a), cidr(b))).toBe(expected);
  });

  it('has addresses as many as its size', () => {
    expect(addressAt('10.0.0.0/24', 255)).toBe('10.0.0.255');
    expect(() => addressAt('10.0.0.0/24', 256)).toThrow(RangeError);
  });

  it('has a netmask', () => {
    expect(netmaskOf(cidr('10.0.0.0/20'))).toBe('255.255.240.0');
  });
});
