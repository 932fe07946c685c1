/** A VM as its document tells it: what a container needs to know of it. Pure. */
import { posix } from 'node:path';
import { find, findAll, findText, leaves, type XmlElement } from '../../../opennebula/xml.ts';
import { fail } from '../errors.ts';
import { type Display, readDisplay } from './display.ts';
import type { DockerSection } from './docker-section.ts';
import { type Nic, readNics } from './nics.ts';

export interface Capacity {
  /** As in OpenNebula: a share of processors; and how many the guest may use at most. */
  readonly cpu: number;
  readonly vcpu: number | undefined;
  readonly memoryMb: number;
}

export interface Vm extends Capacity {
  readonly id: number;
  /** Of the VM in the system datastore of the host. */
  readonly directory: string;
  /** Number of the disk that is the container's root. */
  readonly rootDisk: number;
  readonly dataDisks: readonly DataDisk[];
  readonly nics: readonly Nic[];
  readonly docker: DockerSection;
  /** GRAPHICS */
  readonly display: Display | undefined;
  /** CONTEXT; empty when the VM has none. */
  readonly context: Readonly<Record<string, string>>;
}

export interface DataDisk {
  readonly id: number;
  readonly path: string;
  readonly readOnly: boolean;
}

/**
 * @param document  `<VM>`, or a document that holds one, as VMM_DRIVER_ACTION_DATA does
 * @param directory  of the VM on the host
 * @throws DOCUMENT_INCOMPLETE, ROOT_DISK_MISSING, SECOND_CONTAINER_IMAGE, DISK_FORMAT_UNSUPPORTED, NIC_*
 */
export function readVm(document: XmlElement, directory: string): Vm {
  const vm = vmElement(document);
  const template = find(vm, 'TEMPLATE');
  if (!template) throw fail('DOCUMENT_INCOMPLETE', { element: 'TEMPLATE' });
  const id = readVmId(document);
  const values = leaves(template);
  const context = contextOf(template);
  const disks = findAll(template, 'DISK').map(leaves);
  const rootDisk = findRootDisk(id, disks);
  return {
    id,
    ...capacityOf(values),
    directory,
    rootDisk,
    dataDisks: disks.flatMap((disk) => (Number(disk.DISK_ID) === rootDisk ? [] : dataDisk(id, disk, directory))),
    nics: readNics(id, template, context),
    docker: readDocker(
      vm,
      disks.find((disk) => Number(disk.DISK_ID) === rootDisk),
    ),
    display: readDisplay(template),
    context,
  };
}

/** @throws DOCUMENT_INCOMPLETE */
export function readCapacity(document: XmlElement): Capacity {
  const template = find(vmElement(document), 'TEMPLATE');
  if (!template) throw fail('DOCUMENT_INCOMPLETE', { element: 'TEMPLATE' });
  return capacityOf(leaves(template));
}

function capacityOf(values: Readonly<Record<string, string>>): Capacity {
  return {
    cpu: positive(values.CPU) ?? 1,
    vcpu: positive(values.VCPU),
    memoryMb: positive(values.MEMORY) ?? DEFAULT_MEMORY_MB,
  };
}

/** @throws DOCUMENT_INCOMPLETE */
export function readVmId(document: XmlElement): number {
  const id = findText(vmElement(document), 'ID') ?? '';
  if (!/^\d+$/.test(id)) throw fail('DOCUMENT_INCOMPLETE', { element: 'VM/ID' });
  return Number(id);
}

/** Text of an element of the VM, as `LCM_STATE`. */
export function findVmText(document: XmlElement, path: string): string | undefined {
  return findText(vmElement(document), path);
}

/**
 * The VM's directory on the host, for actions that are not told: below the system datastore of the request, or below
 * DATASTORE_LOCATION.
 */
export function vmDirectory(document: XmlElement, datastoreLocation: string): string {
  const vm = vmElement(document);
  const datastoreId = findText(vm, 'HISTORY_RECORDS/HISTORY/DS_ID') ?? '0';
  const base = findText(document, 'DATASTORE/BASE_PATH') || posix.join(datastoreLocation, datastoreId);
  return posix.join(base, findText(vm, 'ID') ?? '');
}

/** The number of `…/disk.<n>`. */
export function diskIdOfPath(path: string): number | undefined {
  const [, id] = /\/disk\.(\d+)$/.exec(path) ?? [];
  return id === undefined ? undefined : Number(id);
}

const DEFAULT_MEMORY_MB = 128;

/** `<VM>`, or that in a request. @throws DOCUMENT_INCOMPLETE */
export function vmElement(document: XmlElement): XmlElement {
  const vm = document.name === 'VM' ? document : find(document, 'VM');
  if (!vm) throw fail('DOCUMENT_INCOMPLETE', { element: 'VM' });
  return vm;
}

function contextOf(template: XmlElement): Readonly<Record<string, string>> {
  const context = find(template, 'CONTEXT');
  return context ? leaves(context) : {};
}

type Disk = Readonly<Record<string, string>>;

/** OpenNebula does not know DOCKER, and so has it among the attributes of the user. */
function readDocker(vm: XmlElement, rootDisk: Disk | undefined): DockerSection {
  const sections = [...findAll(vm, 'TEMPLATE/DOCKER'), ...findAll(vm, 'USER_TEMPLATE/DOCKER')];
  const attributes = sections.flatMap((section) => Object.entries(leaves(section)));
  const given = attributes
    .filter(([, value]) => value.trim() !== '')
    .map(([name, value]) => [name.toUpperCase(), value]);
  return { attributes: Object.fromEntries(given), dockerRun: rootDisk?.DOCKERRUN ?? '' };
}

function isContainerImage(disk: Disk): boolean {
  return disk.SOURCE?.startsWith('docker://') ?? false;
}

/** The first disk of the template. */
function findRootDisk(vmId: number, disks: readonly Disk[]): number {
  const [first] = disks.toSorted((a, b) => Number(a.DISK_ID) - Number(b.DISK_ID));
  if (!first || !isContainerImage(first)) throw fail('ROOT_DISK_MISSING', { vmId });
  return Number(first.DISK_ID);
}

/** Images that disk-saveas made keep `save_as` as their format (src/image/Image.cc, 7.4); ours are raw. */
const MOUNTABLE: ReadonlySet<string> = new Set(['', 'raw', 'save_as']);

/** Swap is the host's business: a container uses what the host has. */
function dataDisk(vmId: number, disk: Disk, directory: string): DataDisk[] {
  const diskId = Number(disk.DISK_ID);
  const { TYPE = '', FORMAT: format = 'raw', DRIVER: driver = format } = disk;
  if (isContainerImage(disk)) throw fail('SECOND_CONTAINER_IMAGE', { vmId, diskId });
  if (TYPE.toLowerCase() === 'swap' || format === 'swap') return [];
  for (const each of [format, driver])
    if (!MOUNTABLE.has(each)) throw fail('DISK_FORMAT_UNSUPPORTED', { vmId, diskId, format: each });
  const readOnly = TYPE.toUpperCase() === 'CDROM' || disk.READONLY?.toUpperCase() === 'YES';
  return [{ id: diskId, path: posix.join(directory, `disk.${diskId}`), readOnly }];
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
