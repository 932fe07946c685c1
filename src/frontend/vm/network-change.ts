/**
 * What a change of a network means for NICs in it (VirtualNetwork::set_updated_attributes and nic_update,
 * VirtualMachine::nic_update, 7.4). VNET_UPDATE names what changed, with the values before.
 */
import type { Template, Vector } from '../../opennebula/template.ts';
import type { Phase } from '../objects/phase.ts';
import type { Vm } from '../objects/vm.ts';
import type { Vnet } from '../objects/vnet.ts';
import { edited, withVector } from './edit-template.ts';
import { nicIdOf, nicsOf } from './nic.ts';

const UPDATE = 'VNET_UPDATE';

const BANDWIDTH = ['AVG_BW', 'PEAK_BW', 'PEAK_KB'].flatMap((limit) => [`INBOUND_${limit}`, `OUTBOUND_${limit}`]);
/** What running guests are told of. */
const LIVE = [
  ...['PHYDEV', 'MTU', 'VLAN_ID', 'QINQ_TYPE', 'CVLANS', 'VLAN_TAGGED_ID', 'OUTER_VLAN_ID', 'SPOOFCHK', 'TRUST'],
  ...BANDWIDTH,
];

/** Values before of what differs between two templates of a network; undefined when nothing of it concerns guests. */
export function networkChange(before: Template, after: Template): Vector | undefined {
  return changeOf(
    LIVE,
    (name) => before.get(name),
    (name) => after.get(name),
  );
}

/** The same for an address range. @param inherited INHERIT_VNET_ATTR */
export function rangeChange(before: Vector, after: Vector, inherited: readonly string[]): Vector | undefined {
  return changeOf(
    inherited,
    (name) => before[name],
    (name) => after[name],
  );
}

type Read = (name: string) => string | undefined;

function changeOf(names: readonly string[], before: Read, after: Read): Vector | undefined {
  const differing = names.filter((name) => {
    const value = after(name);
    return value === undefined ? Boolean(before(name)) : value !== before(name);
  });
  return differing.length === 0 ? undefined : Object.fromEntries(differing.map((name) => [name, before(name) ?? '']));
}

/** Where a change of a network goes: to host and template, to the template only, or nowhere for the moment. */
export type NetworkReach = 'host' | 'template' | 'busy';

const BUSY =
  /^(BOOT.*|MIGRATE|HOTPLUG|HOTPLUG_(NIC|NIC_POWEROFF|SNAPSHOT|SAVEAS|RESIZE)|DISK_SNAPSHOT|DISK_SNAPSHOT_DELETE|DISK_RESIZE|UNKNOWN)$/;

export function networkReach({ phase }: { readonly phase: Phase }): NetworkReach {
  if (phase === 'RUNNING') return 'host';
  return BUSY.test(phase) ? 'busy' : 'template';
}

/** The VM with what changed in its NICs, unless the user gave a NIC a value of its own. */
export function withNetworkAttributes(vm: Vm, vnet: Vnet): Vm {
  const change = vnet.template.vector(UPDATE);
  const isMember = (nic: Vector) => Number(nic.NETWORK_ID) === vnet.id;
  if (!change || !nicsOf(vm).some(isMember)) return vm;
  const changed = withVector(vm.template, 'NIC', isMember, (nic) => updatedNic(nic, vnet, change));
  const template = edited(changed, (copy) => copy.set(UPDATE, { ...copy.vector(UPDATE), ...change }));
  return { ...vm, template };
}

function updatedNic(nic: Vector, vnet: Vnet, change: Vector): Vector {
  const range = vnet.ranges.find(({ id }) => String(id) === nic.AR_ID);
  const next = { ...nic };
  for (const [name, before] of Object.entries(change)) {
    if (nic[name] !== undefined && nic[name] !== before) continue;
    const value = range?.attributes[name] ?? vnet.template.get(name);
    if (value === undefined) delete next[name];
    else next[name] = value;
  }
  return next;
}

/** Whether a VM's host has nothing to be told. */
export function isIntact(vm: Vm): boolean {
  return !vm.template.has(UPDATE);
}

export function withoutNetworkChange(vm: Vm): Vm {
  return isIntact(vm) ? vm : { ...vm, template: edited(vm.template, (copy) => copy.delete(UPDATE)) };
}

/**
 * A NIC with other limits of its own.
 * @param isLive the host has to be told: VNET_UPDATE names what changed
 */
export function withNicLimits(vm: Vm, nicId: number, limits: Vector, isLive: boolean): { vm: Vm; hasChanged: boolean } {
  const nic = nicsOf(vm).find((known) => nicIdOf(known) === nicId) ?? {};
  const differing = BANDWIDTH.filter((name) => limits[name] !== nic[name]);
  if (differing.length === 0) return { vm, hasChanged: false };
  const next = { ...nic };
  for (const name of differing) {
    const value = limits[name];
    if (value === undefined) delete next[name];
    else next[name] = value;
  }
  const changed = withVector(
    vm.template,
    'NIC',
    (known) => nicIdOf(known) === nicId,
    () => next,
  );
  const before = Object.fromEntries(differing.map((name) => [name, nic[name] ?? '']));
  const template = isLive
    ? edited(changed, (copy) => copy.set(UPDATE, { ...copy.vector(UPDATE), ...before }))
    : changed;
  return { vm: { ...vm, template }, hasChanged: true };
}
