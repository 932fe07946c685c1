/** `one.vm.deploy` and `one.vm.migrate` (src/rm/api/VirtualMachineAPI.cc, 7.4). */
import type { Template } from '../../opennebula/template.ts';
import { type DeploymentServices, deploy, migrate, migrationEvent } from '../dispatch/deployment.ts';
import type { Datastore } from '../objects/datastore.ts';
import { capacityShortage, type Host } from '../objects/host.ts';
import { currentRecord, type HistoryRecord, type Vm } from '../objects/vm.ts';
import { capacityOf, hostUnits } from '../vm/capacity.ts';
import { disksOf } from '../vm/disk.ts';
import { nicsOf } from '../vm/nic.ts';
import { networkMode } from '../vm/nic-attributes.ts';
import { commonClusters, isPinned, withAutomaticRequirements } from '../vm/requirements.ts';
import { internal, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, type Method, optional, string } from './method.ts';
import { actorOf, change, vmFor } from './vm-access.ts';
import { checkRestricted, deviceDemands } from './vm-devices.ts';

export const placementMethods: readonly Method[] = [
  defineMethod({
    name: 'one.vm.deploy',
    params: {
      id: int,
      host: int,
      enforce: optional(boolean, false),
      datastore: optional(int, -1),
      nics: optional(string, ''),
    },
    help: 'Starts a VM on a host, with its disks on a system datastore; enforce: only where it fits.',
    run(call, { id, host: hostId, enforce, datastore: datastoreId, nics: source }) {
      const host = hostFor(call, hostId);
      const vm = call.get('vm', id);
      const nics = call.parseTemplate(source);
      const datastore = systemDatastoreFor(call, host, datastoreId === -1 ? keptDatastore(vm) : datastoreId);
      checkRestricted(call, nics, 'NIC');
      const uses = [call.on('host', host, 'MANAGE'), call.on('datastore', datastore, 'USE')];
      vmFor(call, id, 'deploy', ...uses, ...deviceDemands(call, nics));
      if (!DEPLOYABLE.has(vm.phase)) throw notPossible(`Deploy action is not available for state ${vm.phase}`);
      if (enforce || isPinned(vm.template)) checkCapacity(vm, host);
      checkDriver(call, host);
      const networks = chosenNetworks(vm, nics);
      change(call, () => deploy(servicesOf(call), vm, { host, datastore, nics: networks }), notPossible);
      return id;
    },
  }),
  defineMethod({
    name: 'one.vm.migrate',
    params: {
      id: int,
      host: int,
      live: boolean,
      enforce: optional(boolean, false),
      datastore: optional(int, -1),
      kind: optional(int, 0),
    },
    help: 'Moves a VM to another host or system datastore: live, or else saved (0), powered off (1) or off at once (2).',
    run(call, { id, host: hostId, live, enforce, datastore: datastoreId, kind }) {
      const host = hostFor(call, hostId);
      const given = datastoreId === -1 ? undefined : call.get('datastore', datastoreId);
      const uses = [call.on('host', host, 'MANAGE'), ...(given ? [call.on('datastore', given, 'USE')] : [])];
      const vm = vmFor(call, id, 'migrate', ...uses);
      const record = currentRecord(vm);
      if (!record || !MIGRATABLE.has(vm.phase)) {
        throw notPossible(`Migrate action is not available for state ${vm.phase}`);
      }
      if (live) checkLive(vm);
      checkDestination(record, hostId, datastoreId, live);
      if (record.hostId !== hostId && enforce) checkCapacity(vm, host);
      const datastore = migrationDatastore(call, { vm, record, host, datastoreId, live });
      change(
        call,
        () => {
          const template = withAutomaticRequirements(vm.template, (each) => call.cloud.pools.datastore.get(each));
          const moving = { ...vm, template };
          migrate(servicesOf(call), moving, { host, datastore }, migrationEvent(vm, live, kind), actorOf(call));
        },
        notPossible,
      );
      return id;
    },
  }),
];

const DEPLOYABLE: ReadonlySet<string> = new Set(['PENDING', 'HOLD', 'STOPPED', 'UNDEPLOYED']);
const MIGRATABLE: ReadonlySet<string> = new Set(['RUNNING', 'UNKNOWN', 'POWEROFF', 'SUSPENDED']);

function servicesOf({ services }: Call): DeploymentServices {
  return services;
}

/** @throws ApiError NO_EXISTS, ACTION */
function hostFor(call: Call, id: number): Host {
  const host = call.get('host', id);
  if (host.state === 'OFFLINE') throw notPossible('Host is offline, cannot use it to deploy VM');
  return host;
}

/** A VM that was stopped or undeployed goes back to where its disks are to be; -1: it may choose. */
function keptDatastore(vm: Vm): number {
  const record = currentRecord(vm);
  const isShelved = record && ['stop', 'undeploy', 'undeploy-hard'].includes(record.action);
  return isShelved ? record.datastoreId : -1;
}

/** @param id -1: the first one of the host's cluster. @throws ApiError */
function systemDatastoreFor(call: Call, host: Host, id: number): Datastore {
  if (id !== -1) return inCluster(host, asSystemDatastore(call.get('datastore', id)));
  const inHostsCluster = ({ type, clusterIds }: Datastore) =>
    type === 'SYSTEM_DS' && clusterIds.includes(host.clusterId);
  const [first] = [...call.cloud.pools.datastore.all()].filter(inHostsCluster).sort((a, b) => a.id - b.id);
  if (!first) {
    throw notPossible(`cluster [${host.clusterId}] does not have any datastore of type SYSTEM_DS.`);
  }
  return first;
}

function asSystemDatastore(datastore: Datastore): Datastore {
  if (datastore.type === 'SYSTEM_DS') return datastore;
  throw internal(`Trying to use datastore [${datastore.id}] to deploy the VM, but it is not of type system datastore.`);
}

function inCluster(host: Host, datastore: Datastore): Datastore {
  if (datastore.clusterIds.includes(host.clusterId)) return datastore;
  throw notPossible(
    `datastore [${datastore.id}] and host [${host.id}] are not in the same cluster [${host.clusterId}].`,
  );
}

function checkCapacity(vm: Vm, host: Host): void {
  const shortage = capacityShortage(host, { ...hostUnits(capacityOf(vm)), diskMb: 0 });
  if (shortage !== undefined) {
    throw notPossible(`virtual machine [${vm.id}] does not fit in host [${host.id}]. ${shortage}`);
  }
}

function checkDriver(call: Call, { vmMad }: Host): void {
  if (!call.services.configuration.driver('VM_MAD', vmMad)) {
    throw notPossible(`Cannot find vmm driver: ${vmMad}`);
  }
}

function checkLive(vm: Vm): void {
  if (isPinned(vm.template)) throw notPossible('VM with a pinned NUMA topology cannot be live-migrated');
  if (disksOf(vm).some((disk) => disk.TYPE === 'FILESYSTEM')) {
    throw notPossible('VM with FILESYSTEM disks cannot be live-migrated');
  }
}

function checkDestination(record: HistoryRecord, hostId: number, datastoreId: number, live: boolean): void {
  const keepsDatastore = datastoreId === -1 || datastoreId === record.datastoreId;
  if (record.hostId === hostId && keepsDatastore) {
    const place = `host [${record.hostId}] and datastore [${record.datastoreId}]`;
    throw notPossible(`VM is already running on ${place}`);
  }
  if (live && record.hostId !== hostId && !keepsDatastore) {
    throw notPossible('Cannot live migrate host and datastore at the same time.');
  }
}

interface Migration {
  readonly vm: Vm;
  /** The stay that ends. */
  readonly record: HistoryRecord;
  readonly host: Host;
  /** -1: where it is. */
  readonly datastoreId: number;
  readonly live: boolean;
}

/** The system datastore that the VM moves to, or stays on. @throws ApiError when it cannot be there */
function migrationDatastore(call: Call, { vm, record, host, datastoreId, live }: Migration): Datastore {
  const clusters = change(call, () => commonClusters(vm.template), notPossible);
  if (clusters.length > 0 && !clusters.includes(host.clusterId)) {
    throw notPossible(
      `Cannot migrate  VM [${vm.id}] to host [${host.id}]. Host is in cluster [${host.clusterId}], and VM requires to be placed on cluster [${clusters.join(',')}]`,
    );
  }
  const id = datastoreId === -1 ? record.datastoreId : datastoreId;
  const moves = id !== record.datastoreId;
  if (moves) checkDriver(call, host);
  const datastore = asSystemDatastore(call.get('datastore', id));
  if (moves) checkMove(vm, record, datastore, live);
  const { clusterIds } = datastore;
  if (clusterIds.length > 0 && !clusterIds.includes(host.clusterId)) {
    throw notPossible(
      `Cannot migrate VM [${vm.id}] to host [${host.id}] and system datastore [${id}]. Host is in cluster [${host.clusterId}], and the datastore is in cluster [${clusterIds.join(',')}]`,
    );
  }
  return datastore;
}

function checkMove(vm: Vm, record: HistoryRecord, { template, tmMad }: Datastore, live: boolean): void {
  const can = (name: string) => template.isYes(name);
  if (!can('DS_MIGRATE')) throw notPossible('System datastore migration not supported by driver');
  if (live && !can('DS_LIVE_MIGRATE')) throw notPossible('Live system datastore migration not supported by driver');
  if (!can('DS_MIGRATE_SNAP') && vm.diskSnapshots.some(({ snapshots }) => snapshots.length > 0)) {
    throw notPossible('System datastore migration with disk snapshots not supported by driver');
  }
  if (record.tmMad !== tmMad) throw notPossible('Cannot migrate to a system datastore with a different driver');
}

/** Networks for NICs that wait for one. @throws ApiError ACTION for others */
function chosenNetworks(vm: Vm, template: Template): { nicId: number; networkId: number }[] {
  return template.vectors('NIC').flatMap((nic) => {
    const choice = { nicId: Number(nic.NIC_ID ?? 0), networkId: Number(nic.NETWORK_ID) };
    const known = nicsOf(vm).find(({ NIC_ID }) => Number(NIC_ID) === choice.nicId);
    if (!known) throw notPossible(`NIC_ID ${choice.nicId} not found`);
    if (networkMode(known) !== 'auto' || known.NETWORK_ID) throw notPossible(`NIC_ID ${choice.nicId} not AUTO`);
    return Number.isNaN(choice.networkId) ? [] : [choice];
  });
}
