/**
 * How fast a NIC may be: INBOUND_ and OUTBOUND_, each with AVG_BW, PEAK_BW and PEAK_KB, in KB a second and KB, as OpenNebula hands
 * them to libvirt (src/vmm/LibVirtDriverKVM.cc, 7.4). Pure.
 */

/** A KB is 1000 bytes in a rate and 1024 in an amount, as libvirt tells tc. */
export interface RateLimit {
  /** What lasts. */
  readonly averageKbps: number;
  /** What passes faster than that after a rest. */
  readonly burstKb: number;
  /** How much faster; undefined: as fast as it comes. */
  readonly peakKbps: number | undefined;
}

/** Without PEAK_KB, what the average takes in this time is allowed at once. */
const BURST_SECONDS = 0.1;
/** A packet that the kernel has not cut yet has up to 64 KB. */
const LEAST_BURST_KB = 64;
/** tc counts bytes in 32 bits. */
const MOST_BURST_KB = 1_000_000;

/** Undefined where nothing is limited. A peak without an average is one: nothing lasts longer than it may. */
export function readRateLimit(
  nic: Readonly<Record<string, string>>,
  direction: 'INBOUND' | 'OUTBOUND',
): RateLimit | undefined {
  const value = (name: string) => positive(nic[`${direction}_${name}`]);
  const peak = value('PEAK_BW');
  const averageKbps = value('AVG_BW') ?? peak;
  if (averageKbps === undefined) return undefined;
  const burst = value('PEAK_KB') ?? Math.max(LEAST_BURST_KB, Math.round(averageKbps * BURST_SECONDS));
  return {
    averageKbps,
    burstKb: Math.min(burst, MOST_BURST_KB),
    peakKbps: peak !== undefined && peak > averageKbps ? peak : undefined,
  };
}

function positive(text: string | undefined): number | undefined {
  const value = Math.round(Number(text));
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
