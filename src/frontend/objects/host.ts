/** Hosts: their state, what they have, and how much of it VMs were promised (src/host/Host.cc and HostShare.cc, 7.4). */
import { HOST_STATE, type HostState } from '../../opennebula/numbers.ts';
import { Template, templateXml, type Vector, vectorXml } from '../../opennebula/template.ts';
import { cdata, group, text } from '../../opennebula/xml.ts';
import { vmsThreadOf } from './host-threads.ts';
import { memoize } from './memoize.ts';
import type { TemplateRecord } from './record.ts';
import { idList } from './xml-parts.ts';

export interface Host extends TemplateRecord {
  readonly state: HostState;
  readonly imMad: string;
  readonly vmMad: string;
  readonly clusterId: number;
  readonly cluster: string;
  readonly share: HostShare;
}

/** CPU counts 100 for each core, memory in KB, disks in MB. */
export interface HostShare {
  readonly memUsage: number;
  readonly cpuUsage: number;
  readonly totalMem: number;
  readonly totalCpu: number;
  /** What VMs may be promised: the total less what is reserved. */
  readonly maxMem: number;
  readonly maxCpu: number;
  readonly diskUsage: number;
  readonly maxDisk: number;
  readonly freeDisk: number;
  readonly usedDisk: number;
  /** Space of system datastores that lie on the host itself. */
  readonly datastores: readonly HostDatastore[];
  readonly pciDevices: readonly Vector[];
  /** NUMA nodes, printed as the agent reported them. */
  readonly numaNodesXml: string;
}

export interface HostDatastore {
  readonly id: number;
  readonly totalMb: number;
  readonly freeMb: number;
  readonly usedMb: number;
}

/** What a VM takes of a host: CPU 100 per core, memory in KB, disk in MB. */
export interface Capacity {
  readonly cpu: number;
  readonly memoryKb: number;
  readonly diskMb: number;
}

const EMPTY_SHARE: HostShare = {
  memUsage: 0,
  cpuUsage: 0,
  totalMem: 0,
  totalCpu: 0,
  maxMem: 0,
  maxCpu: 0,
  diskUsage: 0,
  maxDisk: 0,
  freeDisk: 0,
  usedDisk: 0,
  datastores: [],
  pciDevices: [],
  numaNodesXml: '',
};

export interface NewHost {
  readonly name: string;
  readonly imMad: string;
  readonly vmMad: string;
  readonly clusterId: number;
  readonly cluster: string;
}

export function createHost(id: number, host: NewHost): Host {
  const template = new Template([
    ['IM_MAD', host.imMad],
    ['VM_MAD', host.vmMad],
    ['RESERVED_CPU', ''],
    ['RESERVED_MEM', ''],
  ]);
  return { id, ...host, state: 'INIT', share: EMPTY_SHARE, template };
}

/** Promises capacity to a VM. It is not asked whether it fits: see `capacityShortage`. */
export function bookCapacity(host: Host, capacity: Capacity): Host {
  return withUsage(host, capacity, 1);
}

/** Takes a promise back. */
export function releaseCapacity(host: Host, capacity: Capacity): Host {
  return withUsage(host, capacity, -1);
}

function withUsage(host: Host, { cpu, memoryKb, diskMb }: Capacity, sign: 1 | -1): Host {
  const { share } = host;
  return {
    ...host,
    share: {
      ...share,
      cpuUsage: share.cpuUsage + sign * cpu,
      memUsage: share.memUsage + sign * memoryKb,
      diskUsage: share.diskUsage + sign * diskMb,
    },
  };
}

/** Changes a promise, as a resize does. */
export function resizeCapacity(host: Host, from: Capacity, to: Capacity): Host {
  return bookCapacity(releaseCapacity(host, from), to);
}

/** Why a VM does not fit, in oned's words (HostShare::test); undefined when it does. */
export function capacityShortage({ share }: Host, { cpu, memoryKb }: Capacity): string | undefined {
  const freeCpu = share.maxCpu - share.cpuUsage;
  const freeMem = share.maxMem - share.memUsage;
  if (cpu > freeCpu) return `Not enough CPU: ${cpu}/${freeCpu}`;
  if (memoryKb > freeMem) return `Not enough memory: ${memoryKb}/${freeMem}`;
  return undefined;
}

/** In the list of hosts, one that nothing was told of yet has no space at all, not even none. */
export function hostPoolXml(host: Host, vmIds: ReadonlySet<number>): string {
  const isUnknown = host.state === 'INIT' && host.share.totalCpu === 0 && host.share.maxDisk === 0;
  return printed(host, vmIds, '<MONITORING/>', isUnknown ? group('DATASTORES') : datastoresXml(host.share));
}

/** @param monitoring the last sample, `MONITORING` element included */
export function hostXml(host: Host, vmIds: ReadonlySet<number>, monitoring = '<MONITORING/>'): string {
  return printed(host, vmIds, monitoring, datastoresXml(host.share));
}

function printed(host: Host, vmIds: ReadonlySet<number>, monitoring: string, datastores: string): string {
  const { share } = host;
  return group(
    'HOST',
    text('ID', host.id),
    text('NAME', host.name),
    text('STATE', HOST_STATE[host.state]),
    text('PREV_STATE', HOST_STATE[host.state]),
    cdata('IM_MAD', host.imMad),
    cdata('VM_MAD', host.vmMad),
    text('CLUSTER_ID', host.clusterId),
    text('CLUSTER', host.cluster),
    group(
      'HOST_SHARE',
      text('MEM_USAGE', share.memUsage),
      text('CPU_USAGE', share.cpuUsage),
      text('TOTAL_MEM', share.totalMem),
      text('TOTAL_CPU', share.totalCpu),
      text('MAX_MEM', share.maxMem),
      text('MAX_CPU', share.maxCpu),
      text('RUNNING_VMS', vmIds.size),
      text('VMS_THREAD', vmsThreadOf(host.template)),
      datastores,
      pciDevicesXml(share.pciDevices),
      group('NUMA_NODES', share.numaNodesXml),
    ),
    idList('VMS', vmIds),
    group('TEMPLATE', templateXml(host.template)),
    monitoring,
  );
}

function datastoresXml(share: HostShare): string {
  return group(
    'DATASTORES',
    cdata('DISK_USAGE', share.diskUsage),
    ...share.datastores.map(({ id, totalMb, freeMb, usedMb }) =>
      vectorXml('DS', { ID: `${id}`, TOTAL_MB: `${totalMb}`, FREE_MB: `${freeMb}`, USED_MB: `${usedMb}` }),
    ),
    cdata('FREE_DISK', share.freeDisk),
    cdata('MAX_DISK', share.maxDisk),
    cdata('USED_DISK', share.usedDisk),
  );
}

// Large on real hosts, and hosts of one model share them.
const pciDevicesXml = memoize((devices: readonly Vector[]) =>
  group('PCI_DEVICES', ...devices.map((device) => vectorXml('PCI', device))),
);
