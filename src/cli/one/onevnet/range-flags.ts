/** Address ranges made from flags, and what else commands say about addresses (one_helper.rb create_ar, 7.4). */
import { isIPv4, isIPv6 } from 'node:net';
import { integer, text } from '../option.ts';
import { Refusal } from '../refusal.ts';
import type { AnyOption, Run } from '../run.ts';

export const SIZE = text({ name: 'size', short: '-s', long: '--size', argument: 'size', help: 'Number of addresses' });
export const MAC = text({ name: 'mac', short: '-m', long: '--mac', argument: 'mac', help: 'First MAC address' });
export const IP = text({ name: 'ip', short: '-i', long: '--ip', argument: 'ip', help: 'First IPv4 address' });
export const IP6 = text({
  name: 'ip6',
  short: '-6',
  long: '--ip6',
  argument: 'ip6',
  help: 'First IPv6 address with the length of its prefix, as in 2001::1/48',
});
const IP6_GLOBAL = text({
  name: 'ip6_global',
  short: '-g',
  long: '--ip6_global',
  argument: 'ip6_pref',
  help: 'Global prefix for IPv6',
});
const IP6_ULA = text({
  name: 'ip6_ula',
  short: '-u',
  long: '--ip6_ula',
  argument: 'ip6_pref',
  help: 'Unique local prefix for IPv6',
});
const GATEWAY = text({ name: 'gateway', long: '--gateway', argument: 'ip', help: 'Address of the gateway' });
const NETMASK = text({ name: 'netmask', long: '--netmask', argument: 'mask', help: 'Network mask in dot notation' });
const VN_MAD = text({ name: 'vn_mad', long: '--vn_mad', argument: 'mad', help: 'Network driver of the range' });
const VLAN_ID = text({ name: 'vlanid', long: '--vlanid', argument: 'id', help: 'VLAN of the range' });

export const RANGE_FLAGS: readonly AnyOption[] = [
  SIZE,
  MAC,
  IP,
  IP6,
  IP6_GLOBAL,
  IP6_ULA,
  GATEWAY,
  NETMASK,
  VN_MAD,
  VLAN_ID,
];

export const ADDRESS_RANGE = integer({
  name: 'address_range',
  short: '-a',
  long: '--address_range',
  argument: 'ar_id',
  help: 'Id of the address range',
});

/** @throws Refusal when the flags make no range */
export function addressRange(run: Run): string {
  const ip6 = run.get(IP6);
  const hasPrefixes = run.has(IP6_GLOBAL) || run.has(IP6_ULA);
  if (!run.has(SIZE) && ip6 === undefined) throw new Refusal('Address range needs to specify size (-s size)');
  const [first, prefixLength] = ip6 === undefined ? [] : splitIp6(ip6);
  const parts = [
    `TYPE="${rangeType(run.has(IP), ip6 !== undefined, hasPrefixes)}"`,
    given('SIZE', run.get(SIZE)),
    prefixLength === undefined ? [] : `PREFIX_LENGTH="${prefixLength}"`,
    given('IP', run.get(IP)),
    given('IP6', first),
    given('MAC', run.get(MAC)),
    given('GLOBAL_PREFIX', run.get(IP6_GLOBAL)),
    given('ULA_PREFIX', run.get(IP6_ULA)),
    given('GATEWAY', run.get(GATEWAY)),
    given('MASK', run.get(NETMASK)),
    given('VN_MAD', run.get(VN_MAD)),
    given('VLAN_ID', run.get(VLAN_ID)),
  ];
  return `AR = [ ${parts.flat().join(', ')}]`;
}

function given(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${name} = ${value}`];
}

function rangeType(hasIp: boolean, hasIp6: boolean, hasPrefixes: boolean): string {
  if (hasIp) return hasPrefixes ? 'IP4_6' : hasIp6 ? 'IP4_6_STATIC' : 'IP4';
  if (hasIp6) return 'IP6_STATIC';
  return hasPrefixes ? 'IP6' : 'ETHER';
}

function splitIp6(typed: string): [address: string, prefixLength: string] {
  const [, address, length] = /^([\da-f:]*)\/(\d+)$/i.exec(typed) ?? [];
  if (address === undefined || length === undefined) throw new Refusal('Missing or wrong IP6');
  if (!isIPv6(address)) throw new Refusal('Wrong IP6 format address');
  return [address, length];
}

/** The attribute that an address belongs in: IP, IP6 or MAC. */
export function addressAttribute(address: string): string {
  if (isIPv4(address)) return 'IP';
  if (isIPv6(address)) return 'IP6';
  if (/^([\da-f]{2}:){5}[\da-f]{2}$/i.test(address)) return 'MAC';
  throw new Refusal('Unknown address type');
}
