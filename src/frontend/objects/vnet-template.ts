/** What a network's template decides, when it is created and when it is updated (src/vnm/VirtualNetwork.cc, 7.4). */
import type { Template, Vector } from '../../opennebula/template.ts';
import { Refusal } from './refusal.ts';
import { DEFAULT_SECURITY_GROUP_ID } from './security-group.ts';
import type { Vnet } from './vnet.ts';

/** The template is not acceptable. The message is oned's. */
class InvalidVnet extends Refusal {
  override name = 'InvalidVnet';
}

export type VnetDecisions = Pick<
  Vnet,
  | 'bridge'
  | 'bridgeType'
  | 'vnMad'
  | 'phydev'
  | 'vlanId'
  | 'outerVlanId'
  | 'vlanIdAutomatic'
  | 'outerVlanIdAutomatic'
  | 'template'
>;

/** Numbers that a network may get when it asks for any. */
export interface VlanSource {
  /** A free tag of 802.1Q; undefined when all are taken. */
  readonly vlan: (vnetId: number) => number | undefined;
  readonly vxlan: (vnetId: number) => number;
}

export interface VnetDefaults {
  readonly id: number;
  /** VN_MAD_CONF of a driver. */
  readonly driver: (name: string) => Readonly<Vector> | undefined;
  readonly vlans: VlanSource;
}

/** What each driver cannot do without. */
const NEEDS: Readonly<Record<string, { phydev?: true; bridge?: true; vlan?: true; outer?: true }>> = {
  dummy: { bridge: true },
  vxlan: { phydev: true, vlan: true },
  '802.1Q': { phydev: true, vlan: true },
  ovswitch_vxlan: { outer: true },
};

/** Where automatic numbers of a driver's networks come from. */
const AUTOMATIC: Readonly<Record<string, { vlan?: keyof VlanSource; outer?: keyof VlanSource }>> = {
  '802.1Q': { vlan: 'vlan' },
  ovswitch: { vlan: 'vlan' },
  vxlan: { vlan: 'vxlan' },
  ovswitch_vxlan: { vlan: 'vlan', outer: 'vxlan' },
};

/** @throws InvalidVnet */
export function decideForVnet(given: Template, { id, driver, vlans }: VnetDefaults): VnetDecisions {
  const template = given.clone();
  for (const name of ['NAME', 'TEMPLATE_NAME', 'TEMPLATE_ID', 'AR']) template.delete(name);
  const vnMad = template.get('VN_MAD') ?? '';
  if (vnMad === '') throw new InvalidVnet('No VN_MAD in template for Virtual Network.');
  const phydev = template.get('PHYDEV') ?? '';
  const givenBridge = template.get('BRIDGE') ?? '';
  const wanted = takeVlan(template, 'VLAN_ID');
  const wantedOuter = takeVlan(template, 'OUTER_VLAN_ID');
  checkNeeds(vnMad, { phydev, bridge: givenBridge, vlan: wanted, outer: wantedOuter });
  const bridgeType = readBridgeType(vnMad, template.get('BRIDGE_TYPE') ?? '', driver(vnMad));
  const bridge = givenBridge || (bridgeType === 'none' ? '' : `onebr${wanted.id === '' ? id : `.${wanted.id}`}`);
  template
    .set('PHYDEV', phydev)
    .set('BRIDGE', bridge)
    .set('BRIDGE_TYPE', bridgeType)
    .set('SECURITY_GROUPS', withDefaultGroup(template.get('SECURITY_GROUPS') ?? ''));
  keepVlan(template, 'VLAN_ID', wanted);
  keepVlan(template, 'OUTER_VLAN_ID', wantedOuter);
  const source = AUTOMATIC[vnMad];
  return {
    vnMad,
    phydev,
    bridge,
    bridgeType,
    vlanId: numberOf(wanted, source?.vlan, vlans, id),
    outerVlanId: numberOf(wantedOuter, source?.outer, vlans, id),
    vlanIdAutomatic: wanted.automatic,
    outerVlanIdAutomatic: wantedOuter.automatic,
    template,
  };
}

/** @param given the whole new template. @throws InvalidVnet */
export function decideForVnetUpdate(vnet: Vnet, given: Template, defaults: Pick<VnetDefaults, 'driver'>): Vnet {
  const template = given.clone();
  for (const name of ['TEMPLATE_ID', 'AUTOMATIC_VLAN_ID', 'AUTOMATIC_OUTER_VLAN_ID', 'VNET_UPDATE']) {
    template.delete(name);
  }
  const vnMad = template.get('VN_MAD') ?? '';
  if (vnMad === '') throw new InvalidVnet('No VN_MAD in template for Virtual Network.');
  const wantedType = template.get('BRIDGE_TYPE') ?? '';
  const keepsType = vnMad === vnet.vnMad || wantedType !== vnet.bridgeType;
  const bridgeType = readBridgeType(vnMad, keepsType ? wantedType : '', defaults.driver(vnMad));
  const bridge = template.get('BRIDGE') || vnet.bridge;
  const phydev = template.get('PHYDEV') ?? '';
  const keep = (name: 'VLAN_ID' | 'OUTER_VLAN_ID', automatic: boolean, before: string) => {
    if (automatic) {
      template.delete(name);
      return before;
    }
    const id = template.get(name) ?? '';
    template.set(name, id);
    return id;
  };
  const vlanId = keep('VLAN_ID', vnet.vlanIdAutomatic, vnet.vlanId);
  const outerVlanId = keep('OUTER_VLAN_ID', vnet.outerVlanIdAutomatic, vnet.outerVlanId);
  template.set('BRIDGE', bridge).set('BRIDGE_TYPE', bridgeType).set('PHYDEV', phydev);
  return { ...vnet, vnMad, bridge, bridgeType, phydev, vlanId, outerVlanId, template };
}

interface WantedVlan {
  readonly id: string;
  readonly automatic: boolean;
}

function takeVlan(template: Template, name: 'VLAN_ID' | 'OUTER_VLAN_ID'): WantedVlan {
  const automaticName = `AUTOMATIC_${name}`;
  const automatic = template.isYes(automaticName);
  template.delete(automaticName);
  const id = template.get(name) ?? '';
  return /^\d+$/.test(id) ? { id, automatic: false } : { id: '', automatic };
}

/** An automatic number is not the user's to see in the template. */
function keepVlan(template: Template, name: 'VLAN_ID' | 'OUTER_VLAN_ID', { id, automatic }: WantedVlan): void {
  template.delete(name);
  if (!automatic) template.set(name, id);
}

function numberOf(
  { id, automatic }: WantedVlan,
  source: keyof VlanSource | undefined,
  vlans: VlanSource,
  vnetId: number,
): string {
  if (!automatic || source === undefined) return id;
  const number = vlans[source](vnetId);
  if (number === undefined) throw new InvalidVnet('Cannot automatically assign VLAN_ID to network.');
  return String(number);
}

function checkNeeds(vnMad: string, has: { phydev: string; bridge: string; vlan: WantedVlan; outer: WantedVlan }): void {
  const needs = NEEDS[vnMad] ?? {};
  const missing = (what: string) => new InvalidVnet(`${what} is mandatory for driver ${vnMad}`);
  if (needs.phydev && has.phydev === '') throw missing('PHYDEV');
  if (needs.bridge && has.bridge === '') throw missing('BRIDGE');
  if (needs.vlan && !has.vlan.automatic && has.vlan.id === '') throw missing('VLAN_ID (or AUTOMATIC_VLAN_ID)');
  if (needs.outer && !has.outer.automatic && has.outer.id === '') throw missing('OUTER_VLAN_ID (or AUTOMATIC)');
}

function readBridgeType(vnMad: string, wanted: string, entry: Readonly<Vector> | undefined): string {
  if (!entry) throw new InvalidVnet(`VN_MAD named "${vnMad}" is not defined in oned.conf`);
  const types = (entry.BRIDGE_TYPE ?? '').split(',').map((type) => type.trim());
  const [first] = types;
  if (!first) {
    throw new InvalidVnet(
      `Attribute bridge type in VN_MAD_CONF for ${vnMad} is missing or has wrong value in oned.conf`,
    );
  }
  const type = wanted.trim() || first;
  if (!types.includes(type)) {
    throw new InvalidVnet(`Attribute BRIDGE_TYPE has wrong value "${type}" for VN_MAD_CONF ${vnMad} in oned.conf`);
  }
  return type;
}

/** The list of groups with the default one, ascending. */
function withDefaultGroup(list: string): string {
  const ids = `${list},${DEFAULT_SECURITY_GROUP_ID}`
    .split(',')
    .flatMap((id) => (/^\s*\d+\s*$/.test(id) ? [Number(id)] : []));
  return [...new Set(ids)].sort((a, b) => a - b).join(',');
}
