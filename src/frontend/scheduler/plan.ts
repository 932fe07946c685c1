/**
 * Places VMs: decides for each which host, system datastore and networks it gets, or says why it gets none
 * (src/schedm/SchedulerManagerDriver.cc and src/schedm_mad/remotes/rank, 7.4). Each placement counts for those that
 * follow, and ranks are taken again after each, so any number of VMs can be placed in one run.
 */
import type { AclRule } from '../../opennebula/acl.ts';
import { RIGHT, type Right } from '../../opennebula/permissions.ts';
import { refusalOf, resourceOf, type Subject } from '../objects/authorization.ts';
import type { Datastore } from '../objects/datastore.ts';
import { ONEADMIN_GROUP_ID } from '../objects/group.ts';
import type { Kind, Records } from '../objects/kinds.ts';
import { ONEADMIN_ID } from '../objects/user.ts';
import type { Vm } from '../objects/vm.ts';
import { datastoreAttributes, hostAttributes, networkAttributes } from './attributes.ts';
import { Failures } from './failures.ts';
import { autoNics, datastoreRank, datastoreRequirement, hostRank, imageDatastoreNeeds, priorityOf } from './needs.ts';
import { Ranks, ranked } from './ranked.ts';
import { type Attributes, parseRequirement } from './requirement.ts';
import { DatastoreRoom, HostRoom, type HostView, type Needs, type NetworkRoom } from './rooms.ts';
import { ExpressionError } from './tokens.ts';
import { type Ask, type Asks, asksOf, type GroupView } from './vm-groups.ts';

export interface World {
  /** Those in state MONITORED. */
  readonly hosts: readonly HostView[];
  /** System datastores that are enabled. */
  readonly datastores: readonly Datastore[];
  /** Looked at only for VMs with NICs that leave the choice. */
  readonly networks: readonly NetworkRoom[];
  readonly rules: readonly AclRule[];
  /** Groups of an owner; undefined when there is no such user. */
  findOwner(uid: number): Subject | undefined;
  findDatastore(id: number): Datastore | undefined;
  /** Whether all disks of the VM can be on a system datastore of that transfer driver (TM_MAD_SYSTEM). */
  canTransfer(vm: Vm, tmMad: string): boolean;
  /** A VM group, and where its VMs are. */
  findVmGroup(id: number): GroupView | undefined;
}

export interface Placing {
  readonly vm: Vm;
  readonly action: 'deploy' | 'migrate';
  readonly hostId: number;
  readonly datastoreId: number;
  /** Networks of NICs that left the choice to the scheduler. */
  readonly nics: readonly { readonly nicId: number; readonly networkId: number }[];
}

export interface Refusal {
  readonly vm: Vm;
  readonly message: string;
}

export interface Plan {
  readonly placings: readonly Placing[];
  readonly refusals: readonly Refusal[];
}

/** @param vms in any order: those of higher USER_PRIORITY first, then the older ones */
export function planPlacements(vms: Iterable<Vm>, world: World): Plan {
  const placings: Placing[] = [];
  const refusals: Refusal[] = [];
  const planner = new Planner(world);
  const candidates = byPriority(vms).filter((vm) => !isLocked(vm));
  const asks = asksOf(candidates, world.findVmGroup);
  for (const vm of leadersFirst(candidates, asks)) {
    try {
      placings.push(planner.place(vm, asks.get(vm.id) as Ask));
    } catch (error) {
      if (!(error instanceof Unplaceable)) throw error;
      refusals.push({ vm, message: error.message });
    }
  }
  return { placings, refusals };
}

class Unplaceable extends Error {}

/** Texts that begin like this when no host meets what is asked; capacity has its own. */
const dispatch = (reason: string) => new Unplaceable(`Cannot dispatch VM: ${reason}`);

class Planner {
  readonly #world: World;
  readonly #hosts: readonly HostRoom[];
  readonly #datastores: readonly DatastoreRoom[];
  #networks: readonly NetworkRoom[] | undefined;
  readonly #hostRanks = new Ranks<HostRoom>(hostAttributes);
  readonly #datastoreRanks = new Ranks<DatastoreRoom>(({ datastore }) => datastoreAttributes(datastore));
  readonly #networkRanks = new Ranks<NetworkRoom>(networkAttributes);
  /** What met a requirement, or why nothing did: VMs of one owner mostly ask for the same. */
  readonly #matches = new Map<string, readonly unknown[] | Unplaceable>();
  /** Kinds of VMs for which there is no room: those alike need not be tried. */
  readonly #full = new Map<string, Unplaceable>();

  constructor(world: World) {
    this.#world = world;
    this.#hosts = world.hosts.map((view) => new HostRoom(view));
    this.#datastores = world.datastores
      .map((datastore) => new DatastoreRoom(datastore))
      .filter((room) => !room.isShared || room.isMonitored);
  }

  /** @throws Unplaceable */
  place(vm: Vm, ask: Ask): Placing {
    if (this.#hosts.length === 0) throw dispatch('No hosts enabled to run VMs');
    if (this.#datastores.length === 0) throw dispatch('No system datastores found to run VMs');
    const hosts = this.#matchHosts(vm, ask.requirement);
    const datastores = this.#matchDatastores(vm);
    const alike = JSON.stringify([ownerKey(vm), ask, datastoreRequirement(vm), vm.resched]);
    const known = this.#full.get(alike);
    if (known && autoNics(vm).length === 0) throw known;
    try {
      this.#checkImageDatastores(vm);
      return this.#choose(vm, ask, hosts, datastores);
    } catch (error) {
      if (error instanceof Unplaceable && autoNics(vm).length === 0) this.#full.set(alike, error);
      throw error;
    }
  }

  #choose(vm: Vm, ask: Ask, hosts: readonly HostRoom[], datastores: readonly DatastoreRoom[]): Placing {
    const failures = new Failures();
    const { requirement, needs } = ask;
    const recheck = requirement.includes('CURRENT_VMS') ? parseRequirement(requirement) : undefined;
    const fitting = hosts.filter((host) => {
      const shortage = host.shortage(needs);
      if (shortage) failures.add(shortage, host.id);
      else if (recheck && !recheck(hostAttributes(host))) failures.add('requirements', host.id);
      else return host.id !== (vm.resched ? vm.history.at(-1)?.hostId : undefined);
      return false;
    });
    for (const host of ranked(fitting, this.#hostRanks.by(hostRank(vm)))) {
      const datastore = this.#chooseDatastore(vm, host, needs, datastores, failures);
      if (!datastore) continue;
      const nics = this.#chooseNetworks(vm, host, failures);
      if (!nics) continue;
      host.take(vm.id, needs);
      this.#hostRanks.changed(host);
      if (datastore.isShared) datastore.takeDisk(needs.diskMb);
      else host.takeDisk(datastore.datastore.id, needs.diskMb);
      const action = vm.resched ? 'migrate' : 'deploy';
      return { vm, action, hostId: host.id, datastoreId: datastore.datastore.id, nics };
    }
    throw new Unplaceable(`${failures}` || 'Cannot dispatch VM to any Host. Check VM log for detailed reasons.');
  }

  #chooseDatastore(
    vm: Vm,
    host: HostRoom,
    { diskMb }: Needs,
    datastores: readonly DatastoreRoom[],
    failures: Failures,
  ): DatastoreRoom | undefined {
    const present = vm.resched ? vm.history.at(-1)?.datastoreId : undefined;
    const wanted = present === undefined ? datastores : datastores.filter(({ datastore }) => datastore.id === present);
    for (const room of ranked(wanted, this.#datastoreRanks.by(datastoreRank(vm)))) {
      const { id, clusterIds } = room.datastore;
      if (!clusterIds.includes(host.clusterId)) failures.add('datastoreCluster', id);
      else if (room.isShared ? !room.hasDisk(diskMb) : !host.hasDisk(id, diskMb)) failures.add('datastoreCapacity', id);
      else return room;
    }
    failures.add('noDatastore', -1);
    return undefined;
  }

  #chooseNetworks(vm: Vm, host: HostRoom, failures: Failures): Placing['nics'] | undefined {
    const chosen: { nicId: number; room: NetworkRoom }[] = [];
    for (const { nicId, requirement, rank } of autoNics(vm)) {
      // Different NICs of a VM go to different networks.
      const free = this.#matchNetworks(vm, nicId, requirement).filter((room) => !chosen.some((c) => c.room === room));
      const room = chooseNetwork(ranked(free, this.#networkRanks.by(rank)), host, failures);
      if (!room) return undefined;
      chosen.push({ nicId, room });
    }
    for (const { room } of chosen) {
      room.usedLeases++;
      this.#networkRanks.changed(room);
    }
    return chosen.map(({ nicId, room }) => ({ nicId, networkId: room.vnet.id }));
  }

  #matchHosts(vm: Vm, requirement: string): readonly HostRoom[] {
    return this.#match(`host ${ownerKey(vm)} ${requirement}`, () => {
      const allowed = this.#hosts.filter(({ view }) => this.#may(vm, 'MANAGE', 'host', view.host));
      if (allowed.length === 0) throw dispatch('User is not authorized to use any host');
      // Whether VMs are on a host may change within the run: that is looked at again for each VM.
      const test = evaluate(requirement, 'SCHED_REQUIREMENTS:');
      if (requirement.includes('CURRENT_VMS')) return allowed;
      const matching = allowed.filter((room) => test(hostAttributes(room)));
      if (matching.length === 0) throw dispatch('No host meets SCHED_REQUIREMENTS');
      return matching;
    });
  }

  #matchDatastores(vm: Vm): readonly DatastoreRoom[] {
    const requirement = datastoreRequirement(vm);
    const allowed = this.#match(`datastore ${ownerKey(vm)} ${requirement}`, () => {
      const usable = this.#datastores.filter(({ datastore }) => this.#may(vm, 'USE', 'datastore', datastore));
      if (usable.length === 0) throw dispatch('User is not authorized to use any system datastore');
      const test = evaluate(requirement, 'SCHED_DS_REQUIREMENTS:');
      const matching = usable.filter(({ datastore }) => test(datastoreAttributes(datastore)));
      if (matching.length === 0) throw dispatch('No system datastore meets SCHED_DS_REQUIREMENTS');
      return matching;
    });
    const transferable = allowed.filter(({ datastore }) => this.#world.canTransfer(vm, datastore.tmMad));
    if (transferable.length === 0) throw dispatch('No system datastore meets SCHED_DS_REQUIREMENTS');
    return transferable;
  }

  #matchNetworks(vm: Vm, nicId: number, requirement: string): readonly NetworkRoom[] {
    return this.#match(`network ${ownerKey(vm)} ${requirement}`, () => {
      this.#networks ??= this.#world.networks;
      const usable = this.#networks.filter(({ vnet }) => this.#may(vm, 'USE', 'vnet', vnet));
      if (usable.length === 0) throw dispatch(`User is not authorized to use any virtual network for NIC ${nicId}`);
      const test = evaluate(requirement, `SCHED_NIC_REQUIREMENTS in NIC ${nicId}:`);
      const matching = usable.filter((room) => test(networkAttributes(room)));
      if (matching.length === 0) throw dispatch(`No virtual network meets SCHED_NIC_REQUIREMENTS for NIC ${nicId}`);
      return matching;
    });
  }

  #match<T>(key: string, find: () => readonly T[]): readonly T[] {
    const known = this.#matches.get(key);
    if (known instanceof Unplaceable) throw known;
    if (known) return known as readonly T[];
    try {
      const found = find();
      this.#matches.set(key, found);
      return found;
    } catch (error) {
      if (error instanceof Unplaceable) this.#matches.set(key, error);
      throw error;
    }
  }

  #checkImageDatastores(vm: Vm): void {
    for (const [id, needed] of imageDatastoreNeeds(vm)) {
      const datastore = this.#world.findDatastore(id);
      if (datastore && needed >= datastore.freeMb) {
        throw new Unplaceable(`Cannot schedule VM. Image Datastore ${id} does not have enough capacity`);
      }
    }
  }

  /** VMs of user 0 and group 0 go anywhere. */
  #may<K extends Kind>(vm: Vm, right: Right, kind: K, record: Records[K]): boolean {
    if (vm.uid === ONEADMIN_ID || vm.gid === ONEADMIN_GROUP_ID) return true;
    const owner = this.#world.findOwner(vm.uid);
    const demand = { right, resource: resourceOf(kind, record) };
    return owner !== undefined && refusalOf(owner, [demand], this.#world.rules) === undefined;
  }
}

function chooseNetwork(rooms: Iterable<NetworkRoom>, host: HostRoom, failures: Failures): NetworkRoom | undefined {
  for (const room of rooms) {
    const { id, clusterIds } = room.vnet;
    if (!clusterIds.includes(host.clusterId)) failures.add('networkCluster', id);
    else if (!room.hasLease) failures.add('networkLeases', id);
    else return room;
  }
  return undefined;
}

function evaluate(requirement: string, where: string): (attributes: Attributes) => boolean {
  try {
    return parseRequirement(requirement);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw dispatch(`Error in ${where} '${requirement}', error: ${error.message}`);
  }
}

function ownerKey({ uid, gid }: Vm): string {
  return uid === ONEADMIN_ID || gid === ONEADMIN_GROUP_ID ? 'admin' : String(uid);
}

function byPriority(vms: Iterable<Vm>): Vm[] {
  return [...vms]
    .map((vm) => ({ vm, priority: priorityOf(vm.userTemplate) }))
    .sort((a, b) => b.priority - a.priority || a.vm.id - b.vm.id)
    .map(({ vm }) => vm);
}

/** Those that follow come last, the older ones first: one that follows may be followed itself. */
function leadersFirst(vms: readonly Vm[], asks: Asks): Vm[] {
  const [leaders, followers] = [false, true].map((follows) =>
    vms.filter(({ id }) => asks.get(id)?.follows === follows),
  );
  return [...(leaders ?? []), ...(followers ?? []).sort((a, b) => a.id - b.id)];
}

/** Deploying and migrating need ADMIN: any lock forbids it. */
function isLocked({ lock }: Vm): boolean {
  return lock !== undefined && lock.level <= RIGHT.ADMIN;
}
