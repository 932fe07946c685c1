/** Rules that OpenNebula makes by itself (src/acl/AclManager.cc, src/vdc/Vdc.cc, src/group/Group.cc, 7.4). */
import type { AclRule, AclType, Selector } from '../../opennebula/acl.ts';
import { RIGHT, type Right } from '../../opennebula/permissions.ts';
import { USERS_GROUP_ID } from './group.ts';
import { ZONE_ID } from './zone.ts';

const ALL: Selector = { sign: '*', id: 0 };
const THIS_ZONE: Selector = { sign: '#', id: ZONE_ID };

/** The rules of a fresh cloud. */
export const DEFAULT_RULES: readonly AclRule[] = [
  rule(group(USERS_GROUP_ID), ['VM', 'IMAGE', 'TEMPLATE', 'DOCUMENT', 'SECGROUP', 'VMGROUP', 'BACKUPJOB'], ['CREATE']),
  rule(ALL, ['ZONE'], ['USE']),
  rule(ALL, ['MARKETPLACE', 'MARKETPLACEAPP'], ['USE']),
  ...defaultVdcRules(USERS_GROUP_ID),
];

/** What the default VDC, which has all clusters, gives to a group. */
export function defaultVdcRules(groupId: number): AclRule[] {
  return [
    { ...rule(group(groupId), ['HOST'], ['MANAGE']), zone: THIS_ZONE },
    { ...rule(group(groupId), ['NET'], ['USE']), zone: THIS_ZONE },
    { ...rule(group(groupId), ['DATASTORE'], ['USE']), zone: THIS_ZONE },
  ];
}

/** What an administrator of a group may do. */
export function groupAdminRules(uid: number, gid: number): AclRule[] {
  const user: Selector = { sign: '#', id: uid };
  const ofGroup = { resource: group(gid) };
  return [
    { ...rule(user, ['USER'], ['USE', 'MANAGE', 'ADMIN', 'CREATE']), ...ofGroup },
    {
      ...rule(
        user,
        ['VM', 'NET', 'IMAGE', 'TEMPLATE', 'DOCUMENT', 'SECGROUP', 'VROUTER', 'VMGROUP', 'BACKUPJOB'],
        ['USE', 'MANAGE'],
      ),
      ...ofGroup,
    },
    rule(user, ['VROUTER'], ['CREATE']),
    { ...rule(user, ['GROUP'], ['MANAGE']), resource: { sign: '#', id: gid } },
  ];
}

function group(id: number): Selector {
  return { sign: '@', id };
}

/** On all objects of the types, in all zones. */
function rule(user: Selector, types: readonly AclType[], rights: readonly Right[]): AclRule {
  return { user, types, resource: ALL, rights: rights.reduce((sum, right) => sum | RIGHT[right], 0), zone: ALL };
}
