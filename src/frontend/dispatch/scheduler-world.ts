/** The cloud as the scheduler sees it. */
import { findAll, leaves, parseXml } from '../../opennebula/xml.ts';
import { rangeSize } from '../objects/address-range.ts';
import type { Host } from '../objects/host.ts';
import { memoize } from '../objects/memoize.ts';
import { usedLeases } from '../resources/leases.ts';
import { membersOf } from '../resources/vm-groups.ts';
import type { World } from '../scheduler/plan.ts';
import { type HostView, NetworkRoom } from '../scheduler/rooms.ts';
import type { Cloud } from '../store/cloud.ts';
import type { MonitoringSample } from '../store/store.ts';
import { canTransfer } from '../vm/deployment.ts';
import { NOTHING } from '../vm/edit-template.ts';

export function worldOf(cloud: Cloud): World {
  const { pools } = cloud;
  const findDatastore = (id: number) => pools.datastore.get(id);
  return {
    hosts: [...pools.host.all()].filter(({ state }) => state === 'MONITORED').map((host) => viewOf(cloud, host)),
    datastores: [...pools.datastore.all()].filter(({ type, state }) => type === 'SYSTEM_DS' && state === 'READY'),
    get networks() {
      return [...pools.vnet.all()].map(
        (vnet) =>
          new NetworkRoom(
            vnet,
            usedLeases(cloud, vnet),
            vnet.ranges.reduce((sum, range) => sum + rangeSize(range), 0),
          ),
      );
    },
    rules: Array.from(pools.acl.all(), ({ rule }) => rule),
    findOwner(uid) {
      const user = pools.user.get(uid);
      return user && { uid, groupIds: user.groupIds };
    },
    findDatastore,
    canTransfer: (vm, tmMad) => canTransfer(vm, tmMad, findDatastore),
    findVmGroup(id) {
      const group = pools.vmgroup.get(id);
      return group && { group, ...membersOf(cloud, group) };
    },
  };
}

function viewOf(cloud: Cloud, host: Host): HostView {
  return {
    host,
    vmIds: cloud.links.of('host.vms', host.id),
    get sample() {
      const last = cloud.monitoring.last('host', host.id);
      return last ? figuresOf(last) : {};
    },
    clusterTemplate: cloud.pools.cluster.get(host.clusterId)?.template ?? NOTHING,
  };
}

/** Leaves of CAPACITY and SYSTEM. */
const figuresOf = memoize(({ body }: MonitoringSample): Record<string, string> => {
  const document = parseXml(body);
  return Object.assign({}, ...['CAPACITY', 'SYSTEM'].flatMap((part) => findAll(document, part).map(leaves)));
});
