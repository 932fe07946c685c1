/** NICs of a VM and their aliases: the NIC and NIC_ALIAS vectors of its template, found by NIC_ID. */
import { commaList } from '../../opennebula/lists.ts';
import type { Template, Vector } from '../../opennebula/template.ts';
import type { Vm } from '../objects/vm.ts';
import { edited, without } from './edit-template.ts';

export function nicsOf(vm: Vm): Vector[] {
  return vm.template.vectors('NIC');
}

export function aliasesOf(vm: Vm): Vector[] {
  return vm.template.vectors('NIC_ALIAS');
}

export function findNic(vm: Vm, nicId: number): Vector | undefined {
  return [...nicsOf(vm), ...aliasesOf(vm)].find((nic) => nicIdOf(nic) === nicId);
}

export function nicIdOf(nic: Vector): number {
  return Number(nic.NIC_ID);
}

export function isAlias(nic: Vector): boolean {
  return nic.PARENT_ID !== undefined;
}

/** Ids in a comma list, as SECURITY_GROUPS and ALIAS_IDS hold them. */
export function idsIn(list: string | undefined): number[] {
  return commaList(list).map(Number);
}

/** The VM without the NIC, its aliases, its variables in the context, and rules of groups that no other NIC uses. */
export function withoutNic(vm: Vm, nicId: number): Vm {
  const gone = findNic(vm, nicId);
  if (!gone) return vm;
  const goneIds = new Set([nicId, ...idsIn(gone.ALIAS_IDS)]);
  const template = edited(vm.template, (copy) => {
    for (const name of ['NIC', 'NIC_ALIAS']) keepVectors(copy, name, (nic) => !goneIds.has(nicIdOf(nic)));
    unlinkAlias(copy, gone);
    dropUnusedRules(copy);
    dropContextOf(copy, gone);
  });
  return { ...vm, template };
}

/** The VM as drivers are told of it while a NIC changes: that is marked, and one that goes is no alias of its NIC any more. */
export function withChangingNic(vm: Vm, nicId: number, change: 'comes' | 'goes'): Vm {
  const changing = findNic(vm, nicId);
  if (!changing) return vm;
  const template = edited(vm.template, (copy) => {
    for (const name of ['NIC', 'NIC_ALIAS'])
      for (const nic of copy.vectors(name)) if (nicIdOf(nic) === nicId) nic.ATTACH = 'YES';
    const parent = copy.vectors('NIC').find((nic) => nic.NIC_ID === changing.PARENT_ID);
    if (change === 'goes' && parent)
      parent.ALIAS_IDS = idsIn(parent.ALIAS_IDS)
        .filter((id) => id !== nicId)
        .join(',');
  });
  return { ...vm, template };
}

/** Names of context variables of a NIC begin with this. */
export function contextPrefix(nic: Vector): string {
  return isAlias(nic) ? `ETH${nic.PARENT_ID}_ALIAS${nic.ALIAS_ID}_` : `ETH${nic.NIC_ID}_`;
}

/** Leaves only rules of security groups that a NIC of the template uses. */
export function dropUnusedRules(template: Template): void {
  const used = new Set(
    ['NIC', 'NIC_ALIAS'].flatMap((name) => template.vectors(name).flatMap((nic) => idsIn(nic.SECURITY_GROUPS))),
  );
  keepVectors(template, 'SECURITY_GROUP_RULE', (rule) => used.has(Number(rule.SECURITY_GROUP_ID)));
}

function keepVectors(template: Template, name: string, isWanted: (vector: Vector) => boolean): void {
  for (const [, value] of template.take(name))
    if (typeof value === 'string' || isWanted(value)) template.add(name, value);
}

function unlinkAlias(template: Template, alias: Vector): void {
  const parent = template.vectors('NIC').find((nic) => nic.NIC_ID === alias.PARENT_ID);
  if (!isAlias(alias) || !parent) return;
  parent.ALIAS_IDS = idsIn(parent.ALIAS_IDS)
    .filter((id) => id !== nicIdOf(alias))
    .join(',');
}

function dropContextOf(template: Template, nic: Vector): void {
  const context = template.vector('CONTEXT');
  if (!context) return;
  const prefix = contextPrefix(nic);
  const names = Object.keys(context).filter((name) => name.startsWith(prefix));
  template.set('CONTEXT', without(context, ...names));
}
