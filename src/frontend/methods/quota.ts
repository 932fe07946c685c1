/** Limits of users and groups, and the defaults (src/rm/api/{User,Group,Shared}API.cc, 7.4). */
import { messageOf } from '../../errors/thrown.ts';
import { parseTemplate, type Template } from '../../opennebula/template.ts';
import { group } from '../../opennebula/xml.ts';
import { quotaClaims } from '../lifecycle/claims.ts';
import { type Group, ONEADMIN_GROUP_ID } from '../objects/group.ts';
import type { Records } from '../objects/kinds.ts';
import { type ClusterBooks, quotasXml, setDefaultQuotaLimits, setQuotaLimits } from '../objects/quotas.ts';
import { ONEADMIN_ID, type User } from '../objects/user.ts';
import type { Vm } from '../objects/vm.ts';
import { defaultQuotas, setDefaultQuotas } from '../resources/default-quotas.ts';
import { notAuthorized, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, string } from './method.ts';

/** `one.user.quota` or `one.group.quota`. */
export function quotaMethod<K extends keyof typeof TARGETS>(kind: K): Method {
  return defineMethod({
    name: `one.${kind}.quota`,
    params: { id: int, quota: string },
    help: `Sets limits of a ${kind}: VM=[…], also with CLUSTER_IDS, DATASTORE=[ID=…], NETWORK=[ID=…], IMAGE=[ID=…].`,
    run(call, { id, quota }) {
      const record: Records[K] = TARGETS[kind](call, id);
      call.cloud.transaction(() => {
        const quotas = orRefuse(() =>
          setQuotaLimits(record.quotas, withOwner(parseTemplate(quota), kind, id), clusterBooks(call, kind, id)),
        );
        call.cloud.pools[kind].put({ ...record, quotas });
      });
      return id;
    },
  });
}

const TARGETS: { readonly [K in 'user' | 'group']: (call: Call, id: number) => Records[K] } = {
  user: userFor,
  group: groupFor,
};

function userFor(call: Call, id: number): User {
  const user = call.getAuthorized('user', id, 'ADMIN');
  if (id === ONEADMIN_ID) throw notPossible('Cannot set quotas for oneadmin user');
  return user;
}

/** oned looks at the group before the caller's right, and takes one that is not there for one that he may not touch. */
function groupFor(call: Call, id: number): Group {
  if (id === ONEADMIN_GROUP_ID) throw notPossible('Cannot set quotas for oneadmin group');
  if (id >= 0 && !call.cloud.pools.group.get(id)) throw notAuthorized('');
  return call.getAuthorized('group', id, 'ADMIN');
}

/** `one.userquota.*` or `one.groupquota.*`. */
export function defaultQuotaMethods(kind: 'user' | 'group'): readonly Method[] {
  const element = kind === 'user' ? 'DEFAULT_USER_QUOTAS' : 'DEFAULT_GROUP_QUOTAS';
  return [
    defineMethod({
      name: `one.${kind}quota.info`,
      params: {},
      help: `Shows the limits of each ${kind} that has none of its own.`,
      run: ({ cloud }) => group(element, quotasXml(defaultQuotas(cloud, kind))),
    }),
    defineMethod({
      name: `one.${kind}quota.update`,
      params: { quota: string },
      help: `Sets the limits of each ${kind} that has none of its own.`,
      run(call, { quota }) {
        if (call.gid !== ONEADMIN_GROUP_ID) {
          throw notAuthorized('The default quotas can only be updated by users in the oneadmin group');
        }
        const template = orRefuse(() => parseTemplate(quota));
        checkDefault(template);
        const quotas = orRefuse(() => setDefaultQuotaLimits(defaultQuotas(call.cloud, kind), template));
        call.cloud.transaction(() => setDefaultQuotas(call.cloud, kind, quotas));
        return group(element, quotasXml(quotas));
      },
    }),
  ];
}

function clusterBooks({ cloud }: Call, kind: 'user' | 'group', id: number): ClusterBooks {
  const isOwn = ({ uid, gid }: Vm) => (kind === 'user' ? uid : gid) === id;
  return {
    exists: (clusterId) => cloud.pools.cluster.get(clusterId) !== undefined,
    usesIn: (clusterIds) =>
      [...cloud.pools.vm.all()]
        .filter(isOwn)
        .flatMap(quotaClaims)
        .filter(({ clusterId }) => clusterId !== undefined && clusterIds.includes(clusterId))
        .map(({ amounts }) => amounts),
  };
}

/** oned writes down whose limits of VMs they are, and repeats it in its refusals. */
function withOwner(template: Template, kind: 'user' | 'group', id: number): Template {
  const owner = { [kind === 'user' ? 'UID' : 'GID']: String(id) };
  for (const [, limits] of template.take('VM'))
    template.add('VM', typeof limits === 'string' ? limits : { ...limits, ...owner });
  return template;
}

function checkDefault(template: Template): void {
  const limits = template.vectors('VM');
  if (limits.length > 1) throw notPossible('Only one default VM quota can be defined');
  if (limits[0]?.CLUSTER_IDS) throw notPossible('CLUSTER_IDS attribute is not allowed for default VM quota');
}

/** What is wrong with limits is told as an impossible action. */
function orRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw notPossible(messageOf(error));
  }
}
