/** `one.secgroup.*` and `one.secgrouppool.*` (src/rm/api/SecurityGroupAPI.cc, 7.4). */
import { Template } from '../../opennebula/template.ts';
import { Refusal } from '../objects/refusal.ts';
import { DEFAULT_SECURITY_GROUP_ID } from '../objects/security-group.ts';
import { ruleProblem } from '../objects/security-rule.ts';
import { RELATION_NAMES } from '../store/store.ts';
import { internal } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, type Method, string } from './method.ts';
import { namingObstacle, ownedByCaller } from './standard/allocate.ts';
import { chmodMethod } from './standard/chmod.ts';
import { chownMethod } from './standard/chown.ts';
import { deleteMethod } from './standard/delete.ts';
import { infoMethod, ownedPoolMethod } from './standard/info.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';

export const securityGroupMethods: readonly Method[] = [
  defineMethod({
    name: 'one.secgroup.allocate',
    params: { template: string },
    help: 'Makes a security group of rules.',
    run(call, { template: source }) {
      const template = call.parseTemplate(source);
      call.authorize(call.creation('secgroup'));
      return createSecurityGroup(call, template);
    },
  }),
  infoMethod('secgroup'),
  ownedPoolMethod('secgroup'),
  updateMethod('secgroup', {
    apply(call, secgroup, template) {
      const changed = { ...secgroup, template: withRules(template) };
      // Their new rules are brought to VMs at once (SecurityGroup::post_update_template).
      call.services.ruleUpdates.commit(secgroup.id, 'all');
      return changed;
    },
  }),
  renameMethod('secgroup'),
  chmodMethod('secgroup'),
  chownMethod('secgroup'),
  deleteMethod('secgroup', {
    obstacle: ({ cloud }, { id }) => {
      if (id === DEFAULT_SECURITY_GROUP_ID) return 'The default security group (ID 0) cannot be deleted.';
      const relations = RELATION_NAMES.filter((name) => name.startsWith('secgroup.'));
      return relations.some((relation) => cloud.links.of(relation, id).size > 0)
        ? 'The security group has VMs using it'
        : undefined;
    },
  }),
  defineMethod({
    name: 'one.secgroup.commit',
    params: { id: int, recover: boolean },
    help: 'Brings the rules of a security group to the VMs that follow it: all, or those that they have not reached.',
    run(call, { id, recover }) {
      call.getAuthorized('secgroup', id, 'MANAGE');
      call.services.ruleUpdates.commit(id, recover ? 'unreached' : 'all');
      return id;
    },
  }),
  defineMethod({
    name: 'one.secgroup.clone',
    params: { id: int, name: string },
    help: 'Copies a security group under another name.',
    run(call, { id, name }) {
      const secgroup = call.get('secgroup', id);
      call.authorizeCopy('secgroup', secgroup);
      return createSecurityGroup(call, secgroup.template.clone().set('NAME', name));
    },
  }),
];

function createSecurityGroup(call: Call, template: Template): number {
  const name = template.get('NAME') ?? '';
  const obstacle = namingObstacle(call, 'secgroup', name, call.uid);
  if (obstacle !== undefined) throw internal(obstacle);
  const ruled = withRules(template);
  const { secgroup: pool } = call.cloud.pools;
  return call.cloud.transaction(() => {
    const id = pool.nextId();
    return pool.put({ id, name, ...ownedByCaller(call), template: ruled.clone().delete('NAME') }).id;
  });
}

/** Of rules that are the same one is kept (SecurityGroup::remove_duplicates). @throws Refusal */
function withRules(template: Template): Template {
  const seen = new Set<string>();
  for (const rule of template.vectors('RULE')) {
    const problem = ruleProblem(rule);
    if (problem !== undefined) throw new Refusal(problem);
  }
  const attributes = template.attributes.filter(([name, value]) => {
    if (name !== 'RULE' || typeof value === 'string') return true;
    const known = JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    return !seen.has(known) && seen.add(known);
  });
  return new Template(attributes);
}
