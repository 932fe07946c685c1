import { describe, expect, it } from 'vitest';
import { filterLines, printNicFilters } from '../../../../src/drivers/hosts/nic-filter.ts';

const MAC = '02:00:0A:00:00:05';
const rule = (values: Record<string, string>) => ({ SECURITY_GROUP_ID: '1', RULE_TYPE: 'inbound', ...values });
const OUT = rule({ RULE_TYPE: 'OUTBOUND', PROTOCOL: 'ALL' });
const inGroup = (...rules: Record<string, string>[]) => filterLines({ SECURITY_GROUPS: '1' }, [], [...rules, OUT]);

describe('filterLines', () => {
  it('has none for a NIC in no group, and for rules that accept everything', () => {
    expect(filterLines({ MAC, IP: '10.0.0.5' }, [], [])).toEqual([]);
    expect(inGroup(rule({ PROTOCOL: 'ALL' }))).toEqual([]);
  });

  it('names MAC and addresses, also of aliases, and the address of the link', () => {
    const nic = { MAC, IP: '10.0.0.5', FILTER_MAC_SPOOFING: 'yes', FILTER_IP_SPOOFING: 'YES' };
    expect(filterLines(nic, [{ IP: '10.0.0.6' }], [])).toEqual([
      'mac 02:00:0a:00:00:05',
      'address 10.0.0.5',
      'address 10.0.0.6',
      'address fe80::aff:fe00:5',
      'neighbour 0xfe8000000000000000000afffe000005',
    ]);
  });

  it.each([
    [{ PROTOCOL: 'TCP', RANGE: '22,80:90' }, ['accept in tcp ports=22:80-90']],
    [{ PROTOCOL: 'ICMP', ICMP_TYPE: '8' }, ['accept in icmp type=8']],
    [{ PROTOCOL: 'IPSEC' }, ['accept in esp']],
    [{ PROTOCOL: 'UDP', IP: '10.0.0.250', SIZE: '10' }, ['accept in udp peers=10.0.0.250-10.0.1.3']],
    [{ PROTOCOL: 'ALL', IP: '10.0.0.1', SIZE: '1' }, ['accept in all peers=10.0.0.1']],
    [{ PROTOCOL: 'ICMPV6', IP: '10.0.0.1', IP6_ULA: 'fd00::1', SIZE: '2' }, ['accept in icmpv6 peers=fd00::1-fd00::2']],
    [{ PROTOCOL: 'ALL', NETWORK_ID: '3' }, []],
  ])('of %j', (values, lines) => {
    expect(inGroup(rule(values))).toEqual(['closed in', ...lines]);
  });

  it('leaves out rules of other groups', () => {
    expect(inGroup({ ...rule({ PROTOCOL: 'ALL' }), SECURITY_GROUP_ID: '2' })).toEqual(['closed in']);
  });
});

it('printNicFilters gives no value a line of its own', () => {
  expect(printNicFilters([{ target: 'one-5-0', lines: ['address 10.0.0.5\nnic one-5-1'] }])).toBe(
    'nic one-5-0\naddress 10.0.0.5 nic one-5-1\n',
  );
});
