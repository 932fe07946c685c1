/**
 * What a host's agent reports, taken over into the host: capacity, disks, PCI devices, NUMA nodes, unknown machines; and
 * the samples of its use (src/host/Host.cc update_info, HostShare*.cc, HostMonitoringTemplate.cc, 7.4).
 */
import { commaList } from '../../opennebula/lists.ts';
import { Template, templateXml, type Vector, vectorXml } from '../../opennebula/template.ts';
import { cdata, group, text } from '../../opennebula/xml.ts';
import type { Cluster } from './cluster.ts';
import type { Host, HostDatastore, HostShare } from './host.ts';
import { withThreadRules } from './host-threads.ts';
import { sharedCopy, sharedText, withSharedAttributes } from './shared-copies.ts';

/** The host after a SYSTEM_HOST report. An error of before is over. */
export function withSystemReport(host: Host, report: Template, cluster: Cluster | undefined): Host {
  const template = host.template.clone().delete('ERROR').delete('VM').merge(report);
  const wild = takeWildMachines(template);
  const share: HostShare = {
    ...host.share,
    ...takeDisks(template),
    pciDevices: takePciDevices(host.share.pciDevices, template, pciChoice(template, cluster)),
    numaNodesXml: sharedText(takeNumaNodes(template) ?? host.share.numaNodesXml),
    totalCpu: readNumber(template.get('TOTALCPU')),
    totalMem: readNumber(template.get('TOTALMEMORY')),
  };
  for (const [name, value] of wild) template.add(name, value);
  const state = host.state === 'DISABLED' ? host.state : 'MONITORED';
  return withReservedCapacity({ ...host, template: withSharedAttributes(template), state, share }, cluster);
}

/** The host with what VMs may be promised: the total less what it, or else its cluster, reserves, and which threads. */
export function withReservedCapacity(host: Host, cluster: Cluster | undefined): Host {
  const reserved = (name: string) => host.template.get(name) || cluster?.template.get(name) || '';
  const { totalCpu, totalMem } = host.share;
  const maxCpu = lessReserved(totalCpu, reserved('RESERVED_CPU'));
  const maxMem = lessReserved(totalMem, reserved('RESERVED_MEM'));
  const numaNodesXml = withThreadRules(host.share.numaNodesXml, host.template);
  return { ...host, share: { ...host.share, maxCpu, maxMem, numaNodesXml } };
}

/** @param reserved a number, negative to promise more than there is, or a percentage */
function lessReserved(total: number, reserved: string): number {
  const value = reserved.trim();
  if (/^-?\d+$/.test(value)) return total - Number(value);
  if (/^-?\d+%$/.test(value)) return Math.trunc(total * (1 - Number(value.slice(0, -1)) / 100));
  return total;
}

/** Machines that are not OpenNebula's: kept in the template with a summary. */
function takeWildMachines(template: Template): [name: string, value: string | Vector][] {
  template.delete('WILDS').delete('TOTAL_WILDS');
  const wild = template.vectors('VM').filter((machine) => machine.ID === '-1');
  template.delete('VM');
  if (wild.length === 0) return [];
  return [
    ...wild.map((machine): [string, Vector] => ['VM', machine]),
    ['TOTAL_WILDS', String(wild.length)],
    ['WILDS', wild.map((machine) => machine.VM_NAME || (machine.DEPLOY_ID ?? '')).join(', ')],
  ];
}

/**
 * The host with the VMs of OpenNebula that it runs and should not (Host::update_zombies).
 * @returns the same when nothing has changed
 */
export function withZombies(host: Host, vmIds: readonly number[]): Host {
  const zombies = vmIds.toSorted((a, b) => a - b).join(', ');
  if (zombies === (host.template.get('ZOMBIES') ?? '')) return host;
  const template = host.template.clone().delete('ZOMBIES').delete('TOTAL_ZOMBIES');
  if (vmIds.length > 0) template.add('TOTAL_ZOMBIES', String(vmIds.length)).add('ZOMBIES', zombies);
  return { ...host, template };
}

function takeDisks(template: Template): Pick<HostShare, 'maxDisk' | 'freeDisk' | 'usedDisk' | 'datastores'> {
  const take = (name: string) => readNumber(takeSingle(template, name));
  const datastores = template.vectors('DS').map(
    (ds): HostDatastore => ({
      id: readNumber(ds.ID),
      totalMb: readNumber(ds.TOTAL_MB),
      freeMb: readNumber(ds.FREE_MB),
      usedMb: readNumber(ds.USED_MB),
    }),
  );
  template.delete('DS');
  return {
    maxDisk: take('DS_LOCATION_TOTAL_MB'),
    freeDisk: take('DS_LOCATION_FREE_MB'),
    usedDisk: take('DS_LOCATION_USED_MB'),
    datastores,
  };
}

/** Devices keep the VM that uses them; those in use stay even when they are no longer reported. */
function takePciDevices(
  known: readonly Vector[],
  template: Template,
  isChosen: (device: Vector) => boolean,
): readonly Vector[] {
  const reported = template.vectors('PCI').filter((device) => device.ADDRESS && isChosen(device));
  template.delete('PCI');
  const byAddress = new Map(known.map((device) => [device.ADDRESS, device]));
  const inUse = known.filter((device) => device.VMID !== '-1' && !reported.some((r) => r.ADDRESS === device.ADDRESS));
  const next = [
    ...inUse,
    ...reported.map((device) => ({ VMID: '-1', ...device, ...vmOf(byAddress.get(device.ADDRESS)) })),
  ];
  return sharedCopy(next);
}

/**
 * The devices that a host, or else its cluster, names: PCI_FILTER by vendor, device and class (`*` or nothing: any),
 * PCI_SHORT_ADDRESS by address. All devices when it names none.
 */
function pciChoice(template: Template, cluster: Cluster | undefined): (device: Vector) => boolean {
  const list = (name: string) => commaList(template.get(name) || cluster?.template.get(name));
  const filters = list('PCI_FILTER').map((filter) => filter.split(':').map((part) => part.trim().toLowerCase()));
  const addresses = list('PCI_SHORT_ADDRESS');
  const fits = ({ VENDOR = '', DEVICE = '', CLASS = '' }: Vector) =>
    filters.some((filter) =>
      [VENDOR, DEVICE, CLASS].every((value, i) => !filter[i] || filter[i] === '*' || filter[i] === value.toLowerCase()),
    );
  return (device) =>
    (filters.length === 0 || fits(device)) &&
    (addresses.length === 0 || addresses.includes(device.SHORT_ADDRESS ?? ''));
}

function vmOf(device: Vector | undefined): Vector {
  return device?.VMID === undefined ? {} : { VMID: device.VMID };
}

/** Printed form of the nodes; undefined when none were reported. */
function takeNumaNodes(template: Template): string | undefined {
  const take = (name: string) => {
    const vectors = template.vectors(name);
    template.delete(name);
    return vectors;
  };
  const [cores, pages, memory] = [take('CORE'), take('HUGEPAGE'), take('MEMORY_NODE')];
  const ids = nodeIds([...cores, ...pages, ...memory]);
  if (ids.length === 0) return undefined;
  const ofNode = (vectors: readonly Vector[], id: string) => vectors.filter((vector) => vector.NODE_ID === id);
  return ids
    .map((id) =>
      group(
        'NODE',
        templateXml(
          new Template([
            ...ofNode(cores, id).map((core) => ['CORE', coreVector(core)] as const),
            ...ofNode(pages, id).map(
              ({ SIZE = '', PAGES = '0' }) => ['HUGEPAGE', { SIZE, PAGES, USAGE: '0' }] as const,
            ),
            ...ofNode(memory, id).map(
              ({ TOTAL = '0', DISTANCE = '' }) => ['MEMORY', { TOTAL, DISTANCE, USAGE: '0' }] as const,
            ),
            ['NODE_ID', id],
          ]),
        ),
      ),
    )
    .join('');
}

/** A core with the VM pinned to each of its threads; -1: none. */
function coreVector({ ID = '', CPUS = '' }: Vector): Vector {
  const threads = CPUS.split(',').filter((cpu) => cpu !== '');
  return { ID, CPUS: threads.map((cpu) => `${cpu}:-1`).join(','), DEDICATED: 'NO', FREE: String(threads.length) };
}

function nodeIds(vectors: readonly Vector[]): string[] {
  const ids = new Set(vectors.flatMap(({ NODE_ID }) => (NODE_ID === undefined ? [] : [NODE_ID])));
  return [...ids].sort((a, b) => Number(a) - Number(b));
}

const CAPACITY = [
  ['FREECPU', 'FREE_CPU'],
  ['FREEMEMORY', 'FREE_MEMORY'],
  ['USEDCPU', 'USED_CPU'],
  ['USEDMEMORY', 'USED_MEMORY'],
] as const;
const SYSTEM = [
  ['CPUSPEED', 'CPU_SPEED'],
  ['NETRX', 'NETRX'],
  ['NETTX', 'NETTX'],
] as const;

/** What expressions call the figures of a MONITOR_HOST report. */
export const MEASURED: readonly string[] = [...CAPACITY, ...SYSTEM].map(([, element]) => element);

/** A MONITOR_HOST report as a MONITORING element. @param time epoch seconds */
export function hostMonitoringXml(hostId: number, time: number, report: Template): string {
  const figures = (name: string, keys: readonly (readonly [string, string])[]) =>
    group(
      name,
      ...keys.flatMap(([probe, element]) => {
        const value = report.get(probe);
        return value === undefined ? [] : [cdata(element, Math.trunc(Number(value) || 0))];
      }),
    );
  return group(
    'MONITORING',
    text('TIMESTAMP', time),
    text('ID', hostId),
    figures('CAPACITY', CAPACITY),
    figures('SYSTEM', SYSTEM),
    ...numaUseXml(report),
  );
}

function numaUseXml(report: Template): string[] {
  const pages = report.vectors('HUGEPAGE');
  const memory = report.vectors('MEMORY_NODE');
  return nodeIds([...pages, ...memory]).map((id) =>
    group(
      'NUMA_NODE',
      ...pages
        .filter(({ NODE_ID }) => NODE_ID === id)
        .map(({ FREE = '0', SIZE = '' }) => vectorXml('HUGEPAGE', { FREE, SIZE })),
      ...memory
        .filter(({ NODE_ID }) => NODE_ID === id)
        .map(({ FREE = '0', USED = '0' }) => vectorXml('MEMORY', { FREE, USED })),
      cdata('NODE_ID', id),
    ),
  );
}

function takeSingle(template: Template, name: string): string | undefined {
  const value = template.get(name);
  template.delete(name);
  return value;
}

function readNumber(value: string | undefined): number {
  return Math.trunc(Number(value ?? 0)) || 0;
}
