import { CHECKS } from './checks.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';

/** The findings on a machine of which these facts are known. @param hosts  how many a sandbox is to have */
export function judge(facts: Facts, hosts: number): Finding[] {
  return CHECKS.map(({ code, title, examine }) => ({ code, title, fix: '', ...examine(facts, hosts) }));
}
