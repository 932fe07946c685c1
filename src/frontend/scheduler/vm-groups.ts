/**
 * What VM groups ask of hosts, beyond what their VMs ask for themselves (src/schedm_mad/remotes/rank/src/pool/VMGroupXML.cc,
 * 7.4). Of VMs that are to be together and are nowhere yet, the oldest leads: it takes the room that all need on a host
 * that all accept, and the others follow it there.
 */
import type { Vm } from '../objects/vm.ts';
import { hostsOf, membershipOf, policyOf, type Role, type VmGroup } from '../objects/vm-group.ts';
import type { Members } from '../objects/vm-group-affinity.ts';
import { joined, rulesOf } from '../objects/vm-group-rules.ts';
import { hostRequirement, needsOf } from './needs.ts';
import type { Needs } from './rooms.ts';

export interface GroupView extends Members {
  readonly group: VmGroup;
}

/** What is asked of hosts for a VM. */
export interface Ask {
  readonly requirement: string;
  readonly needs: Needs;
  /** It goes where another one of this run goes, which therefore has to be placed before. */
  readonly follows: boolean;
}

/** By VM id. */
export type Asks = ReadonlyMap<number, Ask>;

const NO_NEEDS: Needs = { cpu: 0, memoryKb: 0, diskMb: 0 };

/** @param vms that are to be placed */
export function asksOf(vms: readonly Vm[], findGroup: (id: number) => GroupView | undefined): Asks {
  const asks = new Map<number, Ask>();
  for (const vm of vms) asks.set(vm.id, { requirement: hostRequirement(vm), needs: needsOf(vm), follows: false });
  const groupIds = new Set(vms.flatMap((vm) => membershipOf(vm)?.groupId ?? []));
  for (const id of groupIds) {
    const view = findGroup(id);
    if (!view) continue;
    // What keeps VMs off a host comes first, so that a leader takes on what its followers may not do.
    for (const role of view.group.roles) namedHosts(asks, view, role);
    apart(asks, view);
    for (const set of setsTogether(view)) together(asks, view, set);
  }
  return asks;
}

function namedHosts(asks: Map<number, Ask>, view: GroupView, role: Role): void {
  const [wanted, shunned] = [hostsOf(role, 'HOST_AFFINED'), hostsOf(role, 'HOST_ANTI_AFFINED')];
  for (const id of view.vmIds(role)) {
    require(asks, id, onOneOf(wanted));
    require(asks, id, allOf(shunned.map((host) => `ID != ${host}`)));
  }
}

function apart(asks: Map<number, Ask>, { group, vmIds }: GroupView): void {
  const without = (ids: readonly number[]) => allOf(ids.map((id) => `CURRENT_VMS != ${id}`));
  for (const role of group.roles.filter((one) => policyOf(one) === 'ANTI_AFFINED')) {
    const ids = vmIds(role);
    for (const id of ids) require(asks, id, without(ids.filter((other) => other !== id)));
  }
  for (const rule of rulesOf(group, 'ANTI_AFFINED')) {
    for (const role of rule) {
      const others = rule.filter((other) => other !== role).flatMap(vmIds);
      for (const id of vmIds(role)) require(asks, id, without(others));
    }
  }
}

/** VMs that are to be on one host, set by set, ascending. */
function setsTogether({ group, vmIds }: GroupView): number[][] {
  const ofRoles = group.roles.filter((role) => policyOf(role) === 'AFFINED').map((role) => [...vmIds(role)]);
  const ofRules = joined(rulesOf(group, 'AFFINED')).map((rule) => rule.flatMap(vmIds).sort((a, b) => a - b));
  return [...ofRoles, ...ofRules].filter((ids) => ids.length > 1);
}

function together(asks: Map<number, Ask>, { hostOf }: GroupView, ids: readonly number[]): void {
  const hosts = [...new Set(ids.flatMap((id) => hostOf(id) ?? []))].sort((a, b) => a - b);
  if (hosts.length > 0) {
    for (const id of ids) require(asks, id, onOneOf(hosts));
    return;
  }
  const [leader, ...followers] = ids.filter((id) => asks.has(id));
  if (leader === undefined) return;
  for (const id of followers) {
    const { requirement, needs } = asks.get(id) as Ask;
    require(asks, leader, requirement);
    const ask = asks.get(leader) as Ask;
    asks.set(leader, { ...ask, needs: sum(ask.needs, needs) });
    asks.set(id, { requirement, needs: NO_NEEDS, follows: true });
    require(asks, id, `CURRENT_VMS = ${leader}`);
  }
}

/** VMs that are not to be placed now are left as they are. */
function require(asks: Map<number, Ask>, id: number, requirement: string): void {
  const ask = asks.get(id);
  if (!ask || requirement === '') return;
  const { requirement: before } = ask;
  asks.set(id, { ...ask, requirement: before === '' ? requirement : `${before} & (${requirement})` });
}

const onOneOf = (hosts: readonly number[]) => hosts.map((id) => `(ID = ${id})`).join(' | ');
const allOf = (parts: readonly string[]) => parts.map((part) => `(${part})`).join(' & ');

function sum(a: Needs, b: Needs): Needs {
  return { cpu: a.cpu + b.cpu, memoryKb: a.memoryKb + b.memoryKb, diskMb: a.diskMb + b.diskMb };
}
