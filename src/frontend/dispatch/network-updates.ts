/**
 * Brings changed attributes of a network to the VMs with NICs in it, one after the other: into their templates, and by
 * their network drivers to the hosts where they run (LifeCycleManager::trigger_updatevnet, 7.4). What changed stands in
 * VNET_UPDATE of the network until all have it, and of the VM until its host has it.
 */

import type { Vm } from '../objects/vm.ts';
import type { Vnet } from '../objects/vnet.ts';
import type { Cloud } from '../store/cloud.ts';
import type { Change } from '../store/transaction.ts';
import { edited } from '../vm/edit-template.ts';
import { isIntact, type NetworkReach, networkReach, withNetworkAttributes } from '../vm/network-change.ts';
import type { Dispatcher } from './dispatcher.ts';
import { followers, nextOutdated, outdate, type Reach, setReach } from './followers.ts';

const FOLLOWED: Readonly<Record<NetworkReach, Reach>> = { host: 'updating', template: 'updated', busy: 'error' };

export class NetworkUpdates implements Disposable {
  readonly #cloud: Cloud;
  readonly #dispatcher: Dispatcher;
  readonly #subscription: Disposable;

  constructor(cloud: Cloud, dispatcher: Dispatcher) {
    this.#cloud = cloud;
    this.#dispatcher = dispatcher;
    this.#subscription = cloud.subscribe((changes) => this.#notice(changes));
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }

  /** Goes on with what was under way when the front-end stopped. VMs whose hosts are being told tell how that ends. */
  resume(): void {
    for (const { id, template } of this.#cloud.pools.vnet.all()) {
      if (template.has('VNET_UPDATE') && followers(this.#cloud, 'vnet', id, 'updating').size === 0) this.#goOn(id);
    }
  }

  /** Brings what VNET_UPDATE of the network names to all its VMs, to those not reached, or to given ones. */
  commit(vnetId: number, which: 'all' | 'unreached' | Iterable<number>): void {
    const cloud = this.#cloud;
    cloud.transaction(() => {
      if (typeof which === 'string') outdate(cloud, 'vnet', vnetId, which);
      else for (const vmId of which) setReach(cloud, 'vnet', vnetId, vmId, 'outdated');
      const vnet = cloud.pools.vnet.get(vnetId);
      if (vnet?.state === 'UPDATE_FAILURE') cloud.pools.vnet.put({ ...vnet, state: 'READY' });
      cloud.afterCommit(() => this.#goOn(vnetId));
    });
  }

  /** A host was told of a network: the next VM follows. */
  #notice(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind !== 'vm') continue;
      const { before, after } = change;
      if (before?.operation?.kind !== 'nic-update' || after?.operation === before.operation) continue;
      this.#goOn(before.operation.networkId);
    }
  }

  /** Up to the first VM whose host has to be told. */
  #goOn(vnetId: number): void {
    const cloud = this.#cloud;
    cloud.transaction(() => {
      for (;;) {
        const vnet = cloud.pools.vnet.get(vnetId);
        if (!vnet) return;
        const vmId = nextOutdated(cloud, 'vnet', vnetId);
        const vm = vmId === undefined ? undefined : cloud.pools.vm.get(vmId);
        if (!vm) return this.#end(vnet);
        if (this.#reach(vm, vnet) === 'host') return;
      }
    });
  }

  #reach(vm: Vm, vnet: Vnet): NetworkReach {
    const changed = withNetworkAttributes(vm, vnet);
    const reach = networkReach(vm);
    const needed = reach === 'host' && isIntact(changed) ? 'template' : reach;
    setReach(this.#cloud, 'vnet', vnet.id, vm.id, FOLLOWED[needed]);
    if (needed === 'template') this.#dispatcher.update(changed);
    if (needed === 'host') {
      const operation = { kind: 'nic-update', nicId: -1, networkId: vnet.id } as const;
      const actor = { uid: vm.uid, gid: vm.gid, requestId: 0 };
      this.#dispatcher.apply(changed, { name: 'nic-update', operation, actor });
    }
    return needed;
  }

  #end(vnet: Vnet): void {
    if (!vnet.template.has('VNET_UPDATE')) return;
    const template = edited(vnet.template, (copy) => copy.delete('VNET_UPDATE'));
    this.#cloud.pools.vnet.put({ ...vnet, template });
  }
}
