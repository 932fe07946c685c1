/**
 * NICs of a VM. What NIC itself does not say, mask, gateway and the like, stands in the context under ETHn_, n being
 * NIC_ID (src/vm/VirtualMachineContext.cc, 7.4). Pure.
 */
import { findAll, leaves, type XmlElement } from '../../../opennebula/xml.ts';
import { filterLines } from '../../hosts/nic-filter.ts';
import { fail } from '../errors.ts';

export interface Nic {
  readonly id: number;
  /** Name of the cable's end on the host, `one-<v>-<n>`. */
  readonly target: string;
  readonly bridge: string;
  readonly mac: string;
  readonly mtu: number;
  /** Whether the network driver has a filter for it. */
  readonly filtered: boolean;
  /** With prefix, of both families. */
  readonly addresses: readonly string[];
  readonly gateways: readonly string[];
  readonly metric: number | undefined;
  readonly routes: readonly Route[];
  readonly dns: readonly string[];
  readonly searchDomains: readonly string[];
}

export interface Route {
  readonly network: string;
  readonly gateway: string;
}

type Values = Readonly<Record<string, string>>;

const DEFAULT_MTU = 1500;
/** As ONEDock has it where no mask is known (ONEDOCK_DEFAULT_NETMASK). */
const DEFAULT_PREFIX = 24;
const DEFAULT_PREFIX6 = 64;
/** Of two default routes without a metric the first NIC's wins, the others stand by. */
const SPARE_METRIC = 100;

/** @throws NIC_WITHOUT_BRIDGE, NIC_KIND_UNSUPPORTED */
export function readNics(vmId: number, template: XmlElement, context: Values): Nic[] {
  const passedThrough = findAll(template, 'PCI').map(leaves);
  if (passedThrough.length > 0) throw fail('NIC_KIND_UNSUPPORTED', { vmId, kind: 'PCI device' });
  const aliases = findAll(template, 'NIC_ALIAS').map(leaves);
  const rules = findAll(template, 'SECURITY_GROUP_RULE').map(leaves);
  let gateways = 0;
  return findAll(template, 'NIC').map((element) => {
    const values = leaves(element);
    const own = aliases.filter((alias) => alias.PARENT_ID === values.NIC_ID);
    const filtered = filterLines(values, own, rules).length > 0;
    const nic = { ...readNic(vmId, values, own, context), filtered };
    const spare = nic.gateways.length > 0 && gateways++ > 0;
    return spare && nic.metric === undefined ? { ...nic, metric: SPARE_METRIC + nic.id } : nic;
  });
}

function readNic(vmId: number, nic: Values, aliases: readonly Values[], context: Values): Omit<Nic, 'filtered'> {
  const id = Number(nic.NIC_ID);
  if (!nic.BRIDGE) throw fail('NIC_WITHOUT_BRIDGE', { vmId, nicId: id });
  // A variable of the context may be there and be empty.
  const value = (name: string, ...others: (string | undefined)[]) =>
    [context[`ETH${id}_${name}`], ...others].find((each) => each !== undefined && each !== '');
  const prefix = prefixOfMask(value('MASK', nic.NETWORK_MASK)) ?? DEFAULT_PREFIX;
  const prefix6 = Number(value('IP6_PREFIX_LENGTH', nic.PREFIX_LENGTH)) || DEFAULT_PREFIX6;
  const holders = [nic, ...aliases];
  const metric = Number(value('METRIC', nic.METRIC) ?? Number.NaN);
  return {
    id,
    target: nic.TARGET || `one-${vmId}-${id}`,
    bridge: nic.BRIDGE,
    mac: (value('MAC', nic.MAC) ?? '').toLowerCase(),
    mtu: Number(value('MTU', nic.GUEST_MTU, nic.MTU)) || DEFAULT_MTU,
    addresses: [
      ...present(holders.map(({ IP }) => IP)).map((address) => `${address}/${prefix}`),
      ...present(holders.flatMap((each) => [each.IP6, each.IP6_GLOBAL, each.IP6_ULA])).map((a) => `${a}/${prefix6}`),
    ],
    gateways: present([value('GATEWAY', nic.GATEWAY), value('IP6_GATEWAY', nic.GATEWAY6)]),
    metric: Number.isInteger(metric) ? metric : undefined,
    routes: readRoutes(value('ROUTES', nic.ROUTES) ?? ''),
    dns: words(value('DNS', nic.DNS) ?? ''),
    searchDomains: words(value('SEARCH_DOMAIN', nic.SEARCH_DOMAIN) ?? ''),
  };
}

/** The word by which the helper is told of a NIC; see `vm-connect` there. */
export function nicWord(nic: Nic): string {
  return [
    nic.target,
    nic.bridge,
    nic.mac,
    nic.mtu,
    ...(nic.filtered ? ['filtered'] : []),
    ...nic.addresses.map((address) => `address=${address}`),
    ...(nic.metric === undefined ? [] : [`metric=${nic.metric}`]),
    ...nic.gateways.map((gateway) => `gateway=${gateway}`),
    ...nic.routes.map(({ network, gateway }) => `route=${network}>${gateway}`),
  ].join(',');
}

/** `255.255.255.0` or `24`. */
function prefixOfMask(mask: string | undefined): number | undefined {
  if (mask === undefined) return undefined;
  if (/^\d+$/.test(mask)) return Number(mask);
  const bits = mask.split('.').map((part) => Number(part).toString(2).padStart(8, '0'));
  return bits.join('').replace(/0+$/, '').length;
}

/** `10.0.0.0/8 via 10.1.1.1, 10.2.0.0/16 via 10.1.1.2` */
function readRoutes(text: string): Route[] {
  return [...text.matchAll(/(\S+)\s+via\s+([^\s,;]+)/gi)].map(([, network = '', gateway = '']) => ({
    network: network.includes('/') ? network : `${network}/${network.includes(':') ? 128 : 32}`,
    gateway,
  }));
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

function present(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined && value !== ''))] as string[];
}
