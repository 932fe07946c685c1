import { setTimeout as delay, setInterval } from 'node:timers/promises';
import { failureText } from '../contract/action.ts';
import type { DriverRunner, MonitoredHost } from '../contract/driver-runner.ts';
import type { AgentConfiguration } from './configuration.ts';
import type { Send } from './send.ts';

export interface FollowOptions {
  readonly configuration: AgentConfiguration;
  readonly host: MonitoredHost;
  readonly send: Send;
  readonly signal: AbortSignal;
  /** How long after a host was lost it is tried again. */
  readonly retrySeconds?: number;
}

const RETRY_SECONDS = 10;

/**
 * Reports what a driver sees on a host until the signal is aborted, with a sign of life in between. A host that is lost is
 * reported at once, which puts it into ERROR, and is tried again and again: the first reports of the next connection
 * bring it back.
 */
export async function follow(drivers: DriverRunner, options: FollowOptions): Promise<void> {
  const { configuration, host, send, signal, retrySeconds = RETRY_SECONDS } = options;
  while (!signal.aborted) {
    const lost = new AbortController();
    const until = AbortSignal.any([signal, lost.signal]);
    // A message that is lost is repeated by the next look.
    const tell: Send = (message) => send(message).catch(() => {});
    const beacon = sendBeacons(tell, configuration.beaconSeconds, until);
    try {
      await drivers.monitor(
        configuration.driver,
        host,
        ({ type, text }) => void tell({ type, isSuccess: true, text }),
        signal,
      );
    } catch (error) {
      await tell({ type: 'BEACON_HOST', isSuccess: false, text: failureText(error) });
    } finally {
      lost.abort();
      await beacon;
    }
    await delay(retrySeconds * 1000, undefined, { signal }).catch(() => {});
  }
}

async function sendBeacons(tell: Send, seconds: number, signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of setInterval(seconds * 1000, undefined, { signal }))
      await tell({ type: 'BEACON_HOST', isSuccess: true, text: 'onedock' });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
