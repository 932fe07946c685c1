/** What the sandbox works with, handed down by whoever starts it: the CLI, a stack, a test. */
import type { Client } from '../opennebula/client/client.ts';
import type { Transport } from '../transport/transport.ts';
import type { Facts } from './doctor/facts.ts';
import type { Report } from './events.ts';
import type { Testbed } from './testbed.ts';

export interface Services {
  readonly testbed: Testbed;
  /** The user's machine. */
  readonly local: Transport;
  /** What the user's machine is like. */
  facts(): Promise<Facts>;
  /** Opens a client of OpenNebula's API. `session` is `user:password`. */
  connect(endpoint: string, session: string, options?: { readonly timeoutSeconds?: number }): Client;
}

/** How a run is followed and ended. */
export interface Run {
  readonly report: Report;
  readonly signal: AbortSignal;
}
