/**
 * States of networks (src/rm/api/VirtualNetworkAPI.cc, 7.4). One that could not be made as its template says is in ERROR:
 * it can be looked at, updated, recovered and removed, and its ranges and leases stay as they are.
 */
import type { VnetState } from '../../opennebula/numbers.ts';
import type { Right } from '../../opennebula/permissions.ts';
import { followers, setReach } from '../dispatch/followers.ts';
import type { Vnet } from '../objects/vnet.ts';
import { logTime } from '../platform/log.ts';
import { internal, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { defineMethod, int, type Method } from './method.ts';
import { type DeleteOptions, removeObject } from './standard/delete.ts';

/** The network, for a method that changes its ranges or leases. @throws ApiError ACTION when it is not READY */
export function getReadyVnet(call: Call, id: number, right: Right, method: string): Vnet {
  const vnet = call.getAuthorized('vnet', id, right);
  if (vnet.state === 'READY') return vnet;
  throw notPossible(`Could not execute ${method}Virtual Network is in wrong state: ${vnet.state}`);
}

/** The network with why it could not be made. */
export function failedVnet(call: Call, vnet: Vnet, reason: string): Vnet {
  const stamp = logTime(call.services.clock.now());
  return { ...vnet, state: 'ERROR', template: vnet.template.clone().set('ERROR', `${stamp} : ${reason}`) };
}

interface Recovery {
  readonly verb: string;
  readonly from: ReadonlySet<VnetState>;
  run(call: Call, vnet: Vnet): void;
}

/** By the number that the call gives. */
function recoveries(removal: DeleteOptions<'vnet'>): readonly Recovery[] {
  const put = (call: Call, vnet: Vnet) => call.cloud.transaction(() => call.cloud.pools.vnet.put(vnet));
  return [
    {
      verb: 'failure',
      from: new Set(['INIT', 'LOCK_CREATE', 'LOCK_DELETE']),
      run: (call, vnet) => put(call, failedVnet(call, vnet, 'Failure forced by user')),
    },
    {
      verb: 'success',
      from: new Set(['INIT', 'LOCK_CREATE', 'ERROR', 'UPDATE_FAILURE']),
      run(call, vnet) {
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
      run: (call, vnet) => removeObject(call, 'vnet', vnet, removal),
    },
    {
      verb: 'retry',
      from: new Set(['UPDATE_FAILURE']),
      run: ({ services }, vnet) => services.networkUpdates.commit(vnet.id, 'unreached'),
    },
  ];
}

/** @param removal what goes with a network that is removed */
export function recoverVnetMethod(removal: DeleteOptions<'vnet'>): Method {
  const operations = recoveries(removal);
  return defineMethod({
    name: 'one.vn.recover',
    params: { id: int, operation: int },
    help: 'Helps a network that could not be made, or whose change did not reach all its VMs: 0 failure, 1 success, 2 delete, 3 retry.',
    run(call, { id, operation }) {
      const recovery = operations[operation];
      if (!recovery) throw notPossible('Wrong recovery operation code');
      const vnet = call.getAuthorized('vnet', id, 'MANAGE');
      if (!recovery.from.has(vnet.state)) {
        throw internal(`Could not perform 'recover ${recovery.verb}' on VN ${id}, wrong state ${vnet.state}.`);
      }
      recovery.run(call, vnet);
      return id;
    },
  });
}
