/** Why a VM could be placed on none of the hosts that met its requirements (rank/src/sched/SchedulerFailure.cc, 7.4). */
import { keysOf } from '../../opennebula/tables.ts';

const TEXTS = {
  cpu: '[HOST] Not enough CPU on hosts: ',
  memory: '[HOST] Not enough MEMORY on hosts: ',
  requirements: '[HOST] Requirements not met on hosts: ',
  datastoreCluster: '[DS] Unavailable datastores: ',
  datastoreCapacity: '[DS] Not enough capacity on datastores: ',
  datastoreUnmonitored: '[DS] Unmonitored datastores: ',
  noDatastore: '[DS] No datastores matched the VM requirements',
  networkCluster: '[VNET] Unavailable vnets: ',
  networkLeases: '[VNET] Unavailable leases on vnets: ',
} as const;

export type FailureKind = keyof typeof TEXTS;

export class Failures {
  readonly #ids = new Map<FailureKind, Set<number>>();

  add(kind: FailureKind, id: number): void {
    const ids = this.#ids.get(kind);
    if (ids) ids.add(id);
    else this.#ids.set(kind, new Set([id]));
  }

  /** All of them in one line, as oned writes them. */
  toString(): string {
    return keysOf(TEXTS)
      .filter((kind) => this.#ids.has(kind))
      .map((kind) => TEXTS[kind] + (kind === 'noDatastore' ? '' : this.#list(kind)))
      .join('');
  }

  #list(kind: FailureKind): string {
    return [...(this.#ids.get(kind) ?? [])].sort((a, b) => a - b).join(',');
  }
}
