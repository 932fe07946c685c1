/** What a rule of a security group may say (src/secgroup/SecurityGroup.cc is_valid, 7.4). */
import { parseIp4, parseIp6 } from '../../opennebula/addresses.ts';
import type { Vector } from '../../opennebula/template.ts';

const PROTOCOLS = ['TCP', 'UDP', 'ICMP', 'ICMPV6', 'IPSEC', 'ALL'];
const LAST_PORT = 65_535;
/** What one rule of the host's firewall can hold. */
const MOST_PORTS = 15;

/** What is wrong with a rule, in oned's words; undefined when nothing is. */
export function ruleProblem(rule: Vector): string | undefined {
  const protocol = rule.PROTOCOL?.toUpperCase() ?? '';
  if (!PROTOCOLS.includes(protocol)) {
    return 'Wrong PROTOCOL in rule. Valid options: TCP, UDP, ICMP, ICMPV6, IPSEC, ALL.';
  }
  return (
    rangeProblem(rule.RANGE ?? '', protocol) ??
    icmpProblem(rule.ICMP_TYPE ?? '', protocol, 'ICMP') ??
    icmpProblem(rule.ICMPV6_TYPE ?? '', protocol, 'ICMPV6') ??
    directionProblem(rule.RULE_TYPE?.toUpperCase() ?? '') ??
    targetProblem(rule)
  );
}

function rangeProblem(range: string, protocol: string): string | undefined {
  if (range === '') return undefined;
  if (protocol !== 'TCP' && protocol !== 'UDP') return 'RANGE is supported only for TCP and UDP protocols.';
  if (!/^(\d+(:\d+)?,)*\d+(:\d+)?$/.test(range)) return 'Invalid RANGE specification.';
  const parts = range.split(',').map((part) => part.split(':').map(Number));
  if (parts.some((ports) => (ports.at(-1) ?? 0) > LAST_PORT)) return 'RANGE out of bounds 0-65536.';
  if (parts.some(([first = 0, last = first]) => last < first)) {
    return 'RANGE BEGIN value is greater than RANGE END value';
  }
  return parts.flat().length > MOST_PORTS ? `Not more than ${MOST_PORTS} ports can be specified in a RULE` : undefined;
}

function icmpProblem(type: string, protocol: string, icmp: string): string | undefined {
  if (type === '') return undefined;
  if (protocol !== icmp) return `${icmp}_TYPE is supported only for ${icmp} protocol.`;
  return /^\d+$/.test(type) ? undefined : `Wrong ${icmp}_TYPE, it must be integer`;
}

function directionProblem(direction: string): string | undefined {
  return direction === 'INBOUND' || direction === 'OUTBOUND'
    ? undefined
    : 'Wrong RULE_TYPE in rule. Valid options: INBOUND, OUTBOUND.';
}

function targetProblem({ IP = '', SIZE = '', NETWORK_ID }: Vector): string | undefined {
  if (IP === '') return NETWORK_ID === undefined || /^\d+$/.test(NETWORK_ID) ? undefined : 'Wrong NETWORK_ID.';
  if (!/^\d+$/.test(SIZE)) return 'Wrong or empty SIZE.';
  return parseIp4(IP) === undefined && parseIp6(IP) === undefined ? 'Wrong format for IP value.' : undefined;
}
