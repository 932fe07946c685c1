/**
 * How a front-end meets drivers: it names family, driver and action, gives OpenNebula's arguments and stdin, and gets
 * the line that the action prints. `InProcessDrivers` serves the bundled ones, `ExecutableDrivers` whatever lies in a
 * remotes folder; `combineDrivers` asks the first that knows the driver.
 */
import type { ActionInput, Family } from './action.ts';

export interface DriverCall extends ActionInput {
  readonly family: Family;
  readonly driver: string;
  /** OpenNebula's name, as `attach_disk`. A suffix for the system datastore (`clone.ssh`) falls back to the plain name. */
  readonly action: string;
  readonly argv: readonly string[];
}

export interface DriverRunner extends AsyncDisposable {
  has(family: Family, driver: string): boolean;
  /** Whether a driver has an action that those of its family need not have. None has any where this is missing. */
  offers?(family: Family, driver: string, action: string): boolean;
  /** @throws ActionFailure with the text for the user */
  run(call: DriverCall): Promise<string>;
  /**
   * Follows a host until the signal is aborted, and reports at once what it sees. Ends early, with an error, when the
   * host cannot be reached: whoever watches decides when to try again.
   */
  monitor(
    driver: string,
    host: MonitoredHost,
    report: (report: MonitorReport) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface MonitoredHost {
  readonly id: number;
  readonly name: string;
  /** Ids of the system datastores whose space on the host is wanted, and where datastores lie. */
  readonly datastoreLocation: string;
  readonly systemDatastoreIds: readonly number[];
  /** How long the answer of an action may be on its way to whoever gets the reports; none unless given. */
  readonly settleSeconds?: number;
  /** VMs that the front-end holds to be running there, for drivers without a hypervisor that could be asked. */
  readonly runningVms?: () => readonly RunningVm[];
}

export interface RunningVm {
  readonly id: number;
  readonly deployId: string;
  readonly cpu: number;
  readonly memoryMb: number;
}

/** A monitoring message in OpenNebula's own words: type, and template text (`reference`: monitoring, data formats). */
export interface MonitorReport {
  readonly type: 'BEACON_HOST' | 'SYSTEM_HOST' | 'MONITOR_HOST' | 'STATE_VM' | 'MONITOR_VM' | 'EXEC_VM';
  readonly text: string;
}
