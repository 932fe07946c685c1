import type { ReadUplink } from './uplink.ts';

/** What tells one driver of bridged networks from another. */
export interface BridgedNetworks {
  /** VN_MAD: NICs of other drivers are none of its business. */
  readonly name: string;
  readonly readUplink: ReadUplink;
}
