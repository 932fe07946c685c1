import { expect, it } from 'vitest';
import { linkAddressOf } from '../../../provision/link-address.ts';

it.each([
  { address: '10.141.0.1', mac: '02:6f:0a:8d:00:01' },
  { address: '192.168.255.16/24', mac: '02:6f:c0:a8:ff:10' },
])('a bridge that has $address has $mac', ({ address, mac }) => {
  expect(linkAddressOf(address)).toBe(mac);
});
