/** The rules of a security group as VMs carry them (SecurityGroupPool::get_security_group_rules, 7.4). */
import type { Vector } from '../../opennebula/template.ts';
import { rangeRule } from '../objects/address-range.ts';
import { securityGroupRules } from '../objects/security-group.ts';
import type { Cloud } from '../store/cloud.ts';

/** A rule for a network becomes one for each of its address ranges; none when there is no such network. */
export function groupRules({ pools }: Cloud, groupId: number): Vector[] {
  const secgroup = pools.secgroup.get(groupId);
  if (!secgroup) return [];
  return securityGroupRules(secgroup).flatMap((rule) => {
    if (!/^\d+$/.test(rule.NETWORK_ID ?? '')) return [rule];
    const ranges = pools.vnet.get(Number(rule.NETWORK_ID))?.ranges ?? [];
    return ranges.map((range) => rangeRule(range, rule));
  });
}
