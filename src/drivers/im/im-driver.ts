import type { Action } from '../contract/action.ts';
import type { MonitoredHost, MonitorReport } from '../contract/driver-runner.ts';

/** The probes, named for the message that their output becomes: SYSTEM_HOST, MONITOR_HOST, STATE_VM and MONITOR_VM. */
export const IM_ACTIONS = ['system', 'monitor', 'state', 'vms'] as const;
export type ImAction = (typeof IM_ACTIONS)[number];

/** An information driver: its probes. Each takes the host's name and prints one report, as template text. */
export type ImDriver<Services = object> = { readonly [Name in ImAction]: Action<Services> };

/**
 * Follows a host and reports what it sees, at once: first one complete report of each kind, then what changes. Ends when
 * the signal is aborted, or with an error when the host cannot be reached.
 */
export type WatchHost<Services = object> = (
  host: MonitoredHost,
  report: (report: MonitorReport) => void,
  signal: AbortSignal,
  services: Services,
) => Promise<void>;
