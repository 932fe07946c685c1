/** What a NIC of a VM says, from what the user gave, the network and the lease (src/vnm/VirtualNetwork.cc, 7.4). */
import type { Vector } from '../../opennebula/template.ts';
import { Template } from '../../opennebula/template.ts';
import type { AddressRange } from '../objects/address-range.ts';
import type { Vnet } from '../objects/vnet.ts';
import { without } from './edit-template.ts';
import { inherit } from './inherit.ts';
import { idsIn } from './nic.ts';

/** An address that was taken for a NIC, or a MAC alone, outside all ranges. */
export interface NicLease {
  readonly range?: AddressRange;
  /** MAC, IP and the rest, as the range has them. */
  readonly addresses: Vector;
}

/** A network of its own choosing: `auto` waits for the scheduler, `dummy` gets a MAC but no lease. */
export function networkMode(nic: Vector): 'auto' | 'dummy' | 'given' {
  const mode = nic.NETWORK_MODE?.toLowerCase();
  return mode === 'auto' || mode === 'dummy' ? mode : 'given';
}

/** Whether the NIC asks for a network at all. One that does not is kept as it was given. */
export function asksForNetwork(nic: Vector): boolean {
  return Boolean(nic.NETWORK_ID || nic.NETWORK);
}

/** The NIC with the values of NIC_DEFAULT where it has none. */
export function withDefaults(nic: Vector, defaults: Vector | undefined): Vector {
  return defaults ? { ...defaults, ...nic } : nic;
}

/** @param nic has its NIC_ID @param inherited INHERIT_VNET_ATTR */
export function nicInNetwork(
  nic: Vector,
  vmId: number,
  vnet: Vnet,
  lease: NicLease,
  inherited: readonly string[],
): Vector {
  const { range } = lease;
  const own = definedOf({
    NETWORK: vnet.name,
    NETWORK_ID: String(vnet.id),
    BRIDGE: vnet.bridge,
    VN_MAD: vnet.vnMad,
    PHYDEV: vnet.phydev,
    VLAN_ID: vnet.vlanId,
    OUTER_VLAN_ID: vnet.outerVlanId,
    PARENT_NETWORK_ID: vnet.parentId < 0 ? '' : String(vnet.parentId),
    TARGET: nic.TARGET || `one-${vmId}-${nic.NIC_ID}`,
    CLUSTER_ID: vnet.clusterIds.join(','),
    BRIDGE_TYPE: vnet.bridgeType,
  });
  const leased = withLease({ ...nic, ...own }, lease, inherited);
  const groups = [nic.SECURITY_GROUPS, vnet.template.get('SECURITY_GROUPS'), range?.attributes.SECURITY_GROUPS];
  const ids = [...new Set(groups.flatMap(idsIn))].sort((a, b) => a - b);
  return { ...inherit(leased, vnet.template, inherited), SECURITY_GROUPS: ids.join(',') };
}

/** The NIC with its addresses and what their range says. @param inherited INHERIT_VNET_ATTR */
export function withLease(nic: Vector, { range, addresses }: NicLease, inherited: readonly string[]): Vector {
  if (!range) return { ...without(nic, ...IP_ADDRESSES), ...addresses };
  const { VN_MAD, BRIDGE, PHYDEV, VLAN_ID } = range.attributes;
  const ofRange = definedOf({ VN_MAD, BRIDGE, PHYDEV, VLAN_ID });
  const leased = { ...nic, ...addresses, AR_ID: String(range.id), ...ofRange };
  return inherit(leased, new Template(Object.entries(range.attributes)), inherited);
}

const IP_ADDRESSES = ['IP', 'IP6_LINK', 'IP6_ULA', 'IP6_GLOBAL'] as const;

/** Name by which aliases find a NIC. */
export function withNicName(nic: Vector): Vector {
  return { ...nic, NAME: givenName(nic) ?? `NIC${nic.NIC_ID}` };
}

/** oned names an alias by its NIC_ID, in spite of the word ALIAS (VirtualMachineNic::set_nic_alias_name). */
export function withAliasName(alias: Vector): Vector {
  return { ...alias, NAME: givenName(alias) ?? `NIC${alias.PARENT_ID}_ALIAS${alias.NIC_ID}` };
}

/** A name that looks like one of oned's own is set apart. */
function givenName({ NAME }: Vector): string | undefined {
  if (!NAME) return undefined;
  return /^NIC\d+(_ALIAS\d+)?$/.test(NAME) ? `_${NAME}` : NAME;
}

function definedOf(values: Readonly<Record<string, string | undefined>>): Vector {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
