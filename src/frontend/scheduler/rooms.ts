/** What is left of hosts, datastores and networks while VMs are being placed: each placement takes from it at once. */

import type { Template } from '../../opennebula/template.ts';
import { type Datastore, isShared } from '../objects/datastore.ts';
import type { Host } from '../objects/host.ts';
import type { Vnet } from '../objects/vnet.ts';

/** A host as the scheduler sees it. */
export interface HostView {
  readonly host: Host;
  readonly vmIds: ReadonlySet<number>;
  /** Figures of the last monitoring: FREE_CPU, USED_MEMORY, NETRX… */
  readonly sample: Readonly<Record<string, string>>;
  readonly clusterTemplate: Template;
}

/** What a VM needs of a host and its system datastore. */
export interface Needs {
  /** Hundredths of a processor. */
  readonly cpu: number;
  readonly memoryKb: number;
  readonly diskMb: number;
}

export class HostRoom {
  readonly view: HostView;
  /** VMs that were placed here in this run. */
  readonly placed: number[] = [];
  cpuUsed: number;
  memoryUsedKb: number;
  /** Of datastores from which VMs of this run have taken. */
  readonly #freeMb = new Map<number, number>();
  #freeDiskMb: number;

  constructor(view: HostView) {
    const { share } = view.host;
    this.view = view;
    this.cpuUsed = share.cpuUsage;
    this.memoryUsedKb = share.memUsage;
    this.#freeDiskMb = share.freeDisk;
  }

  get id(): number {
    return this.view.host.id;
  }

  get clusterId(): number {
    return this.view.host.clusterId;
  }

  get runningVms(): number {
    return this.view.vmIds.size + this.placed.length;
  }

  /** What is missing for a VM; undefined when it fits. */
  shortage({ cpu, memoryKb }: Needs): 'cpu' | 'memory' | undefined {
    const { share } = this.view.host;
    if (cpu > share.maxCpu - this.cpuUsed) return 'cpu';
    return memoryKb > share.maxMem - this.memoryUsedKb ? 'memory' : undefined;
  }

  /** Whether a datastore that lies on the host itself has room. */
  hasDisk(datastoreId: number, diskMb: number): boolean {
    return diskMb === 0 || diskMb < this.#free(datastoreId);
  }

  take(vmId: number, { cpu, memoryKb }: Needs): void {
    this.placed.push(vmId);
    this.cpuUsed += cpu;
    this.memoryUsedKb += memoryKb;
  }

  takeDisk(datastoreId: number, diskMb: number): void {
    const free = this.#ownFree(datastoreId);
    if (free === undefined) this.#freeDiskMb -= diskMb;
    else this.#freeMb.set(datastoreId, free - diskMb);
  }

  /** A datastore that no probe has reported yet shares the host's disk. */
  #free(datastoreId: number): number {
    return this.#ownFree(datastoreId) ?? this.#freeDiskMb;
  }

  #ownFree(datastoreId: number): number | undefined {
    return (
      this.#freeMb.get(datastoreId) ?? this.view.host.share.datastores.find(({ id }) => id === datastoreId)?.freeMb
    );
  }
}

export class DatastoreRoom {
  readonly datastore: Datastore;
  readonly isShared: boolean;
  #freeMb: number;

  constructor(datastore: Datastore) {
    this.datastore = datastore;
    this.isShared = isShared(datastore);
    this.#freeMb = freeMbOf(datastore);
  }

  /** A shared datastore that was never monitored has no known room. */
  get isMonitored(): boolean {
    return this.datastore.totalMb > 0;
  }

  hasDisk(diskMb: number): boolean {
    return diskMb === 0 || diskMb < this.#freeMb;
  }

  takeDisk(diskMb: number): void {
    this.#freeMb -= diskMb;
  }
}

function freeMbOf({ template, freeMb, usedMb }: Datastore): number {
  const limit = Number(template.get('LIMIT_MB') ?? 0);
  return limit > 0 ? Math.min(freeMb, limit - usedMb) : freeMb;
}

export class NetworkRoom {
  readonly vnet: Vnet;
  readonly size: number;
  usedLeases: number;

  constructor(vnet: Vnet, usedLeases: number, size: number) {
    this.vnet = vnet;
    this.usedLeases = usedLeases;
    this.size = size;
  }

  get hasLease(): boolean {
    return this.usedLeases < this.size;
  }
}
