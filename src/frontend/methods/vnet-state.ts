/**
 * States of networks (src/rm/api/VirtualNetworkAPI.cc, 7.4). One that could not be made as its template says is in ERROR:
 * it can be looked at, updated, recovered and removed, and its ranges and leases stay as they are. One whose driver has to
 * make it or take it away first is in LOCK_CREATE or LOCK_DELETE meanwhile.
 */
import type { VnetState } from '../../opennebula/numbers.ts';
import type { Right } from '../../opennebula/permissions.ts';
import { followers, setReach } from '../dispatch/followers.ts';
import type { Vnet } from '../objects/vnet.ts';
import { usedLeases } from '../resources/leases.ts';
import { failedVnet } from '../resources/new-ranges.ts';
import { dropVnet, releaseReservation } from '../resources/vnet-removal.ts';
import { internal, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method } from './method.ts';
import { deleteMethod } from './standard/delete.ts';

/** The network, for a method that changes its ranges or leases. @throws ApiError ACTION when it cannot be used */
export function getReadyVnet(call: Call, id: number, right: Right, method: string): Vnet {
  const vnet = call.getAuthorized('vnet', id, right);
  if (isUsable(vnet)) return vnet;
  throw notPossible(`Could not execute ${method}Virtual Network is in wrong state: ${vnet.state}`);
}

/** A change of it may not have reached all VMs. */
export function isUsable({ state }: Vnet): boolean {
  return state === 'READY' || state === 'UPDATE_FAILURE';
}

interface Recovery {
  readonly verb: string;
  readonly from: ReadonlySet<VnetState>;
  run(call: Call, vnet: Vnet): void;
}

/** By the number that the call gives. */
const RECOVERIES: readonly Recovery[] = [
  {
    verb: 'failure',
    from: new Set(['INIT', 'LOCK_CREATE', 'LOCK_DELETE']),
    run: (call, vnet) => put(call, failedVnet(call.services, vnet, 'Failure forced by user')),
  },
  {
    verb: 'success',
    from: new Set(['INIT', 'LOCK_CREATE', 'LOCK_DELETE', 'ERROR', 'UPDATE_FAILURE']),
    run(call, vnet) {
      if (vnet.state === 'LOCK_DELETE') return drop(call, vnet);
      call.cloud.transaction(() => {
        for (const vmId of [...followers(call.cloud, 'vnet', vnet.id, 'outdated')]) {
          setReach(call.cloud, 'vnet', vnet.id, vmId, 'updated');
        }
        put(call, { ...vnet, state: 'READY', template: vnet.template.clone().delete('ERROR') });
      });
    },
  },
  {
    verb: 'delete',
    from: new Set(['INIT', 'LOCK_CREATE', 'LOCK_DELETE', 'ERROR']),
    run(call, vnet) {
      drop(call, vnet);
      call.services.vnetDrivers.deleteBeside(vnet);
    },
  },
  {
    verb: 'retry',
    from: new Set(['UPDATE_FAILURE']),
    run: ({ services }, vnet) => services.networkUpdates.commit(vnet.id, 'unreached'),
  },
];

export const recoverVnetMethod: Method = defineMethod({
  name: 'one.vn.recover',
  params: { id: int, operation: int },
  help: 'Helps a network that could not be made, or whose change did not reach all its VMs: 0 failure, 1 success, 2 delete, 3 retry.',
  run(call, { id, operation }) {
    const recovery = RECOVERIES[operation];
    if (!recovery) throw notPossible('Wrong recovery operation code');
    const vnet = call.getAuthorized('vnet', id, 'MANAGE');
    if (!recovery.from.has(vnet.state)) {
      throw internal(`Could not perform 'recover ${recovery.verb}' on VN ${id}, wrong state ${vnet.state}.`);
    }
    recovery.run(call, vnet);
    return id;
  },
});

export const deleteVnetMethod: Method = deleteMethod('vnet', {
  obstacle({ cloud }, vnet) {
    if (usedLeases(cloud, vnet) > 0) return 'Can not remove a virtual network with leases in use';
    const isUnderWay = vnet.state === 'LOCK_CREATE' || vnet.state === 'LOCK_DELETE';
    return isUnderWay ? `Can not remove a Virtual Network, wrong state ${vnet.state}` : undefined;
  },
  remove(call, vnet) {
    if (!call.services.vnetDrivers.wants(vnet.vnMad, 'vnet_delete')) return dropVnet(call.cloud, vnet);
    for (const range of vnet.ranges) releaseReservation(call.cloud, vnet, range);
    call.cloud.pools.vnet.put({ ...vnet, ranges: [], state: 'LOCK_DELETE' });
  },
});

function put(call: Call, vnet: Vnet): void {
  call.cloud.transaction(() => call.cloud.pools.vnet.put(vnet));
}

function drop(call: Call, vnet: Vnet): void {
  call.cloud.transaction(() => dropVnet(call.cloud, vnet));
}
