/**
 * What a bridged network needs on a host, by its driver: one call of the helper that makes sure of it. Attributes are those of
 * the NIC, which has them from its network, and then those of its CONF (src/vnm_mad/remotes/vxlan/vxlan.rb, 7.4). Pure.
 */
import { parseIp4, printIp4 } from '../../../opennebula/addresses.ts';
import { isKeyOf } from '../../../opennebula/tables.ts';
import { ActionFailure } from '../../contract/action.ts';

type Values = Readonly<Record<string, string>>;

export interface Uplink {
  readonly verb: 'bridge-ensure' | 'vxlan-ensure' | 'vlan-ensure';
  /** Behind the VM, for a network that counts who needs it. */
  readonly args: readonly string[];
  /** Made for NICs, which are named to it, and gone with the last one. */
  readonly counted: boolean;
}

/** @throws ActionFailure where the network lacks what its driver cannot do without */
export type ReadUplink = (nic: Values) => Uplink;

/** A bridge, with PHYDEV as a port where one is named. */
export const bridgeUplink: ReadUplink = ({ BRIDGE = '', PHYDEV }) => ({
  verb: 'bridge-ensure',
  args: PHYDEV ? [BRIDGE, PHYDEV] : [BRIDGE],
  counted: false,
});

export const vlanUplink: ReadUplink = (nic) => ({
  verb: 'vlan-ensure',
  args: [...placeOf(nic), ...mtuOf(nic)],
  counted: true,
});

export const vxlanUplink: ReadUplink = (nic) => ({
  verb: 'vxlan-ensure',
  args: [...placeOf(nic), ...mtuOf(nic), ...packetsOf(nic), ...linkOptions(nic)],
  counted: true,
});

/** Networks of a driver that OpenNebula knows nothing of say by what they have which kind they are. */
export const ownUplink: ReadUplink = (nic) => {
  if (conf(nic, 'VXLAN_MODE')) return vxlanUplink(nic);
  return nic.VLAN_ID ? vlanUplink(nic) : bridgeUplink(nic);
};

function placeOf(nic: Values): string[] {
  const { BRIDGE = '', PHYDEV = '', VLAN_ID = '', NETWORK = '' } = nic;
  const missing = Object.entries({ BRIDGE, PHYDEV, VLAN_ID }).flatMap(([name, value]) => (value === '' ? [name] : []));
  if (missing.length > 0) throw new ActionFailure(`Network ${NETWORK} has no ${missing.join(' and no ')}.`);
  return [BRIDGE, PHYDEV, VLAN_ID];
}

function mtuOf({ MTU }: Values): string[] {
  return MTU ? [`mtu=${MTU}`] : [];
}

const DEFAULT_GROUP = 239 * 2 ** 24;
/** More than 1, for networks whose routers carry multicast. */
const DEFAULT_TTL = '16';

/** Where packets for many VMs go, and how they leave the host. */
function packetsOf(nic: Values): string[] {
  const mode = (conf(nic, 'VXLAN_MODE') ?? 'multicast').toLowerCase();
  const ttl = `ttl=${conf(nic, 'VXLAN_TTL') ?? DEFAULT_TTL}`;
  const endpoint = `endpoint=${conf(nic, 'VXLAN_TEP')?.toLowerCase() === 'local_ip' ? 'address' : 'device'}`;
  if (isKeyOf(DESTINATIONS, mode)) return DESTINATIONS[mode](nic, endpoint, ttl);
  throw new ActionFailure(`VXLAN_MODE of network ${nic.NETWORK} is multicast, evpn or unicast, and not ${mode}.`);
}

/** By VXLAN_MODE. */
const DESTINATIONS = {
  multicast: (nic: Values, _: string, ttl: string) => [`group=${groupOf(nic)}`, ttl],
  evpn: (_: Values, endpoint: string, ttl: string) => [endpoint, ttl],
  unicast: (nic: Values, endpoint: string, ttl: string) => [
    endpoint,
    ttl,
    ...peersOf(nic).map((peer) => `peer=${peer}`),
  ],
};

/** Each network has a group of its own, counted from VXLAN_MC. */
function groupOf(nic: Values): string {
  const base = parseIp4(conf(nic, 'VXLAN_MC') ?? '') ?? DEFAULT_GROUP;
  return printIp4(base + Number(nic.VLAN_ID));
}

/** All machines of the network: each leaves itself out. */
function peersOf(nic: Values): string[] {
  const peers = (conf(nic, 'VXLAN_PEERS') ?? '').split(/[\s,;]+/).filter((peer) => peer !== '');
  if (peers.length === 0)
    throw new ActionFailure(
      `Network ${nic.NETWORK} has VXLAN_MODE=unicast and no VXLAN_PEERS, the addresses of its hosts.`,
    );
  return peers;
}

/** Options of IP_LINK_CONF that have a value; the others are flags. */
const NUMBERS = ['dstport', 'tos', 'ageing'];

function linkOptions({ IP_LINK_CONF = '' }: Values): string[] {
  return Object.entries(pairs(IP_LINK_CONF)).map(([name, value]) =>
    NUMBERS.includes(name) ? `${name}=${value}` : `flag=${name}`,
  );
}

function conf(nic: Values, name: string): string | undefined {
  return nic[name] || pairs(nic.CONF ?? '')[name.toLowerCase()] || undefined;
}

/** `name=value,name=value` */
function pairs(text: string): Record<string, string> {
  const found = text.matchAll(/(?:^|,)\s*([^=,]+?)\s*(?:=\s*([^,]*?)\s*)?(?=,|$)/g);
  return Object.fromEntries(Array.from(found, ([, name = '', value = '']) => [name.toLowerCase(), value]));
}
