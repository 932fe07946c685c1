/** Rules between the roles of a VM group, and what makes no sense in them (src/vm_group/VMGroup.cc, VMGroupRule.cc, 7.4). */
import { Refusal } from './refusal.ts';
import { type Policy, policyOf, type Role, type VmGroup } from './vm-group.ts';

/** Most roles of a group (include/VMGroupRole.h). */
export const MAX_ROLES = 32;

/** The roles of each rule of a kind, in the order of the rules; names that no role has are left out. */
export function rulesOf({ roles, template }: Pick<VmGroup, 'roles' | 'template'>, policy: Policy): Role[][] {
  return textsOf({ template }, policy).map((text) => {
    const names = namesIn(text);
    return roles.filter(({ name }) => names.has(name));
  });
}

/** AFFINED rules that share a role are one rule. */
export function joined(rules: readonly (readonly Role[])[]): Role[][] {
  const sets: Set<Role>[] = [];
  for (const rule of rules) {
    const touched = sets.filter((set) => rule.some((role) => set.has(role)));
    const whole = new Set([...touched.flatMap((set) => [...set]), ...rule]);
    for (const set of touched) sets.splice(sets.indexOf(set), 1);
    if (whole.size > 0) sets.push(whole);
  }
  return sets.map((set) => [...set].sort((a, b) => a.id - b.id));
}

/** @throws Refusal with oned's words */
export function checkRules(group: Pick<VmGroup, 'roles' | 'template'>): void {
  checkNames(group, 'AFFINED');
  checkNames(group, 'ANTI_AFFINED');
  const affined = distinct(group, 'AFFINED').flat();
  const apart = affined.find((role) => policyOf(role) === 'ANTI_AFFINED');
  if (apart) throw new Refusal(`Role ${apart.name} is in an AFFINED rule but the role policy is ANTI_AFFINED`);
  const anti = new Set(distinct(group, 'ANTI_AFFINED').flat());
  const both = group.roles.filter((role) => anti.has(role) && affined.includes(role));
  if (both.length > 0) {
    const names = both.map(({ name }) => ` ${name}`).join('');
    throw new Refusal(`Roles defined in AFFINED and ANTI_AFFINED rules:${names}`);
  }
}

function checkNames(group: Pick<VmGroup, 'roles' | 'template'>, policy: Policy): void {
  const known = new Set(group.roles.map(({ name }) => name));
  for (const text of textsOf(group, policy)) {
    if (!namesIn(text).isSubsetOf(known)) {
      throw new Refusal(`Some roles used in ${policy} attribute (${text}) are not defined`);
    }
  }
}

/** The rules of a kind, none of which may be there twice. */
function distinct(group: Pick<VmGroup, 'roles' | 'template'>, policy: Policy): Role[][] {
  const rules = rulesOf(group, policy);
  const keys = rules.map((rule) => rule.map(({ id }) => id).join());
  const twice = keys.findIndex((key, i) => keys.indexOf(key) < i);
  if (twice !== -1) throw new Refusal(`Duplicated ${policy} rule (${textsOf(group, policy)[twice]}) detected.`);
  return rules;
}

function textsOf({ template }: Pick<VmGroup, 'template'>, policy: Policy): string[] {
  return template.attributes.flatMap(([name, value]) => (name === policy && typeof value === 'string' ? [value] : []));
}

function namesIn(text: string): Set<string> {
  const names = text.split(',').filter((name) => name !== '');
  return new Set(names.map((name) => name.trim()));
}
