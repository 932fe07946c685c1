/**
 * Sorts what a user gave for a new VM: attributes that are the VM's own are checked and written as oned writes them,
 * all others are the user's (src/vm/VirtualMachine.cc insert, VirtualMachineParser.cc, 7.4). Disks, NICs and context
 * come later, because they need images and networks.
 */
import { isYes, Template, type Vector } from '../../opennebula/template.ts';
import { backupConfig } from './backup-config.ts';
import { printFloat } from './capacity.ts';
import { featuresOf } from './features.ts';
import { graphicsOf, type Passwords, videoOf } from './graphics.ts';
import { checkRaw, iommuOf, pciDevice, withNeeded } from './host-devices.ts';
import { InvalidTemplate } from './invalid-template.ts';

export interface OwnAttributes {
  readonly template: Template;
  readonly userTemplate: Template;
  /** As given; empty when oned is to make one up. */
  readonly name: string;
  readonly disks: readonly Vector[];
  readonly nics: readonly Vector[];
  readonly aliases: readonly Vector[];
  readonly context?: Vector;
  readonly vmGroup?: Vector;
}

export interface OwnAttributeSources extends Passwords {
  readonly vmId: number;
  readonly uuid: () => string;
  readonly onHold: boolean;
  /** Whether a hypervisor may be named by RAW. */
  readonly isHypervisor: (name: string) => boolean;
  /** On which PCI devices of the host are plugged into the guest (PCI_PASSTHROUGH_BUS); maybe empty. */
  readonly passthroughBus: string;
  /** OS/MACHINE where none is named; empty when there is none by default. */
  readonly defaultMachine: string;
}

/** Taken over as they are. */
const PLAIN = [
  'INPUT',
  'RAW',
  'CLONING_TEMPLATE_ID',
  'TOPOLOGY',
  'NUMA_NODE',
  'HYPERV_OPTIONS',
  'SPICE_OPTIONS',
  'EMULATOR',
  'VROUTER_ID',
  'VROUTER_KEEPALIVED_ID',
  'VROUTER_KEEPALIVED_PASSWORD',
] as const;

/** Whole numbers that count only when they are above zero. */
const OPTIONAL_SIZES = ['MEMORY_MAX', 'MEMORY_SLOTS', 'VCPU_MAX'] as const;
const COSTS = ['CPU_COST', 'MEMORY_COST', 'DISK_COST'] as const;

/** @throws InvalidTemplate */
export function sortAttributes(given: Template, sources: OwnAttributeSources): OwnAttributes {
  const user = given.clone();
  const own = new Template();
  own.add('VMID', String(sources.vmId));
  move(user, own, 'TEMPLATE_ID');
  const name = nameIn(user, sources.vmId);
  for (const plain of PLAIN) for (const [key, value] of user.take(plain)) own.add(key, value);
  own.add('MEMORY', positiveInteger(user, 'MEMORY'));
  moveMemoryMode(user, own);
  for (const size of OPTIONAL_SIZES) if (Number(user.get(size)) > 0) move(user, own, size);
  own.add('CPU', positiveFloat(user, 'CPU'));
  if (user.get('VCPU')) own.add('VCPU', positiveInteger(user, 'VCPU'));
  for (const cost of COSTS) moveCost(user, own, cost);
  for (const features of vectorsOf(user, 'FEATURES')) own.add('FEATURES', featuresOf(features));
  const os = osOf(user, sources);
  own.add('OS', os);
  moveDevices(user, own, os, sources);
  const [backup] = onlyOne(user, 'BACKUP_CONFIG');
  if (backup) own.add('BACKUP_CONFIG', backupConfig(backup));
  const nicDefault = nicDefaultOf(user);
  if (nicDefault) own.add('NIC_DEFAULT', nicDefault);
  const [graphics] = vectorsOf(user, 'GRAPHICS');
  if (graphics) own.add('GRAPHICS', graphicsOf(graphics, sources));
  const [video] = vectorsOf(user, 'VIDEO');
  if (video) own.add('VIDEO', videoOf(video));
  moveHold(user, own, sources.onHold);
  const [context] = onlyOne(user, 'CONTEXT');
  const nics = vectorsOf(user, 'NIC');
  const aliases = vectorsOf(user, 'NIC_ALIAS');
  const disks = vectorsOf(user, 'DISK');
  const [vmGroup] = vectorsOf(user, 'VMGROUP');
  user.delete('VMID');
  return {
    template: own,
    userTemplate: user,
    name,
    disks,
    nics,
    aliases,
    ...(context ? { context } : {}),
    ...(vmGroup ? { vmGroup } : {}),
  };
}

function move(from: Template, to: Template, name: string): void {
  const value = from.get(name);
  from.delete(name);
  if (value) to.add(name, value);
}

/** @returns all vectors of that name, taken out of the template */
function vectorsOf(template: Template, name: string): Vector[] {
  return template.take(name).flatMap(([, value]) => (typeof value === 'string' ? [] : [value]));
}

function onlyOne(template: Template, name: string): Vector[] {
  const vectors = vectorsOf(template, name);
  if (vectors.length > 1) throw new InvalidTemplate(`Only one ${name} attribute can be defined.`);
  return vectors;
}

function nameIn(user: Template, vmId: number): string {
  const name = user.get('NAME') || `${user.get('TEMPLATE_NAME') || 'one'}-${vmId}`;
  user.delete('NAME').delete('TEMPLATE_NAME');
  return name;
}

function positiveInteger(user: Template, name: string): string {
  const text = user.get(name)?.trim() ?? '';
  if (!/^[+]?\d+$/.test(text) || Number(text) <= 0) {
    throw new InvalidTemplate(`${name} attribute must be a positive integer value.`);
  }
  user.delete(name);
  return String(Number(text));
}

function positiveFloat(user: Template, name: string): string {
  const text = user.get(name)?.trim() ?? '';
  const value = isFloat(text) ? Number(text) : 0;
  if (!(value > 0)) throw new InvalidTemplate(`${name} attribute must be a positive float or integer value.`);
  user.delete(name);
  return printFloat(value);
}

function moveCost(user: Template, own: Template, name: string): void {
  const text = user.get(name)?.trim() ?? '';
  if (!isFloat(text)) return;
  if (Number(text) < 0) throw new InvalidTemplate(`${name} attribute must be a positive float or integer value.`);
  user.delete(name);
  own.add(name, printFloat(Number(text)));
}

function isFloat(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
}

function moveMemoryMode(user: Template, own: Template): void {
  const mode = user.get('MEMORY_RESIZE_MODE')?.toUpperCase();
  if (mode === undefined) return;
  if (mode !== 'HOTPLUG' && mode !== 'BALLOONING') throw new InvalidTemplate(`Wrong MEMORY_RESIZE_MODE ${mode}`);
  user.delete('MEMORY_RESIZE_MODE');
  own.add('MEMORY_RESIZE_MODE', mode);
}

function osOf(user: Template, { uuid, defaultMachine }: OwnAttributeSources): Vector {
  const [os = {}] = onlyOne(user, 'OS');
  return { ...os, UUID: os.UUID || uuid(), ...(os.MACHINE || !defaultMachine ? {} : { MACHINE: defaultMachine }) };
}

/** Networks cannot be had by default. */
const NOT_BY_DEFAULT = ['NETWORK_ID', 'NETWORK', 'NETWORK_UID', 'NETWORK_UNAME'];

function nicDefaultOf(user: Template): Vector | undefined {
  const [nicDefault] = onlyOne(user, 'NIC_DEFAULT');
  const forbidden = NOT_BY_DEFAULT.find((name) => nicDefault?.[name]);
  if (forbidden) throw new InvalidTemplate(`Attribute ${forbidden} is not allowed inside NIC_DEFAULT.`);
  return nicDefault;
}

function moveDevices(user: Template, own: Template, os: Vector, sources: OwnAttributeSources): void {
  const [iommu] = vectorsOf(user, 'IOMMU');
  if (iommu) own.add('IOMMU', iommuOf(iommu, os));
  for (const name of ['TPM', 'MEMORY_ENCRYPTION'] as const) {
    for (const vector of withNeeded(name, vectorsOf(user, name))) own.add(name, vector);
  }
  const [model] = vectorsOf(user, 'CPU_MODEL');
  if (model) own.add('CPU_MODEL', model);
  checkRaw(own.vector('RAW'), sources.isHypervisor);
  for (const [id, pci] of vectorsOf(user, 'PCI').entries()) own.add('PCI', pciDevice(pci, id, sources.passthroughBus));
}

function moveHold(user: Template, own: Template, onHold: boolean): void {
  const given = user.get('SUBMIT_ON_HOLD');
  user.delete('SUBMIT_ON_HOLD');
  if (onHold || given !== undefined) own.set('SUBMIT_ON_HOLD', onHold || isYes(given) ? 'YES' : 'NO');
}
