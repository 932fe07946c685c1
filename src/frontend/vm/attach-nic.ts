/** One more NIC or alias for a VM that has been deployed (VirtualMachineNics::set_up_attach_nic, 7.4). */
import type { Template, Vector } from '../../opennebula/template.ts';
import { currentRecord, type Vm } from '../objects/vm.ts';
import { connectNic, rulesOf, type Surroundings, takeAlias } from './create-vm.ts';
import { edited } from './edit-template.ts';
import { InvalidTemplate } from './invalid-template.ts';
import { withNetworkContext } from './network-context.ts';
import { aliasesOf, idsIn, nicIdOf, nicsOf } from './nic.ts';

/** @param given holds one NIC or NIC_ALIAS. @throws InvalidTemplate */
export function withAttachedNic(vm: Vm, given: Template, surroundings: Surroundings): { vm: Vm; nicId: number } {
  const nic = given.vector('NIC');
  const alias = nic ? undefined : given.vector('NIC_ALIAS');
  const nicId = Math.max(-1, ...[...nicsOf(vm), ...aliasesOf(vm)].map(nicIdOf)) + 1;
  if (nic) return { nicId, vm: withNic(vm, { ...nic, NIC_ID: String(nicId) }, surroundings) };
  if (alias) return { nicId, vm: withAlias(vm, alias, nicId, surroundings) };
  throw new InvalidTemplate('Wrong format or missing NIC/NIC_ALIAS/PCI attribute');
}

/** No scheduler chooses a network for it: with NETWORK_MODE = AUTO it has the one that it names, or none. */
function withNic(vm: Vm, given: Vector, surroundings: Surroundings): Vm {
  const defaults = vm.template.vector('NIC_DEFAULT');
  return withDevice(vm, 'NIC', connectNic(given, vm.id, defaults, surroundings), surroundings);
}

function withAlias(vm: Vm, alias: Vector, nicId: number, surroundings: Surroundings): Vm {
  const parent = nicsOf(vm).find(({ NAME }) => NAME === alias.PARENT);
  if (!parent) throw new InvalidTemplate('Alias not found.');
  const linked = { ...parent };
  const known = aliasesOf(vm).map(({ ALIAS_ID }) => Number(ALIAS_ID));
  const aliasId = parent.ALIAS_IDS ? Math.max(-1, ...known) + 1 : 0;
  const numbered = { ...alias, NIC_ID: String(nicId), ALIAS_ID: String(aliasId) };
  const taken = takeAlias(numbered, linked, vm.id, surroundings);
  const template = edited(vm.template, (copy) => {
    const nics = copy.vectors('NIC');
    copy.delete('NIC');
    for (const nic of nics) copy.add('NIC', nic.NIC_ID === linked.NIC_ID ? linked : nic);
  });
  return withDevice({ ...vm, template }, 'NIC_ALIAS', taken, surroundings);
}

function withDevice(vm: Vm, name: 'NIC' | 'NIC_ALIAS', nic: Vector, surroundings: Surroundings): Vm {
  checkCluster(nic, currentRecord(vm)?.clusterId ?? -1);
  const known = new Set(vm.template.vectors('SECURITY_GROUP_RULE').map((rule) => Number(rule.SECURITY_GROUP_ID)));
  const rules =
    name === 'NIC' ? rulesOf([nic], surroundings).filter((rule) => !known.has(Number(rule.SECURITY_GROUP_ID))) : [];
  const template = edited(vm.template, (copy) => {
    copy.add(name, nic);
    for (const rule of rules) copy.add('SECURITY_GROUP_RULE', rule);
  });
  const attached = { ...vm, template };
  // A guest that is off is told when it starts.
  return vm.phase === 'RUNNING' ? withNetworkContext(attached, surroundings) : attached;
}

function checkCluster({ CLUSTER_ID }: Vector, clusterId: number): void {
  if (!CLUSTER_ID || idsIn(CLUSTER_ID).includes(clusterId)) return;
  throw new InvalidTemplate(`Virtual network is not part of cluster [${clusterId}]`);
}
