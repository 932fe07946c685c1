/** `one.vntemplate.*` and `one.vntemplatepool.*` (src/rm/api/VNTemplateAPI.cc, 7.4). */
import type { Template } from '../../opennebula/template.ts';
import { DEFAULT_CLUSTER_ID } from '../objects/cluster.ts';
import { Refusal } from '../objects/refusal.ts';
import { restrictedChange, restrictedIn } from '../objects/restricted.ts';
import { ApiError, internal, notAllocated, notAuthorized } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, string } from './method.ts';
import { onBehalf } from './on-behalf.ts';
import { namingObstacle, ownedByCaller } from './standard/allocate.ts';
import { chmodMethod } from './standard/chmod.ts';
import { chownMethod } from './standard/chown.ts';
import { deleteMethod } from './standard/delete.ts';
import { infoMethod, ownedPoolMethod } from './standard/info.ts';
import { lockMethods } from './standard/lock.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';
import { checkVlans } from './vlan-access.ts';
import { createVnet } from './vnet.ts';

export const vnTemplateMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vntemplate.allocate',
    params: { template: string },
    help: 'Keeps a template of networks.',
    run(call, { template: source }) {
      const template = call.parseTemplate(source);
      call.authorize(call.creation('vntemplate'));
      return keep(call, template, template.get('NAME') ?? '');
    },
  }),
  infoMethod('vntemplate'),
  ownedPoolMethod('vntemplate'),
  updateMethod('vntemplate', { restricted: 'VNET_RESTRICTED_ATTR' }),
  renameMethod('vntemplate'),
  chmodMethod('vntemplate'),
  chownMethod('vntemplate'),
  ...lockMethods('vntemplate'),
  deleteMethod('vntemplate'),
  defineMethod({
    name: 'one.vntemplate.clone',
    params: { id: int, name: string },
    help: 'Copies a template of networks under another name.',
    run(call, { id, name }) {
      const source = call.get('vntemplate', id);
      call.authorizeCopy('vntemplate', source);
      return keep(call, source.template, name);
    },
  }),
  defineMethod({
    name: 'one.vntemplate.instantiate',
    params: { id: int, name: string, extra: string },
    help: 'Makes a network from a template, with attributes that replace those of the template; ranges are added.',
    run(asker, { id, name, extra }) {
      const source = asker.get('vntemplate', id);
      const template = merged(asker, source.template, extra);
      const call = onBehalf(asker, template);
      template.delete('NAME').set('TEMPLATE_NAME', source.name);
      if (name !== '') template.set('NAME', name);
      checkVlans(call, call.parseTemplate(extra), id);
      call.authorize(call.on('vntemplate', source, 'USE'));
      return withWordsOfAllocation(() =>
        createVnet(call, template, { clusterIds: clustersOf(call, source.template), parentId: -1, templateId: id }),
      );
    },
  }),
];

function keep(call: Call, given: Template, name: string): number {
  const obstacle = namingObstacle(call, 'vntemplate', name, call.uid);
  if (obstacle !== undefined) throw internal(obstacle);
  if (!given.get('VN_MAD')) throw internal('Error inserting Template in DB. VN_MAD is mandatory');
  const { vntemplate: pool } = call.cloud.pools;
  const template = given.clone().delete('NAME');
  return call.cloud.transaction(() => {
    const id = pool.nextId();
    return pool.put({ id, name, ...ownedByCaller(call), registeredAt: call.services.clock.now(), template }).id;
  });
}

/** The template with what the caller adds, who may not change what is restricted. */
function merged(call: Call, template: Template, source: string): Template {
  const extra = call.parseTemplate(source);
  if (!call.isAdmin) {
    const rules = call.services.configuration.list('VNET_RESTRICTED_ATTR');
    const ofRanges = restrictedIn(
      extra,
      rules.filter((rule) => rule.startsWith('AR/')),
    );
    const ofNetwork = rules.filter((rule) => !rule.startsWith('AR/'));
    const restricted = ofRanges === undefined ? restrictedChange(extra, template, ofNetwork, true) : `AR/${ofRanges}`;
    if (restricted !== undefined) {
      throw notAuthorized(`Extra Template includes a restricted attribute ${restricted}`);
    }
  }
  const ranges = extra.take('AR');
  const result = template.clone().merge(extra);
  for (const [name, range] of ranges) result.add(name, range);
  return result;
}

/** Those of CLUSTER_IDS that there are, or the first one. */
function clustersOf({ cloud }: Call, template: Template): number[] {
  const given = template.get('CLUSTER_IDS') ?? '';
  if (given === '') return [DEFAULT_CLUSTER_ID];
  return given
    .split(',')
    .map(Number)
    .filter((id) => cloud.pools.cluster.get(id) !== undefined);
}

function withWordsOfAllocation(make: () => number): number {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refusal || (error instanceof ApiError && error.code === 'INTERNAL')) {
      throw notAllocated(error.message);
    }
    throw error;
  }
}
