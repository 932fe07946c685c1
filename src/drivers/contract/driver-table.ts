/**
 * The form of a table of drivers: by family and name, what each needs of the process and how it is loaded. Nothing is
 * loaded or opened before an action asks for it, so that an executable starts fast.
 */
import type { Action, DriverLog } from './action.ts';
import type { MonitoredHost, MonitorReport } from './driver-runner.ts';
import type { ActionFamily } from './families.ts';

export type Actions<Services> = Readonly<Record<string, Action<Services>>>;

export interface MonitorContext {
  readonly log: DriverLog;
  readonly signal: AbortSignal;
}

/** A monitoring driver: follows a host until the signal is aborted, see `DriverRunner.monitor`. */
export interface MonitorDriver<Services = object> {
  readonly monitor: (
    host: MonitoredHost,
    report: (report: MonitorReport) => void,
    context: MonitorContext & Services,
  ) => Promise<void>;
  /** The same looks one by one, for an agent that calls programs: each prints one message. */
  readonly probes?: Actions<Services>;
}

/** One driver of the table. `needs` names the services to open before `load`ed code runs. */
export interface DriverEntry<Services, Driver> {
  readonly needs: readonly (keyof Services)[];
  readonly load: () => Promise<Driver>;
}

export type DriverTable<Services> = Readonly<
  Record<ActionFamily, Readonly<Record<string, DriverEntry<Services, Actions<Services>>>>> & {
    im: Readonly<Record<string, DriverEntry<Services, MonitorDriver<Services>>>>;
  }
>;

/** What drivers are given besides their arguments, by name; each is opened once, when first needed. */
export type ServiceOpeners<Services> = { readonly [Name in keyof Services]: () => Promise<Services[Name]> };
