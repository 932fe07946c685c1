/**
 * `one.vdc.*` and `one.vdcpool.info` (src/rm/api/VdcAPI.cc, src/vdc/Vdc.cc, 7.4). A VDC gives its groups the use of its
 * resources by rules of the access control list. A rule that another VDC gives as well stays when one of them goes.
 */
import type { AclRule } from '../../opennebula/acl.ts';
import { printRule } from '../../opennebula/acl.ts';
import type { Kind } from '../objects/kinds.ts';
import { nameProblem } from '../objects/names.ts';
import { vdcRules } from '../objects/rules.ts';
import { ALL_RESOURCES, DEFAULT_VDC_ID, type Vdc, type VdcList, type VdcResource } from '../objects/vdc.ts';
import { ZONE_ID } from '../objects/zone.ts';
import { addRules, removeRules } from './add-rules.ts';
import { internal } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, string } from './method.ts';
import { deleteMethod } from './standard/delete.ts';
import { infoMethod, sharedPoolMethod } from './standard/info.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';

const LISTS: readonly { readonly list: VdcList; readonly word: string; readonly kind: Kind; readonly type: string }[] =
  [
    { list: 'clusters', word: 'cluster', kind: 'cluster', type: 'CLUSTER' },
    { list: 'hosts', word: 'host', kind: 'host', type: 'HOST' },
    { list: 'datastores', word: 'datastore', kind: 'datastore', type: 'DATASTORE' },
    { list: 'vnets', word: 'vnet', kind: 'vnet', type: 'NET' },
  ];

export const vdcMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vdc.allocate',
    params: { template: string },
    help: 'Makes a virtual data centre: groups, and resources that they may use.',
    run(call, { template: source }) {
      const template = call.parseTemplate(source);
      call.authorize(call.creation('vdc'));
      const name = template.get('NAME') ?? '';
      const problem = nameProblem(name);
      if (problem !== undefined) throw internal(problem);
      const { vdc: pool } = call.cloud.pools;
      const other = pool.byName(name);
      if (other) throw internal(`NAME is already taken by Vdc ${other.id}.`);
      const empty = { groupIds: [], clusters: [], hosts: [], datastores: [], vnets: [] };
      return call.cloud.transaction(
        () => pool.put({ id: pool.nextId(), name, ...empty, template: template.clone().delete('NAME') }).id,
      );
    },
  }),
  infoMethod('vdc'),
  sharedPoolMethod('vdc'),
  updateMethod('vdc'),
  renameMethod('vdc'),
  deleteMethod('vdc', {
    right: 'ADMIN',
    obstacle: (_, { id }) => (id === DEFAULT_VDC_ID ? 'System VDCs (ID < 100) cannot be deleted.' : undefined),
    alongWith: (call, vdc) => changeVdc(call, vdc, { ...vdc, groupIds: [] }),
  }),
  defineMethod({
    name: 'one.vdc.addgroup',
    params: { id: int, group: int },
    help: 'Lets a group use the resources of a VDC.',
    run(call, { id, group: groupId }) {
      const vdc = call.get('vdc', id);
      const group = call.get('group', groupId);
      call.authorize(call.on('vdc', vdc, 'ADMIN'), call.on('group', group, 'ADMIN'));
      if (vdc.groupIds.includes(groupId)) throw internal(`Group ${groupId} is already assigned to the VDC ${id}`);
      return putVdc(call, vdc, { ...vdc, groupIds: [...vdc.groupIds, groupId].sort((a, b) => a - b) });
    },
  }),
  defineMethod({
    name: 'one.vdc.delgroup',
    params: { id: int, group: int },
    help: 'Takes the use of its resources from a group of a VDC.',
    run(call, { id, group: groupId }) {
      const vdc = call.get('vdc', id);
      const group = call.cloud.pools.group.get(groupId);
      call.authorize(call.on('vdc', vdc, 'ADMIN'), ...(group ? [call.on('group', group, 'ADMIN')] : []));
      if (!vdc.groupIds.includes(groupId)) throw internal(`Group ${groupId} is not assigned to the VDC ${id}`);
      return putVdc(call, vdc, { ...vdc, groupIds: vdc.groupIds.filter((other) => other !== groupId) });
    },
  }),
  ...LISTS.flatMap(({ list, word, kind, type }) => [
    defineMethod({
      name: `one.vdc.add${word}`,
      params: { id: int, zone: int, resource: int },
      help: `Adds a ${word} of a zone to a VDC; -10 stands for all of them.`,
      run(call, { id, zone: zoneId, resource: resourceId }) {
        const vdc = call.get('vdc', id);
        const zone = call.get('zone', zoneId);
        const resource = resourceId === ALL_RESOURCES ? undefined : call.get(kind, resourceId);
        call.authorize(
          call.on('vdc', vdc, 'ADMIN'),
          call.on('zone', zone, 'ADMIN'),
          ...(resource ? [call.on(kind, resource, 'ADMIN')] : []),
        );
        if (has(vdc[list], zoneId, resourceId)) {
          throw internal(`${type} ${resourceId} from Zone ${zoneId} is already assigned to the VDC`);
        }
        return putVdc(call, vdc, { ...vdc, [list]: withResource(vdc[list], { zoneId, id: resourceId }) });
      },
    }),
    defineMethod({
      name: `one.vdc.del${word}`,
      params: { id: int, zone: int, resource: int },
      help: `Takes a ${word} out of a VDC.`,
      run(call, { id, zone: zoneId, resource: resourceId }) {
        const vdc = call.get('vdc', id);
        const { zone: zones, [kind]: pool } = call.cloud.pools;
        const zone = zones.get(zoneId);
        const resource = zoneId === ZONE_ID ? pool.get(resourceId) : undefined;
        call.authorize(
          call.on('vdc', vdc, 'ADMIN'),
          ...(zone ? [call.on('zone', zone, 'ADMIN')] : []),
          ...(resource ? [call.on(kind, resource, 'ADMIN')] : []),
        );
        if (!has(vdc[list], zoneId, resourceId)) {
          throw internal(`${type} ${resourceId} from Zone ${zoneId} is not assigned to the VDC `);
        }
        const left = vdc[list].filter((one) => one.zoneId !== zoneId || one.id !== resourceId);
        return putVdc(call, vdc, { ...vdc, [list]: left });
      },
    }),
  ]),
];

function has(resources: readonly VdcResource[], zoneId: number, id: number): boolean {
  return resources.some((resource) => resource.zoneId === zoneId && resource.id === id);
}

/** All resources of a zone make its single ones superfluous. */
function withResource(resources: readonly VdcResource[], added: VdcResource): VdcResource[] {
  const kept = added.id === ALL_RESOURCES ? resources.filter(({ zoneId }) => zoneId !== added.zoneId) : resources;
  return [...kept, added].sort((a, b) => a.zoneId - b.zoneId || a.id - b.id);
}

function putVdc(call: Call, before: Vdc, after: Vdc): number {
  call.cloud.transaction(() => changeVdc(call, before, after));
  return after.id;
}

/** Within a transaction. */
function changeVdc({ cloud }: Call, before: Vdc, after: Vdc): void {
  const had = rulesOf(before);
  cloud.pools.vdc.put(after);
  const granted = new Set(Array.from(cloud.pools.vdc.all()).flatMap(rulesOf).map(printRule));
  removeRules(
    cloud,
    had.filter((rule) => !granted.has(printRule(rule))),
  );
  addRules(cloud, rulesOf(after));
}

function rulesOf(vdc: Vdc): AclRule[] {
  return vdc.groupIds.flatMap((groupId) =>
    LISTS.flatMap(({ list }) => vdc[list].flatMap((resource) => vdcRules(groupId, list, resource))),
  );
}
