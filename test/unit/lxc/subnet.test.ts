import { describe, expect, it } from 'vitest';
import { firstAddress, networkOf, prefixLength } from '../../../lxc/subnet.ts';

describe('subnet', () => {
  it.each([
    { cidr: '10.140.0.0/24', first: '10.140.0.1', length: 24 },
    { cidr: '172.31.255.128/25', first: '172.31.255.129', length: 25 },
    { cidr: '10.0.0.0/8', first: '10.0.0.1', length: 8 },
  ])('$cidr begins with $first', ({ cidr, first, length }) => {
    expect(firstAddress(cidr)).toBe(first);
    expect(prefixLength(cidr)).toBe(length);
  });

  it.each([
    { address: '10.140.0.1/24', network: '10.140.0.0/24' },
    { address: '192.168.255.254/20', network: '192.168.240.0/20' },
    { address: '255.255.255.255/32', network: '255.255.255.255/32' },
  ])('$address lies in $network', ({ address, network }) => {
    expect(networkOf(address)).toBe(network);
  });

  it.each(['10.0.0.0', '10.0.0/24', '10.0.0.256/24', '10.0.0.0/33', 'fd00::/64'])('%s is none', (text) => {
    expect(() => firstAddress(text)).toThrow(TypeError);
  });
});
