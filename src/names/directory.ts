/**
 * Names of VMs in the networks that want them. A network says so by its attribute DNS_ZONE, as `lab`: its VM `web` is then
 * `web.lab`, with the addresses that it has there. Several VMs of one name share it. Pure.
 */
import { findAll, leaves, type XmlElement } from '../opennebula/xml.ts';
import { digitsOf6, type Question, type RecordType, type Reply } from './dns-message.ts';

export interface Directory {
  readonly zones: ReadonlySet<string>;
  readonly hosts: ReadonlyMap<string, Addresses>;
  /** Names by the names that stand for addresses, such as `5.0.9.10.in-addr.arpa`. */
  readonly pointers: ReadonlyMap<string, readonly string[]>;
}

type Addresses = Readonly<Record<'A' | 'AAAA', readonly string[]>>;

export interface NamedObject {
  readonly id: number;
  readonly name: string;
  readonly element: XmlElement;
}

/** @param vms  those that have their addresses at this moment */
export function makeDirectory(networks: readonly NamedObject[], vms: readonly NamedObject[]): Directory {
  const zones = new Map(
    networks.flatMap((network) => {
      const zone = zoneOf(network);
      return zone === undefined ? [] : [[String(network.id), zone] as const];
    }),
  );
  const entries = vms.flatMap((vm) => {
    const label = labelOf(vm.name);
    const nics = ['TEMPLATE/NIC', 'TEMPLATE/NIC_ALIAS'].flatMap((path) => findAll(vm.element, path)).map(leaves);
    return nics.flatMap((nic) => {
      const zone = zones.get(nic.NETWORK_ID ?? '');
      if (zone === undefined || label === '') return [];
      return addressesOf(nic).map((address) => ({ name: `${label}.${zone}`, ...address }));
    });
  });
  return {
    zones: new Set(zones.values()),
    hosts: mapValues(
      Map.groupBy(entries, ({ name }) => name),
      (all) => ({ A: ofType(all, 'A'), AAAA: ofType(all, 'AAAA') }),
    ),
    pointers: mapValues(
      Map.groupBy(entries, ({ pointer }) => pointer),
      (all) => [...new Set(all.map(({ name }) => name))],
    ),
  };
}

/** Undefined for a name that is somebody else's to answer for. */
export function lookUp({ zones, hosts, pointers }: Directory, { name, type }: Question): Reply | undefined {
  const names = pointers.get(name);
  if (names) return { code: 'OK', records: type === 'PTR' ? names : [] };
  const addresses = hosts.get(name);
  if (addresses) return { code: 'OK', records: type === 'A' || type === 'AAAA' ? addresses[type] : [] };
  if (zones.has(name)) return { code: 'OK' };
  const isOurs = Array.from(zones).some((zone) => name.endsWith(`.${zone}`));
  return isOurs ? { code: 'NO_SUCH_NAME' } : undefined;
}

const ZONE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

function zoneOf({ element }: NamedObject): string | undefined {
  const [zone] = findAll(element, 'TEMPLATE/DNS_ZONE');
  const name = zone?.text.trim().toLowerCase().replace(/\.$/, '') ?? '';
  return ZONE.test(name) ? name : undefined;
}

/** As OpenNebula's context packages make a host name of a VM's: what may not stand in one is a hyphen. */
export function labelOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '');
}

interface Address {
  readonly type: Exclude<RecordType, 'PTR'>;
  readonly address: string;
  readonly pointer: string;
}

function addressesOf(nic: Readonly<Record<string, string>>): Address[] {
  const { IP = '', IP6 = '', IP6_GLOBAL = '', IP6_ULA = '' } = nic;
  const of4 = IP.split('.').reverse().join('.');
  return [
    ...(IP === '' ? [] : [{ type: 'A' as const, address: IP, pointer: `${of4}.in-addr.arpa` }]),
    ...[IP6, IP6_GLOBAL, IP6_ULA]
      .filter((address) => address !== '')
      .map((address) => ({
        type: 'AAAA' as const,
        address,
        pointer: `${[...digitsOf6(address)].reverse().join('.')}.ip6.arpa`,
      })),
  ];
}

function ofType(addresses: readonly Address[], wanted: Address['type']): string[] {
  return [...new Set(addresses.flatMap(({ type, address }) => (type === wanted ? [address] : [])))];
}

function mapValues<Value, Result>(map: Map<string, Value>, change: (value: Value) => Result): Map<string, Result> {
  return new Map(Array.from(map, ([key, value]) => [key, change(value)]));
}
