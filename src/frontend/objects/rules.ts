/** Rules that OpenNebula makes by itself (src/acl/AclManager.cc, src/vdc/Vdc.cc, src/group/Group.cc, 7.4). */
import type { AclRule, AclType, Selector } from '../../opennebula/acl.ts';
import { RIGHT, type Right } from '../../opennebula/permissions.ts';
import { USERS_GROUP_ID } from './group.ts';
import { ALL_RESOURCES, type VdcList, type VdcResource } from './vdc.ts';
import { ZONE_ID } from './zone.ts';

const ALL: Selector = { sign: '*', id: 0 };

/** What each list of a VDC gives to its groups (DEFAULT_VDC_*_ACL of oned.conf). */
const VDC_RIGHTS: Readonly<Record<VdcList, readonly (readonly [AclType, Right])[]>> = {
  clusters: [
    ['HOST', 'MANAGE'],
    ['NET', 'USE'],
    ['DATASTORE', 'USE'],
  ],
  hosts: [['HOST', 'MANAGE']],
  vnets: [['NET', 'USE']],
  datastores: [['DATASTORE', 'USE']],
};

/** The rules of a fresh cloud. */
export const DEFAULT_RULES: readonly AclRule[] = [
  rule(group(USERS_GROUP_ID), ['VM', 'IMAGE', 'TEMPLATE', 'DOCUMENT', 'SECGROUP', 'VMGROUP', 'BACKUPJOB'], ['CREATE']),
  rule(ALL, ['ZONE'], ['USE']),
  rule(ALL, ['MARKETPLACE', 'MARKETPLACEAPP'], ['USE']),
  ...defaultVdcRules(USERS_GROUP_ID),
];

/** What the default VDC, which has all clusters, gives to a group. */
export function defaultVdcRules(groupId: number): AclRule[] {
  return vdcRules(groupId, 'clusters', { zoneId: ZONE_ID, id: ALL_RESOURCES });
}

/** What a resource of a VDC gives to one of its groups. */
export function vdcRules(groupId: number, list: VdcList, { zoneId, id }: VdcResource): AclRule[] {
  const resource: Selector = id === ALL_RESOURCES ? ALL : { sign: list === 'clusters' ? '%' : '#', id };
  const zone: Selector = { sign: '#', id: zoneId };
  return VDC_RIGHTS[list].map(([type, right]) => ({ ...rule(group(groupId), [type], [right]), resource, zone }));
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
