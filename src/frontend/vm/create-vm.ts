/**
 * A VM from a template (src/vm/VirtualMachine.cc insert, 7.4): attributes are sorted and checked, addresses and images
 * taken, targets and context worked out. What has to be taken from the cloud comes through `Surroundings`; the caller's
 * transaction gives it back when something later fails.
 */
import type { Template, Vector } from '../../opennebula/template.ts';
import type { Datastore } from '../objects/datastore.ts';
import type { Image } from '../objects/image.ts';
import type { Phase } from '../objects/phase.ts';
import type { OwnedRecord } from '../objects/record.ts';
import type { DiskSnapshots, Vm } from '../objects/vm.ts';
import type { VmGroup } from '../objects/vm-group.ts';
import type { Vnet } from '../objects/vnet.ts';
import { withBootOrder } from './boot-order.ts';
import { contextOf } from './context.ts';
import { hasImageId } from './disk.ts';
import { type DiskRules, diskFromImage, type PreparedDisk, volatileDisk } from './disk-attributes.ts';
import { edited } from './edit-template.ts';
import { type Files, withOsFiles } from './file-variables.ts';
import { snapshotsOfImage } from './image-snapshots.ts';
import { InvalidTemplate } from './invalid-template.ts';
import { idsIn } from './nic.ts';
import {
  asksForNetwork,
  type NicLease,
  networkMode,
  nicInNetwork,
  withAliasName,
  withDefaults,
  withNicName,
} from './nic-attributes.ts';
import { type OwnAttributeSources, type OwnAttributes, sortAttributes } from './own-attributes.ts';
import { withAutomaticRequirements } from './requirements.ts';
import { substitute, type VariableSources } from './substitution.ts';
import { assignTargets } from './targets.ts';
import { checkVariables } from './variable-grammar.ts';
import { inVmGroup } from './vm-group.ts';

/** What a VM takes from the cloud and asks of it. All may throw InvalidTemplate with oned's words. */
export interface Surroundings extends Files {
  /** Takes the image that a DISK names; the record is as it is once the VM has it. */
  takeImage(disk: Vector): { readonly image: Image; readonly datastore: Datastore };
  /** Takes an address for a NIC in the network that it names. */
  takeLease(nic: Vector): { readonly vnet: Vnet; readonly lease: NicLease };
  /** As SECURITY_GROUP_RULE of VMs; none when there is no such group. */
  rulesOfGroup(id: number): readonly Vector[];
  /** The group that a VMGROUP names. */
  findVmGroup(attribute: Vector): VmGroup | undefined;
  /** A MAC that no address range gives. */
  randomMac(): string;
  readonly diskRules: DiskRules;
  /** INHERIT_VNET_ATTR */
  readonly inheritVnet: readonly string[];
  readonly variables: Omit<VariableSources, 'vm' | 'documents'> & {
    readonly documents: Omit<VariableSources['documents'], 'vm'> & { vm(vm: Vm): string };
  };
}

export type NewVm = Omit<OwnedRecord, 'name'> & OwnAttributeSources & { readonly createdAt: number };

/** @throws InvalidTemplate */
export function createVm(head: NewVm, given: Template, surroundings: Surroundings): Vm {
  const own = withOsFilesOf(sortAttributes(given, { ...head, vmId: head.id }), surroundings);
  const devices = takeDevices(head.id, own, surroundings);
  const draft = draftOf(head, own, devices);
  const variables = variablesFor(draft, surroundings);
  const template = edited(draft.template, (copy) => {
    if (draft.deployId !== '') copy.add('IMPORTED', 'YES');
    // NICs whose network is yet to be chosen are told of when it is.
    const settled = devices.nics.filter((nic) => networkMode(nic) !== 'auto');
    if (devices.context)
      copy.set('CONTEXT', contextOf(devices.context, [...settled, ...devices.aliases], variables, surroundings));
    if (own.vmGroup) copy.add('VMGROUP', inVmGroup(own.vmGroup, surroundings.findVmGroup));
  });
  const withRequirements = withAutomaticRequirements(withBootOrder(template), surroundings.findDatastore);
  return { ...draft, template: withRequirements, userTemplate: withParsedRequirements(draft.userTemplate, variables) };
}

/** Files are looked for before anything is taken: what is refused here takes no address. */
function withOsFilesOf(own: OwnAttributes, surroundings: Surroundings): OwnAttributes {
  const os = own.template.vector('OS');
  if (!os) return own;
  return { ...own, template: edited(own.template, (copy) => copy.set('OS', withOsFiles(os, surroundings))) };
}

interface Devices {
  readonly nics: readonly Vector[];
  readonly aliases: readonly Vector[];
  readonly rules: readonly Vector[];
  readonly disks: readonly Vector[];
  readonly snapshots: readonly DiskSnapshots[];
  readonly context?: Vector;
}

function takeDevices(vmId: number, own: OwnAttributes, surroundings: Surroundings): Devices {
  const defaults = own.template.vector('NIC_DEFAULT');
  const nics = own.nics.map((nic, id) => takeNic({ ...nic, NIC_ID: String(id) }, vmId, defaults, surroundings));
  const aliases = takeAliases(own.aliases, nics, vmId, surroundings);
  const rules = rulesOf(nics, surroundings);
  const taken = own.disks.map((disk, id) => takeDisk(disk, id, own.template, surroundings));
  const targets = assignTargets(
    taken.map(({ prepared }) => prepared),
    own.context,
    own.template.vector('OS')?.MACHINE ?? '',
    vmId,
  );
  const snapshots = taken.flatMap(({ image }, id) => (image ? snapshotsOfImage(image, id) : []));
  const disks = targets.disks.map((disk, id) => withSerial(disk, vmId, id));
  return { nics, aliases, rules, disks, snapshots, ...(targets.context ? { context: targets.context } : {}) };
}

/** A NIC that the scheduler is to connect as it was given, or connected. @param nic has its NIC_ID */
function takeNic(nic: Vector, vmId: number, defaults: Vector | undefined, surroundings: Surroundings): Vector {
  return networkMode(nic) === 'auto' ? withNicName(nic) : connectNic(nic, vmId, defaults, surroundings);
}

/** A NIC with its address, or without when it asks for no network. @param nic has its NIC_ID */
export function connectNic(
  nic: Vector,
  vmId: number,
  defaults: Vector | undefined,
  surroundings: Surroundings,
): Vector {
  const whole = withDefaults(nic, defaults);
  if (networkMode(nic) === 'dummy') return withNicName({ ...whole, MAC: whole.MAC || surroundings.randomMac() });
  if (!asksForNetwork(whole)) return withNicName(whole);
  return withNicName(inNetwork(whole, vmId, surroundings));
}

/** Each holder of a shared address has it by a MAC of its own. */
function inNetwork(nic: Vector, vmId: number, { takeLease, randomMac, inheritVnet }: Surroundings): Vector {
  const { vnet, lease } = takeLease(nic);
  const addresses = lease.addresses.MAC ? lease.addresses : { ...lease.addresses, MAC: randomMac() };
  return nicInNetwork(nic, vmId, vnet, { ...lease, addresses }, inheritVnet);
}

function takeAliases(given: readonly Vector[], nics: Vector[], vmId: number, surroundings: Surroundings): Vector[] {
  return given.map((alias, i) => {
    if (networkMode(alias) !== 'given') {
      throw new InvalidTemplate(`Alias is incompatible with mode ${alias.NETWORK_MODE?.toUpperCase()}`);
    }
    const parent = nics.find((nic) => networkMode(nic) === 'given' && nic.NAME === alias.PARENT);
    if (!parent) throw new InvalidTemplate(`NIC named ${alias.PARENT ?? ''} not found for alias`);
    const ids = { NIC_ID: String(nics.length + i), ALIAS_ID: String(idsIn(parent.ALIAS_IDS).length) };
    return takeAlias({ ...alias, ...ids }, parent, vmId, surroundings);
  });
}

/**
 * An alias with its address, or as it was given when it asks for no network; the parent gets to know it.
 * @param alias has its NIC_ID and ALIAS_ID
 */
export function takeAlias(alias: Vector, parent: Vector, vmId: number, surroundings: Surroundings): Vector {
  const placed = { ...alias, PARENT_ID: parent.NIC_ID as string };
  parent.ALIAS_IDS = [...idsIn(parent.ALIAS_IDS), alias.NIC_ID].join(',');
  if (!asksForNetwork(placed)) return withAliasName(placed);
  return withAliasName(inNetwork(placed, vmId, surroundings));
}

/** Rules of all security groups that the NICs use, group by group. */
export function rulesOf(nics: readonly Vector[], { rulesOfGroup }: Surroundings): Vector[] {
  const ids = new Set(nics.flatMap((nic) => idsIn(nic.SECURITY_GROUPS)));
  return [...ids].sort((a, b) => a - b).flatMap(rulesOfGroup);
}

interface TakenDisk {
  readonly prepared: PreparedDisk;
  readonly image?: Image;
}

/** A disk of a new VM. @param diskId that errors name */
function takeDisk(given: Vector, diskId: number, template: Template, surroundings: Surroundings): TakenDisk {
  try {
    return takeOneDisk(given, template, surroundings);
  } catch (error) {
    if (!(error instanceof InvalidTemplate)) throw error;
    throw new InvalidTemplate(`DISK ${diskId}: ${error.message}`, { cause: error });
  }
}

/** A disk with all that its image says. @param template of the VM, whose TM_MAD_SYSTEM decides for its disks */
export function takeOneDisk(given: Vector, template: Template, surroundings: Surroundings): TakenDisk {
  const { diskRules } = surroundings;
  const { TM_MAD_SYSTEM: _, ...rest } = given;
  const system = template.get('TM_MAD_SYSTEM');
  const disk: Vector = system ? { ...rest, TM_MAD_SYSTEM: system } : rest;
  if (!hasImageId(disk) && !disk.IMAGE) return { prepared: volatileDisk(disk, diskRules) };
  const { image, datastore } = surroundings.takeImage(disk);
  return { prepared: diskFromImage(disk, image, datastore, diskRules), image };
}

/** `SERIAL=auto` makes one up. */
export function withSerial(disk: Vector, vmId: number, diskId: number): Vector {
  return disk.SERIAL === 'auto' ? { ...disk, SERIAL: `${vmId}-${diskId}` } : disk;
}

function draftOf(head: NewVm, own: OwnAttributes, devices: Devices): Vm {
  const { id, uid, gid, uname, gname, permissions, createdAt } = head;
  const phase: Phase = devices.disks.some((disk) => disk.CLONING === 'YES')
    ? 'CLONING'
    : own.template.get('SUBMIT_ON_HOLD') === 'YES'
      ? 'HOLD'
      : 'PENDING';
  const template = edited(own.template, (copy) => {
    for (const [name, vectors] of [
      ['NIC', devices.nics],
      ['NIC_ALIAS', devices.aliases],
      ['SECURITY_GROUP_RULE', devices.rules],
      ['DISK', devices.disks],
      ['CONTEXT', devices.context ? [devices.context] : []],
    ] as const) {
      for (const vector of vectors) copy.add(name, vector);
    }
  });
  return {
    id,
    uid,
    gid,
    uname,
    gname,
    permissions,
    createdAt,
    name: own.name,
    phase,
    resched: false,
    endedAt: 0,
    deployId: importedId(own.userTemplate),
    template,
    userTemplate: edited(own.userTemplate, (copy) => copy.delete('DEPLOY_ID')),
    history: [],
    diskSnapshots: devices.snapshots,
    schedActions: [],
    disksAt: 'host',
  };
}

/** The guest that is to be taken over as this VM; empty when the VM is to be made. */
function importedId(user: Template): string {
  const deployId = user.get('DEPLOY_ID') ?? '';
  if (/^one-\d+$/.test(deployId)) throw new InvalidTemplate("Trying to import an OpenNebula VM: 'one-*'.");
  return deployId;
}

/** What variables mean for a VM. */
export function variablesFor(vm: Vm, { variables }: Surroundings): VariableSources {
  return { ...variables, vm, documents: { ...variables.documents, vm: () => variables.documents.vm(vm) } };
}

function withParsedRequirements(user: Template, variables: VariableSources): Template {
  const given = user.attributes.filter(([name]) => name === 'SCHED_REQUIREMENTS');
  const old = user.attributes.filter(([name]) => name === 'REQUIREMENTS');
  const [requirements, more] = given.length > 0 ? given : old;
  if (!requirements) return user;
  const [, value] = requirements;
  if (more) throw new InvalidTemplate('Only one SCHED_REQUIREMENTS attribute can be defined.');
  if (typeof value !== 'string') throw new InvalidTemplate('Wrong format for SCHED_REQUIREMENTS attribute.');
  checkVariables(value);
  return edited(user, (copy) =>
    copy.delete('REQUIREMENTS').delete('SCHED_REQUIREMENTS').add('SCHED_REQUIREMENTS', substitute(value, variables)),
  );
}
