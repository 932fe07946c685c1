/**
 * The cable of a NIC, as the helper on hosts is told of it: where it leads, what passes, and how fast. Addresses and routes
 * are not of the cable. Pure.
 */
import { type RateLimit, readRateLimit } from './rate-limit.ts';

type Values = Readonly<Record<string, string>>;

export interface Cable {
  /** Name of its end on the host, `one-<v>-<n>`. */
  readonly target: string;
  readonly bridge: string;
  readonly mac: string;
  /** Undefined: what the network carries. */
  readonly mtu: number | undefined;
  /** Whether the network driver has a filter for it. */
  readonly filtered: boolean;
  /** To the VM, and from it. */
  readonly inbound: RateLimit | undefined;
  readonly outbound: RateLimit | undefined;
}

/** @param nic  of a VM's document, with the values of its context where those count */
export function readCable(nic: Values, filtered: boolean): Cable {
  return {
    target: nic.TARGET ?? '',
    bridge: nic.BRIDGE ?? '',
    mac: (nic.MAC ?? '').toLowerCase(),
    mtu: Number(nic.GUEST_MTU || nic.MTU) || undefined,
    filtered,
    inbound: readRateLimit(nic, 'INBOUND'),
    outbound: readRateLimit(nic, 'OUTBOUND'),
  };
}

/** Fields of the word for a NIC; see `host-files/onedock-nics`. */
export function cableFields({ target, bridge, mac, mtu, filtered, inbound, outbound }: Cable): string[] {
  return [
    target,
    bridge,
    mac,
    `${mtu ?? 'auto'}`,
    ...(filtered ? ['filtered'] : []),
    ...limitField('inbound', inbound),
    ...limitField('outbound', outbound),
  ];
}

function limitField(name: string, limit: RateLimit | undefined): string[] {
  if (!limit) return [];
  const { averageKbps, burstKb, peakKbps } = limit;
  return [`${name}=${[averageKbps, burstKb, ...(peakKbps === undefined ? [] : [peakKbps])].join(':')}`];
}
