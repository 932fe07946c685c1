/** Deploying and moving VMs: the one way for the scheduler and for `one.vm.deploy` and `migrate`. */
import type { Vector } from '../../opennebula/template.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { UserEventName } from '../lifecycle/events.ts';
import type { Datastore } from '../objects/datastore.ts';
import type { Host } from '../objects/host.ts';
import type { Actor, Placement, Vm } from '../objects/vm.ts';
import type { Cloud } from '../store/cloud.ts';
import { connectNic, rulesOf } from '../vm/create-vm.ts';
import { onDatastore } from '../vm/deployment.ts';
import { edited } from '../vm/edit-template.ts';
import { withoutMessage } from '../vm/messages.ts';
import { withNetworkContext } from '../vm/network-context.ts';
import { nicsOf } from '../vm/nic.ts';
import { networkMode } from '../vm/nic-attributes.ts';
import type { Dispatcher } from './dispatcher.ts';
import { diskRulesOf, surroundingsOf } from './surroundings.ts';

export interface DeploymentServices {
  readonly cloud: Cloud;
  readonly configuration: Configuration;
  readonly dispatcher: Dispatcher;
}

export interface Destination {
  readonly host: Host;
  readonly datastore: Datastore;
  /** Networks for NICs that leave the choice to the scheduler. */
  readonly nics?: readonly { readonly nicId: number; readonly networkId: number }[];
  /** Position in the scheduler's plan; missing when placed by hand. */
  readonly planActionId?: number;
}

/** Within a transaction. @throws WrongState, InvalidTemplate, QuotaExceeded */
export function deploy(services: DeploymentServices, vm: Vm, destination: Destination): Vm {
  const { cloud, configuration, dispatcher } = services;
  const findDatastore = (id: number) => cloud.pools.datastore.get(id);
  const onPlace = onDatastore(vm, destination.datastore, { findDatastore, diskRules: diskRulesOf(configuration) });
  const connected = connect(services, onPlace, destination.nics ?? []);
  const placed = withoutMessage(connected, 'SCHED_MESSAGE');
  return dispatcher.apply(placed, { name: 'deploy', placement: placementOf(destination) }, { enforceQuotas: true });
}

export type MigrationEvent = Extract<UserEventName, `migrate${string}`>;

const COLD_KINDS: Readonly<Record<number, MigrationEvent>> = { 1: 'migrate-poweroff', 2: 'migrate-poweroff-hard' };

/** @param coldKind how one moves that is not moved live: saved (0), powered off (1) or off at once (2) */
export function migrationEvent({ phase }: Vm, live: boolean, coldKind: number): MigrationEvent {
  return live && phase === 'RUNNING' ? 'migrate-live' : (COLD_KINDS[coldKind] ?? 'migrate');
}

/** Within a transaction. @throws WrongState, QuotaExceeded for the cluster that it comes to */
export function migrate(
  { dispatcher }: DeploymentServices,
  vm: Vm,
  destination: Destination,
  name: MigrationEvent,
  actor?: Actor,
): Vm {
  const event = { name, placement: placementOf(destination), ...(actor ? { actor } : {}) };
  return dispatcher.apply(withoutMessage(vm, 'SCHED_MESSAGE'), event, { enforceQuotas: true });
}

function placementOf({ host, datastore, planActionId }: Destination): Placement {
  return {
    hostId: host.id,
    hostName: host.name,
    clusterId: host.clusterId,
    vmMad: host.vmMad,
    tmMad: datastore.tmMad,
    datastoreId: datastore.id,
    planId: planActionId === undefined ? -2 : -1,
    planActionId: planActionId ?? -1,
  };
}

/** Gives NICs the networks that were chosen for them, and tells the guest of them. */
function connect({ cloud, configuration }: DeploymentServices, vm: Vm, chosen: NonNullable<Destination['nics']>): Vm {
  const isSettled = nicsOf(vm).every((nic) => networkMode(nic) !== 'auto');
  if (chosen.length === 0 && isSettled) return vm;
  const surroundings = surroundingsOf({ cloud, configuration, vmId: vm.id, uid: vm.uid });
  if (chosen.length === 0) return withNetworkContext(vm, surroundings);
  const defaults = vm.template.vector('NIC_DEFAULT');
  const nics = nicsOf(vm).map((nic): Vector => {
    const choice = chosen.find(({ nicId }) => nicId === Number(nic.NIC_ID));
    if (!choice || networkMode(nic) !== 'auto') return nic;
    const connected = connectNic({ ...nic, NETWORK_ID: String(choice.networkId) }, vm.id, defaults, surroundings);
    return { ...connected, NAME: nic.NAME as string };
  });
  const template = edited(vm.template, (copy) => {
    copy.delete('NIC').delete('SECURITY_GROUP_RULE');
    for (const nic of nics) copy.add('NIC', nic);
    for (const rule of rulesOf(nics, surroundings)) copy.add('SECURITY_GROUP_RULE', rule);
  });
  return withNetworkContext({ ...vm, template }, surroundings);
}
