/**
 * Devices of a new VM that its host has to have: PCI devices, TPM, IOMMU and encrypted memory (VirtualMachineParser.cc,
 * 7.4). They are checked and written as oned writes them; whether a host can give them is for its driver to say.
 */
import { wordList } from '../../opennebula/lists.ts';
import { parseNumberRanges } from '../../opennebula/number-ranges.ts';
import type { Vector } from '../../opennebula/template.ts';
import { parseXml, XmlSyntaxError } from '../../opennebula/xml.ts';
import { without } from './edit-template.ts';
import { InvalidTemplate } from './invalid-template.ts';

/** Where a device is on its host: known only when the VM is there. */
const PLACE = ['DOMAIN', 'BUS', 'SLOT', 'FUNCTION', 'ADDRESS', 'PREV_ADDRESS', 'NUMA_NODE', 'UUID', 'MDEV_MODE'];
const HEXADECIMAL = /^(0x)?[\da-f]+$/i;

/** @param defaultBus of the guest (PCI_PASSTHROUGH_BUS). @throws InvalidTemplate */
export function pciDevice(given: Vector, pciId: number, defaultBus: string): Vector {
  const kinds = ['VENDOR', 'DEVICE', 'CLASS'].filter((name) => {
    const value = given[name] ?? '';
    if (value !== '' && !HEXADECIMAL.test(value)) refuse(`Wrong Hex value for PCI attribute ${name}`);
    return value !== '';
  });
  if (given.TYPE?.toUpperCase() === 'NIC') refuse('PCI devices of TYPE NIC are not supported.');
  const byAddress = (given.SHORT_ADDRESS ?? '') !== '';
  if (!byAddress && kinds.length === 0) refuse('SHORT_ADDRESS, DEVICE, VENDOR or CLASS must be defined for PCI.');
  if (byAddress && kinds.length > 0) refuse('SHORT_ADDRESS cannot be set with DEVICE, VENDOR or CLASS');
  const root = (given.ROOT ?? '').toLowerCase();
  if (!['', 'shared', 'dedicated'].includes(root)) refuse('Unknown PCI root mode, has to be SHARED or DEDICATED');
  if (given.ACPI_NODES && !parseNumberRanges(given.ACPI_NODES)) refuse('Invalid nodeset specification in ACPI_NODES');
  const bus = given.VM_BUS || defaultBus;
  if (given.VM_BUS && !HEXADECIMAL.test(given.VM_BUS)) refuse('Wrong VM_BUS in PCI attribute');
  return { ...without(given, ...PLACE), ...(root === '' ? {} : { ROOT: root }), VM_BUS: bus, PCI_ID: String(pciId) };
}

const IOMMU_MODELS = ['intel', 'virtio', 'smmuv3', 'amd'];
const IOMMU_MODES = ['single', 'device'];
const IOMMU_OPTIONS = new Set([
  'intremap',
  'caching_mode',
  'eim',
  'iotlb',
  'aw_bits',
  'dma_translation',
  'passthrough',
  'xtsup',
  'oas',
  'pasid',
  'ril',
  'ats',
  'accel',
  'cmdqv',
]);

/** @param os of the same VM. @throws InvalidTemplate */
export function iommuOf(given: Vector, os: Vector): Vector {
  const model = (given.MODEL ?? '').toLowerCase();
  const mode = (given.MODE ?? '').toLowerCase();
  if (!IOMMU_MODELS.includes(model)) refuse('Unknown IOMMU model; must be intel, virtio, smmuv3 or amd');
  if (model === 'smmuv3' && os.ARCH !== 'aarch64') refuse('IOMMU model smmuv3 requires ARM guests');
  if (!/q35|virt/.test(os.MACHINE ?? '')) refuse('IOMMU device requires a Q35/virt guest');
  if (!IOMMU_MODES.includes(mode)) refuse('Unknown IOMMU mode; must be single or device');
  const options = wordList(given.OPTIONS);
  const isKnown = (option: string) =>
    /^[^=]+=[^=<>&'"]+$/.test(option) && IOMMU_OPTIONS.has(option.split('=')[0] ?? '');
  if (!options.every(isKnown)) refuse('Parse error in IOMMU options');
  return { ...given, MODEL: model, MODE: mode };
}

/** Vectors that must have one attribute. */
const NEEDED = { TPM: 'MODEL', MEMORY_ENCRYPTION: 'TYPE' } as const;

/** The vectors. @throws InvalidTemplate */
export function withNeeded(name: keyof typeof NEEDED, vectors: readonly Vector[]): readonly Vector[] {
  const key = NEEDED[name];
  if (vectors.some((vector) => !vector[key])) refuse(`${name} attribute is missing required key: ${key}`);
  return vectors;
}

/**
 * RAW is for one hypervisor, which must be there, and for libvirt made of XML elements that a domain may have. oned holds
 * all of them against libvirt's schema; what is in them need here only be well-formed.
 * @throws InvalidTemplate
 */
export function checkRaw(raw: Vector | undefined, isHypervisor: (name: string) => boolean): void {
  if (!raw || /^(no|false|0)$/i.test(raw.VALIDATE ?? '')) return;
  const type = (raw.TYPE ?? '').toLowerCase();
  if (!isHypervisor(type)) refuse('Invalid RAW section: unsupported TYPE');
  if (LIBVIRT.has(type) && !isMadeOfElements(raw.DATA ?? '')) {
    refuse('Invalid RAW section: cannot validate DATA with domain.rng schema');
  }
}

const LIBVIRT: ReadonlySet<string> = new Set(['kvm', 'qemu']);

/** What may stand in a domain (share/schemas/libvirt/domaincommon.rng, 7.4), but for its name, which oned gives it. */
const DOMAIN_ELEMENTS: ReadonlySet<string> = new Set(
  `
  blkiotune bootloader bootloader_args clock cpu cputune currentMemory description devices features genid idmap iothreadids
  iothreads keywrap launchSecurity maxMemory memory memoryBacking memtune metadata numatune on_crash on_lockfailure on_poweroff
  on_reboot os perf pm resource seclabel sysinfo title uuid vcpu vcpus
`
    .trim()
    .split(/\s+/),
);

function isMadeOfElements(source: string): boolean {
  try {
    const { text, children } = parseXml(`<domain>${source}</domain>`);
    return text.trim() === '' && children.every(({ name }) => DOMAIN_ELEMENTS.has(name) || name.startsWith('qemu:'));
  } catch (error) {
    if (error instanceof XmlSyntaxError) return false;
    throw error;
  }
}

function refuse(reason: string): never {
  throw new InvalidTemplate(reason);
}
