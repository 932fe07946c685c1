/** `one.cluster.*` and `one.clusterpool.*` (src/rm/api/ClusterAPI.cc, 7.4). */
import { type Cluster, createCluster, DEFAULT_CLUSTER_ID } from '../objects/cluster.ts';
import { readClusterTemplate } from '../objects/cluster-template.ts';
import type { Datastore } from '../objects/datastore.ts';
import type { Host } from '../objects/host.ts';
import { withReservedCapacity } from '../objects/host-monitoring.ts';
import type { Vnet } from '../objects/vnet.ts';
import { deleteRules } from '../resources/acl-rules.ts';
import { removeFromVdcs } from '../resources/vdc-resources.ts';
import type { Cloud } from '../store/cloud.ts';
import { notAllocated } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method, string } from './method.ts';
import { namingObstacle } from './standard/allocate.ts';
import { deleteMethod } from './standard/delete.ts';
import { infoMethod, sharedPoolMethod } from './standard/info.ts';
import { renameMethod } from './standard/rename.ts';
import { updateMethod } from './standard/update.ts';

export const clusterMethods: readonly Method[] = [
  defineMethod({
    name: 'one.cluster.allocate',
    params: { name: string },
    help: 'Makes a cluster.',
    run(call, { name }) {
      call.authorize(call.creation('cluster'));
      const obstacle = namingObstacle(call, 'cluster', name, -1);
      if (obstacle !== undefined) throw notAllocated(obstacle);
      const { cluster: pool } = call.cloud.pools;
      return call.cloud.transaction(() => pool.put(createCluster(pool.nextId(), name)).id);
    },
  }),
  infoMethod('cluster'),
  sharedPoolMethod('cluster'),
  updateMethod('cluster', {
    apply: (call, cluster, template) => {
      const updated = { ...cluster, template: readClusterTemplate(template) };
      for (const host of hostsOf(call.cloud, cluster)) call.cloud.pools.host.put(withReservedCapacity(host, updated));
      return updated;
    },
  }),
  renameMethod('cluster', {
    spread: ({ cloud }, cluster) => {
      for (const host of hostsOf(cloud, cluster)) cloud.pools.host.put({ ...host, cluster: cluster.name });
    },
  }),
  deleteMethod('cluster', {
    right: 'ADMIN',
    obstacle: ({ cloud }, cluster) => clusterObstacle(cloud, cluster),
    alongWith: ({ cloud }, { id }) => {
      deleteRules(cloud, ({ resource }) => resource.sign === '%' && resource.id === id);
      removeFromVdcs(cloud, 'clusters', id);
    },
  }),
  memberMethod('one.cluster.addhost', 'host', moveHost),
  defineMethod({
    name: 'one.cluster.delhost',
    params: { id: int, member: int },
    help: 'Moves a host out of its cluster, whichever that is, into the default one.',
    run(call, { id, member }) {
      addMember(call, 'host', DEFAULT_CLUSTER_ID, member, moveHost);
      return id;
    },
  }),
  memberMethod('one.cluster.adddatastore', 'datastore', ({ cloud }, { id }, datastore) => {
    cloud.pools.datastore.put({ ...datastore, clusterIds: withId(datastore, id) });
  }),
  memberMethod('one.cluster.deldatastore', 'datastore', ({ cloud }, { id }, datastore) => {
    cloud.pools.datastore.put({ ...datastore, clusterIds: withoutId(datastore, id) });
  }),
  memberMethod('one.cluster.addvnet', 'vnet', ({ cloud }, { id }, vnet) => {
    cloud.pools.vnet.put({ ...vnet, clusterIds: withId(vnet, id) });
  }),
  memberMethod('one.cluster.delvnet', 'vnet', ({ cloud }, { id }, vnet) => {
    cloud.pools.vnet.put({ ...vnet, clusterIds: withoutId(vnet, id) });
  }),
];

interface Members {
  host: Host;
  datastore: Datastore;
  vnet: Vnet;
}

function memberMethod<K extends keyof Members>(
  name: string,
  kind: K,
  change: (call: Call, cluster: Cluster, member: Members[K]) => void,
): Method {
  return defineMethod({
    name,
    params: { id: int, member: int },
    help: `Moves a ${kind === 'vnet' ? 'network' : kind} into a cluster, or out of it.`,
    run(call, { id, member }) {
      addMember(call, kind, id, member, change);
      return id;
    },
  });
}

function addMember<K extends keyof Members>(
  call: Call,
  kind: K,
  clusterId: number,
  memberId: number,
  change: (call: Call, cluster: Cluster, member: Members[K]) => void,
): void {
  const cluster = call.get('cluster', clusterId);
  const member = call.get(kind, memberId);
  call.authorize(call.on('cluster', cluster, 'ADMIN'), call.on(kind, member, 'ADMIN'));
  call.cloud.transaction(() => change(call, cluster, member));
}

/** A host is in one cluster at a time; its VMs' records say in which. */
function moveHost({ cloud, services }: Call, cluster: Cluster, host: Host): void {
  if (host.clusterId === cluster.id) return;
  const moved = { ...host, clusterId: cluster.id, cluster: cluster.name };
  cloud.pools.host.put(withReservedCapacity(moved, cluster));
  for (const id of cloud.links.of('host.vms', host.id)) {
    const vm = cloud.pools.vm.get(id);
    const last = vm?.history.at(-1);
    if (vm && last) {
      services.dispatcher.update({ ...vm, history: [...vm.history.slice(0, -1), { ...last, clusterId: cluster.id }] });
    }
  }
}

function withId({ clusterIds }: Datastore | Vnet, id: number): readonly number[] {
  return clusterIds.includes(id) ? clusterIds : [...clusterIds, id];
}

function withoutId({ clusterIds }: Datastore | Vnet, id: number): readonly number[] {
  return clusterIds.filter((other) => other !== id);
}

function hostsOf(cloud: Cloud, { id }: Cluster): Host[] {
  return cloud.pools.host.withIds(cloud.pools.host.ids('cluster', id));
}

const FIRST_REMOVABLE_ID = 100;

function clusterObstacle({ pools }: Cloud, { id }: Cluster): string | undefined {
  if (id < FIRST_REMOVABLE_ID) return 'System Clusters (ID < 100) cannot be deleted.';
  const members = [
    [pools.host.ids('cluster', id).size, 'hosts'],
    [pools.datastore.ids('cluster', id).size, 'datastores'],
    [pools.vnet.ids('cluster', id).size, 'vnets'],
  ] as const;
  const found = members.find(([count]) => count > 0);
  return found && `Cluster ${id} is not empty, it contains ${found[0]} ${found[1]}.`;
}
