import type { Finding } from '../../errors/finding.ts';
import { CHECKS, type Check } from './checks.ts';
import type { Facts } from './facts.ts';

/** The findings on a machine of which these facts are known. @param hosts  how many a sandbox is to have */
export function judge(facts: Facts, hosts: number): Finding[] {
  return judgeBy(CHECKS, facts, hosts);
}

/** Those alone on which a sandbox depends. */
export function judgeFitness(facts: Facts, hosts: number): Finding[] {
  return judgeBy(
    CHECKS.filter(({ isExtra }) => !isExtra),
    facts,
    hosts,
  );
}

function judgeBy(checks: readonly Check[], facts: Facts, hosts: number): Finding[] {
  return checks.map(({ code, title, examine }) => ({ code, title, fix: '', ...examine(facts, hosts) }));
}
