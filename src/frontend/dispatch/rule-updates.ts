/**
 * Brings the present rules of a security group to the VMs that follow it, one after the other: into their templates,
 * and by their network drivers to the hosts where they run (LifeCycleManager::trigger_updatesg, 7.4). What was under
 * way when the front-end stopped is done again.
 */
import type { Phase } from '../objects/phase.ts';
import type { Vm } from '../objects/vm.ts';
import type { Cloud } from '../store/cloud.ts';
import { edited } from '../vm/edit-template.ts';
import type { Dispatcher } from './dispatcher.ts';
import { followers, nextOutdated, outdate, setReach } from './followers.ts';
import { groupRules } from './group-rules.ts';

/** How rules get to a VM: its guest has them and changes them, has none, or is getting them just then. */
export type RuleReach = 'host' | 'template' | 'busy';

const AT_HOST: ReadonlySet<Phase> = new Set<Phase>([
  'RUNNING',
  'HOTPLUG',
  'HOTPLUG_SNAPSHOT',
  'HOTPLUG_SAVEAS',
  'HOTPLUG_RESIZE',
  'DISK_SNAPSHOT',
  'DISK_SNAPSHOT_DELETE',
  'DISK_RESIZE',
]);
const BUSY = /^(BOOT.*|MIGRATE|HOTPLUG_NIC|HOTPLUG_NIC_POWEROFF|UNKNOWN)$/;

export function ruleReach({ phase }: Pick<Vm, 'phase'>): RuleReach {
  if (AT_HOST.has(phase)) return 'host';
  return BUSY.test(phase) ? 'busy' : 'template';
}

export class RuleUpdates {
  readonly #cloud: Cloud;
  readonly #dispatcher: Dispatcher;

  constructor(cloud: Cloud, dispatcher: Dispatcher) {
    this.#cloud = cloud;
    this.#dispatcher = dispatcher;
  }

  /** Goes on with what was under way when the front-end stopped. */
  resume(): void {
    for (const { id } of this.#cloud.pools.secgroup.all()) {
      const isUnderway = followers(this.#cloud, 'secgroup', id, 'updating').size > 0;
      if (isUnderway || nextOutdated(this.#cloud, 'secgroup', id) !== undefined) this.commit(id, 'unreached');
    }
  }

  /** Brings the rules to all VMs of a group, or to those that they have not reached. */
  commit(groupId: number, which: 'all' | 'unreached'): void {
    this.#cloud.transaction(() => {
      outdate(this.#cloud, 'secgroup', groupId, which);
      this.#cloud.afterCommit(() => this.#goOn(groupId));
    });
  }

  /** A NIC of the VM follows the group, or no longer: its host is told. Within the transaction that changes the VM. */
  tell(vm: Vm, groupId: number): void {
    if (followers(this.#cloud, 'secgroup', groupId, 'updated').has(vm.id)) {
      setReach(this.#cloud, 'secgroup', groupId, vm.id, 'updating');
    }
    this.#send(vm, groupId);
  }

  /** Up to the first VM whose host has to be told. */
  #goOn(groupId: number): void {
    const cloud = this.#cloud;
    cloud.transaction(() => {
      for (;;) {
        const vmId = nextOutdated(cloud, 'secgroup', groupId);
        const vm = vmId === undefined ? undefined : cloud.pools.vm.get(vmId);
        if (!vm) return;
        const reach = ruleReach(vm);
        const followed = { host: 'updating', template: 'updated', busy: 'error' } as const;
        setReach(cloud, 'secgroup', groupId, vm.id, followed[reach]);
        if (reach === 'busy') continue;
        const updated = this.#dispatcher.update(withGroupRules(cloud, vm, groupId));
        if (reach === 'host') return this.#send(updated, groupId);
      }
    });
  }

  #send(vm: Vm, groupId: number): void {
    this.#cloud.afterCommit(() => {
      this.#dispatcher.tell(vm.id, { family: 'vmm', request: 'UPDATESG' }, (hasWorked) => {
        if (followers(this.#cloud, 'secgroup', groupId, 'updating').has(vm.id)) {
          this.#cloud.transaction(() =>
            setReach(this.#cloud, 'secgroup', groupId, vm.id, hasWorked ? 'updated' : 'error'),
          );
        }
        this.#goOn(groupId);
      });
    });
  }
}

/** The VM with the present rules of a group behind those of its others. */
export function withGroupRules(cloud: Cloud, vm: Vm, groupId: number): Vm {
  const template = edited(vm.template, (copy) => {
    const others = copy.vectors(RULE).filter((rule) => Number(rule.SECURITY_GROUP_ID) !== groupId);
    copy.delete(RULE);
    for (const rule of [...others, ...groupRules(cloud, groupId)]) copy.add(RULE, rule);
  });
  return { ...vm, template };
}

const RULE = 'SECURITY_GROUP_RULE';
