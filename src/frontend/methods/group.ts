/** `one.group.*` and `one.grouppool.*` (src/rm/api/GroupAPI.cc, 7.4). */
import { parseTemplate, Template, TemplateSyntaxError } from '../../opennebula/template.ts';
import { type Group, groupPoolXml } from '../objects/group.ts';
import { GROUP_NAME_CHARACTERS } from '../objects/names.ts';
import { NO_QUOTAS } from '../objects/quotas.ts';
import { defaultVdcRules, groupAdminRules } from '../objects/rules.ts';
import { DEFAULT_VDC_ID } from '../objects/vdc.ts';
import { InvalidVlanRule, otherThanRules, readVlanRules } from '../objects/vlan-rules.ts';
import { deleteRules } from '../resources/acl-rules.ts';
import { defaultQuotas } from '../resources/default-quotas.ts';
import { documentOf } from '../resources/documents.ts';
import { removeGroupFromVdcs } from '../resources/vdc-resources.ts';
import { addRules, removeRules } from './add-rules.ts';
import { internal, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { listUsable } from './listing.ts';
import { boolean, defineMethod, int, type Method, optional, string } from './method.ts';
import { quotaMethod } from './quota.ts';
import { namingObstacle } from './standard/allocate.ts';
import { deleteMethod } from './standard/delete.ts';
import { getOrOwn } from './standard/info.ts';
import { updateMethod } from './standard/update.ts';
import { withOperationLists } from './vm-operations.ts';

const FIRST_REMOVABLE_ID = 100;

export const groupMethods: readonly Method[] = [
  defineMethod({
    name: 'one.group.allocate',
    params: { name: string },
    help: 'Makes a group and adds it to the default VDC.',
    run(call, { name }) {
      call.authorize(call.creation('group'));
      const obstacle = namingObstacle(call, 'group', name, -1, GROUP_NAME_CHARACTERS);
      if (obstacle !== undefined) throw internal(obstacle);
      return call.cloud.transaction(() => {
        const { group: pool, vdc: vdcs } = call.cloud.pools;
        const group = { id: pool.nextId(), name, template: new Template(), adminIds: [], quotas: NO_QUOTAS };
        pool.put(group);
        const vdc = vdcs.get(DEFAULT_VDC_ID);
        if (vdc) {
          vdcs.put({ ...vdc, groupIds: [...vdc.groupIds, group.id] });
          addRules(call.cloud, defaultVdcRules(group.id));
        }
        return group.id;
      });
    },
  }),
  defineMethod({
    name: 'one.group.info',
    params: { id: int, decrypt: optional(boolean, false) },
    help: 'Shows a group, with quotas; -1 is the caller’s primary one.',
    run: (call, { id }) => documentOf(call.cloud, 'group', getOrOwn(call, 'group', id)),
  }),
  defineMethod({
    name: 'one.grouppool.info',
    params: {},
    help: 'Lists the groups that the caller may use, with quotas.',
    run: (call) =>
      groupPoolXml(
        listUsable(call, 'group'),
        ({ id }) => call.cloud.pools.user.ids('group', id),
        defaultQuotas(call.cloud, 'group'),
      ),
  }),
  updateMethod('group', { right: 'ADMIN', restricted: 'GROUP_RESTRICTED_ATTR', apply: withOperationLists }),
  deleteMethod('group', {
    right: 'ADMIN',
    obstacle: (call, { id }) => {
      if (id < FIRST_REMOVABLE_ID) return 'System Groups (ID < 100) cannot be deleted.';
      return call.cloud.pools.user.ids('group', id).size > 0 ? `Group ${id} is not empty.` : undefined;
    },
    alongWith: ({ cloud }, { id }) => {
      deleteRules(
        cloud,
        ({ user, resource }) => (user.sign === '@' && user.id === id) || (resource.sign === '@' && resource.id === id),
      );
      removeGroupFromVdcs(cloud, id);
    },
  }),
  defineMethod({
    name: 'one.group.addadmin',
    params: { id: int, uid: int },
    help: 'Makes a member an administrator of his group.',
    run(call, { id, uid }) {
      const group = administered(call, id, uid);
      if (!call.cloud.pools.user.ids('group', id).has(uid)) {
        throw internal(`Cannot edit group. User ${uid} is not part of Group ${id}.`);
      }
      if (group.adminIds.includes(uid)) {
        throw internal(`Cannot edit group. User ${uid} is already an administrator of Group ${id}.`);
      }
      call.cloud.transaction(() => {
        call.cloud.pools.group.put({ ...group, adminIds: [...group.adminIds, uid] });
        addRules(call.cloud, groupAdminRules(uid, id));
      });
      return id;
    },
  }),
  defineMethod({
    name: 'one.group.deladmin',
    params: { id: int, uid: int },
    help: 'Makes an administrator a plain member.',
    run(call, { id, uid }) {
      const group = administered(call, id, uid);
      if (!group.adminIds.includes(uid)) {
        throw internal(`Cannot edit group. User ${uid} is not an administrator of Group ${id}.`);
      }
      call.cloud.transaction(() => {
        call.cloud.pools.group.put({ ...group, adminIds: group.adminIds.filter((other) => other !== uid) });
        removeRules(call.cloud, groupAdminRules(uid, id));
      });
      return id;
    },
  }),
  quotaMethod('group'),
  defineMethod({
    name: 'one.group.vlan',
    params: { id: int, rules: string },
    help: 'Replaces the rules that say which VLANs members of a group may name for their networks.',
    run(call, { id, rules }) {
      const group = call.getAuthorized('group', id, 'ADMIN');
      const vlans = vlansOf(rules);
      call.cloud.transaction(() => call.cloud.pools.group.put({ ...group, ...vlans }));
      return id;
    },
  }),
];

function vlansOf(source: string): Required<Pick<Group, 'vlanRules' | 'vlanNotes'>> {
  try {
    const template = parseTemplate(source);
    return { vlanRules: readVlanRules(template), vlanNotes: otherThanRules(template) };
  } catch (error) {
    if (error instanceof TemplateSyntaxError || error instanceof InvalidVlanRule) throw notPossible(error.message);
    throw error;
  }
}

function administered(call: Call, id: number, uid: number): Group {
  const group = call.get('group', id);
  const user = call.get('user', uid);
  call.authorize(call.on('group', group, 'ADMIN'), call.on('user', user, 'ADMIN'));
  return group;
}
