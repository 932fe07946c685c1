/** Networks that NICs of templates name. */
import type { Vector } from '../../opennebula/template.ts';
import { networkOf } from '../dispatch/surroundings.ts';
import { Refusal } from '../objects/refusal.ts';
import type { Vnet } from '../objects/vnet.ts';
import type { Call } from './call.ts';

/** By id, or by name and owner; the caller is the owner unless the NIC says otherwise. */
export function findNetwork(call: Call, nic: Vector): Vnet | undefined {
  if (!nic.NETWORK_ID && !nic.NETWORK) return undefined;
  try {
    return networkOf(call.cloud, nic, call.uid);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
