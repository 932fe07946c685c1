/**
 * Changes of a VM's configuration after it was made: OS, FEATURES, INPUT, GRAPHICS, VIDEO, RAW, CPU_MODEL and CONTEXT
 * (src/vm/VirtualMachine.cc updateconf, 7.4).
 */
import type { Template, Vector } from '../../opennebula/template.ts';
import type { Vm } from '../objects/vm.ts';
import { backupConfig } from './backup-config.ts';
import { withBootOrder } from './boot-order.ts';
import { contextOf } from './context.ts';
import { type Surroundings, variablesFor } from './create-vm.ts';
import { edited } from './edit-template.ts';
import { featuresOf } from './features.ts';
import { graphicsOf, type Passwords, videoOf } from './graphics.ts';
import { InvalidTemplate } from './invalid-template.ts';
import { aliasesOf, nicsOf } from './nic.ts';

/** What of each section may change (VirtualMachineTemplate::UPDATECONF_ATTRS); what else it holds stays. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  OS: [
    'ARCH',
    'MACHINE',
    'KERNEL',
    'INITRD',
    'BOOTLOADER',
    'BOOT',
    'KERNEL_CMD',
    'ROOT',
    'SD_DISK_BUS',
    'UUID',
    'FIRMWARE',
    'FIRMWARE_FORMAT',
  ],
  FEATURES: [
    'PAE',
    'ACPI',
    'APIC',
    'LOCALTIME',
    'HYPERV',
    'GUEST_AGENT',
    'VIRTIO_SCSI_QUEUES',
    'VIRTIO_BLK_QUEUES',
    'IOTHREADS',
    'GIC',
    'RAS',
    'MIGRATE_AUTO_CONVERGE',
    'MIGRATE_COMPRESSED',
  ],
  INPUT: ['TYPE', 'BUS'],
  GRAPHICS: ['TYPE', 'LISTEN', 'PASSWD', 'KEYMAP', 'COMMAND'],
  VIDEO: ['IOMMU', 'ATS', 'TYPE', 'VRAM', 'RESOLUTION'],
  RAW: ['TYPE', 'DATA', 'VALIDATE', 'DATA_VMX'],
  CPU_MODEL: ['MODEL', 'FEATURES'],
};

export interface Configured {
  readonly vm: Vm;
  readonly contextChanged: boolean;
}

/**
 * Checks in the order of oned, so that of several errors the same one is told.
 * @param append sections and values that are not given stay; else they go. @throws InvalidTemplate
 */
export function withConfiguration(
  vm: Vm,
  given: Template,
  append: boolean,
  surroundings: Surroundings & Passwords,
): Configured {
  const configured = { ...vm, template: withSections(vm.template, given, append) };
  const { context, isChanged } = changedContext(configured, given.vector('CONTEXT'), append, surroundings);
  const checked = edited(configured.template, (copy) => {
    if (context) copy.set('CONTEXT', context);
    for (const name of ['GRAPHICS', 'VIDEO'] as const) {
      const section = copy.vector(name);
      if (section) copy.set(name, name === 'VIDEO' ? videoOf(section) : graphicsOf(section, surroundings));
    }
  });
  return { vm: { ...vm, template: withBackupConfig(checked, given, append) }, contextChanged: isChanged };
}

/** The template with what is given of its sections, FEATURES and the boot order checked. @throws InvalidTemplate */
function withSections(template: Template, given: Template, append: boolean): Template {
  const sectionOf = (name: string): Vector | undefined => {
    const allowed = SECTIONS[name] ?? [];
    const wanted = picked(given.vector(name), allowed);
    return newSection(
      template.vector(name),
      name === 'FEATURES' && wanted ? featuresOf(wanted) : wanted,
      allowed,
      append,
    );
  };
  const features = sectionOf('FEATURES');
  const changed = edited(template, (copy) => {
    for (const name of Object.keys(SECTIONS)) {
      const section = name === 'FEATURES' ? features : sectionOf(name);
      copy.delete(name);
      if (section) copy.set(name, section);
    }
  });
  return withBootOrder(changed);
}

/** @param given undefined when nothing of the context is to change. @throws InvalidTemplate */
function changedContext(
  vm: Vm,
  given: Vector | undefined,
  append: boolean,
  surroundings: Surroundings,
): { context?: Vector; isChanged: boolean } {
  if (!given) return { isChanged: false };
  const before = vm.template.vector('CONTEXT');
  if (!before) throw new InvalidTemplate('Virtual machine does not have context, cannot add a new one.');
  checkNetworkValues(given, before);
  const context = newContext(vm, given, before, append, surroundings);
  return { context, isChanged: !isSame(context, before) };
}

function withBackupConfig(template: Template, given: Template, append: boolean): Template {
  const wanted = given.vector('BACKUP_CONFIG');
  if (!wanted) return template;
  const config = backupConfig(wanted, append ? (template.vector('BACKUP_CONFIG') ?? {}) : undefined);
  return edited(template, (copy) => copy.set('BACKUP_CONFIG', config));
}

function picked(section: Vector | undefined, allowed: readonly string[]): Vector | undefined {
  const entries = Object.entries(section ?? {}).filter(([name, value]) => allowed.includes(name) && value !== '');
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function newSection(
  before: Vector | undefined,
  given: Vector | undefined,
  allowed: readonly string[],
  append: boolean,
): Vector | undefined {
  if (!given) return append ? before : undefined;
  if (!before) return given;
  if (append) return { ...before, ...given };
  const kept = Object.entries(before).filter(([name]) => !allowed.includes(name) || name in given);
  return { ...Object.fromEntries(kept), ...given };
}

const OF_NIC = /^ETH\d+_\w+$/;

/** What the context says of NICs comes from the NICs. */
function checkNetworkValues(given: Vector, before: Vector): void {
  const wrong = Object.keys(given).find((name) => OF_NIC.test(name) && given[name] !== before[name]);
  if (wrong === undefined) return;
  const what = wrong in before ? 'update' : 'add';
  throw new InvalidTemplate(`Unable to ${what} ${wrong}, update NIC to update network context`);
}

/** Variables are filled in only where a value is new: those that were there may have been variables once. */
function newContext(vm: Vm, given: Vector, before: Vector, append: boolean, surroundings: Surroundings): Vector {
  const fresh = Object.fromEntries(
    Object.entries(given).filter(([name, value]) => before[name] !== value || name === 'NETWORK'),
  );
  const filled = contextOf(fresh, [...nicsOf(vm), ...aliasesOf(vm)], variablesFor(vm, surroundings), surroundings);
  const own = Object.fromEntries(
    ['TARGET', 'DISK_ID'].flatMap((name) => (before[name] === undefined ? [] : [[name, before[name]]])),
  );
  return append ? { ...before, ...filled, ...own } : { ...given, ...filled, ...own };
}

function isSame(a: Vector, b: Vector): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}
