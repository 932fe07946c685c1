/** Virtual networks (src/vnm/VirtualNetwork.cc, 7.4). Who holds which address is kept in the lease book. */
import { VNET_STATE, type VnetState } from '../../opennebula/numbers.ts';
import { type Template, templateXml } from '../../opennebula/template.ts';
import { cdata, group, text } from '../../opennebula/xml.ts';
import type { AddressRange } from './address-range.ts';
import { type LeasedRange, usedAddresses } from './leased-range.ts';
import { memoize } from './memoize.ts';
import { rangeInfoXml, rangePoolXml } from './range-document.ts';
import type { LockableRecord, OwnedRecord, TemplateRecord } from './record.ts';
import { headXml, idList, lockAndPermissionsXml } from './xml-parts.ts';

export interface Vnet extends OwnedRecord, LockableRecord, TemplateRecord {
  readonly clusterIds: readonly number[];
  readonly bridge: string;
  readonly bridgeType: string;
  readonly state: VnetState;
  /** The network of which this is a reservation; -1: none. */
  readonly parentId: number;
  /** The template that it was made from. */
  readonly templateId?: number;
  readonly vnMad: string;
  readonly phydev: string;
  readonly vlanId: string;
  readonly outerVlanId: string;
  readonly vlanIdAutomatic: boolean;
  readonly outerVlanIdAutomatic: boolean;
  /** In the order of their ids. */
  readonly ranges: readonly AddressRange[];
}

/** The id of one more range: behind the last one that there is (AddressRangePool::from_xml_node, 7.4). */
export function nextRangeId({ ranges }: Pick<Vnet, 'ranges'>): number {
  return Math.max(-1, ...ranges.map(({ id }) => id)) + 1;
}

/** VMs by how far the present attributes have reached them, and virtual routers. */
export interface VnetFollowers {
  readonly vrouters: Iterable<number>;
  readonly updated: Iterable<number>;
  readonly outdated: Iterable<number>;
  readonly updating: Iterable<number>;
  readonly error: Iterable<number>;
}

/** As `one.vn.info` prints it, with every lease. */
export function vnetXml(vnet: Vnet, ranges: readonly LeasedRange[], followers: VnetFollowers): string {
  return document(vnet, ranges, followers, rangeInfoXml);
}

/** As `one.vnpool.info` prints it, with leases in the packed form. */
export function vnetPoolXml(vnet: Vnet, ranges: readonly LeasedRange[], followers: VnetFollowers): string {
  return document(vnet, ranges, followers, rangePoolXml);
}

function document(
  vnet: Vnet,
  ranges: readonly LeasedRange[],
  followers: VnetFollowers,
  rangeXml: (range: LeasedRange) => string,
): string {
  return group(
    'VNET',
    vnetHead(vnet),
    text(
      'USED_LEASES',
      ranges.reduce((sum, leased) => sum + (leased.used ?? usedAddresses(leased)), 0),
    ),
    idList('VROUTERS', followers.vrouters),
    idList('UPDATED_VMS', followers.updated),
    idList('OUTDATED_VMS', followers.outdated),
    idList('UPDATING_VMS', followers.updating),
    idList('ERROR_VMS', followers.error),
    vnetTemplate(vnet.template),
    group('AR_POOL', ...ranges.map(rangeXml)),
  );
}

const vnetHead = memoize((vnet: Vnet) =>
  [
    headXml(vnet),
    lockAndPermissionsXml(vnet),
    idList('CLUSTERS', vnet.clusterIds),
    cdata('BRIDGE', vnet.bridge),
    cdata('BRIDGE_TYPE', vnet.bridgeType),
    cdata('STATE', String(VNET_STATE[vnet.state])),
    cdata('PREV_STATE', String(VNET_STATE[vnet.state])),
    vnet.parentId < 0 ? '<PARENT_NETWORK_ID/>' : text('PARENT_NETWORK_ID', vnet.parentId),
    vnet.templateId === undefined ? '<TEMPLATE_ID/>' : text('TEMPLATE_ID', vnet.templateId),
    cdata('VN_MAD', vnet.vnMad),
    cdataOrEmpty('PHYDEV', vnet.phydev),
    cdataOrEmpty('VLAN_ID', vnet.vlanId),
    cdataOrEmpty('OUTER_VLAN_ID', vnet.outerVlanId),
    text('VLAN_ID_AUTOMATIC', vnet.vlanIdAutomatic ? 1 : 0),
    text('OUTER_VLAN_ID_AUTOMATIC', vnet.outerVlanIdAutomatic ? 1 : 0),
  ].join(''),
);

const vnetTemplate = memoize((template: Template) => group('TEMPLATE', templateXml(template)));

function cdataOrEmpty(name: string, value: string): string {
  return value === '' ? `<${name}/>` : cdata(name, value);
}
