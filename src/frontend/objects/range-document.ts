/** Ranges in the documents of networks. */
import { macAt, printIp4, printIp6, printMac, slaacAddress } from '../../opennebula/addresses.ts';
import { type Vector, vectorXml } from '../../opennebula/template.ts';
import { cdata, group, text } from '../../opennebula/xml.ts';
import { type AddressRange, addressesAt, addressNumber, baseOf, isShared } from './address-range.ts';
import { type LeasedRange, type LeaseOwner, type LeaseOwnerKind, usedAddresses } from './leased-range.ts';

/** The element of `one.vn.info`: ends of the range and every lease. */
export function rangeInfoXml({ range, leases, used = usedAddresses({ range, leases }) }: LeasedRange): string {
  const { mac, ip, ip6, size, globalPrefix, ulaPrefix } = baseOf(range);
  const macEnd = isShared(range) ? mac : macAt(mac, size - 1);
  const span = (name: string, prefix: bigint | undefined) =>
    prefix
      ? cdata(name, printIp6(slaacAddress(prefix, mac))) + cdata(`${name}_END`, printIp6(slaacAddress(prefix, macEnd)))
      : '';
  const held = heldOf(leases);
  const { ALLOCATED: _, ...attributes } = range.attributes;
  return group(
    'AR',
    attributesXml({ ...range, attributes }),
    cdata('MAC_END', printMac(macEnd)),
    ip === undefined ? '' : cdata('IP_END', printIp4(ip + size - 1)),
    span('IP6_ULA', ulaPrefix),
    span('IP6_GLOBAL', globalPrefix),
    ip6 === undefined ? '' : cdata('IP6_END', printIp6(ip6 + BigInt(size - 1))),
    text('USED_LEASES', used),
    held.length === 0
      ? '<LEASES/>'
      : group(
          'LEASES',
          ...held.map(([index, { kind, id }]) =>
            vectorXml('LEASE', { ...addressesAt(range, index), [kind]: String(id) }),
          ),
        ),
  );
}

/** The element of `one.vnpool.info`: leases as pairs of index and owner in one text. */
export function rangePoolXml({ range, leases, wasLeased }: LeasedRange): string {
  const packed = heldOf(leases).map(
    ([index, { kind, id }]) => ` ${addressNumber(index)} ${OWNER_BIT[kind] | BigInt.asUintN(32, BigInt(id))}`,
  );
  // oned keeps the attribute once it is there.
  const isShown = packed.length > 0 || wasLeased || range.attributes.ALLOCATED !== undefined;
  return group('AR', attributesXml(range, isShown ? { ALLOCATED: packed.join('') } : {}));
}

/** By address, then by who came first. */
function heldOf(leases: LeasedRange['leases']): [number, LeaseOwner][] {
  return [...leases].sort(([a], [b]) => addressNumber(a) - addressNumber(b) || a - b);
}

const OWNER_BIT: Readonly<Record<LeaseOwnerKind, bigint>> = {
  VM: 0x1000000000n,
  VNET: 0x4000000000n,
  VROUTER: 0x4000000000000n,
};

function attributesXml({ id, nextIndex, attributes }: AddressRange, more: Vector = {}): string {
  const all = { ...attributes, AR_ID: String(id), NEXT_INDEX: String(nextIndex), ...more };
  return vectorXml('AR', all).slice('<AR>'.length, -'</AR>'.length);
}
