/** Everything that keeps VMs going, started together: dispatcher, scheduler, monitoring, and the wait for images. */
import { watchCloning } from './cloning.ts';
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import type { IpamDrivers } from './ipam-drivers.ts';
import { NetworkUpdates } from './network-updates.ts';
import { RuleUpdates } from './rule-updates.ts';
import { watchSaving } from './saving.ts';
import { Scheduling } from './scheduling.ts';
import { VmMonitoring } from './vm-monitoring.ts';

export interface VmDispatch {
  readonly dispatcher: Dispatcher;
  readonly monitoring: VmMonitoring;
  readonly ruleUpdates: RuleUpdates;
  readonly networkUpdates: NetworkUpdates;
  readonly scheduling: Scheduling;
}

export interface VmDispatchOptions extends DispatcherOptions {
  readonly ipam: IpamDrivers;
}

/** Goes on where the last front-end on this store stopped. @param made disposes of all of it */
export function startVmDispatch(options: VmDispatchOptions, made: AsyncDisposableStack): VmDispatch {
  const { cloud, configuration, clock, log, ipam } = options;
  const dispatcher = made.use(new Dispatcher(options));
  const monitoring = made.use(new VmMonitoring({ cloud, dispatcher, clock, log }));
  made.use(watchCloning(cloud, dispatcher));
  made.use(watchSaving(cloud, dispatcher));
  dispatcher.resume();
  const ruleUpdates = new RuleUpdates(cloud, dispatcher);
  ruleUpdates.resume();
  const networkUpdates = made.use(new NetworkUpdates(cloud, dispatcher));
  networkUpdates.resume();
  const scheduling = made.use(new Scheduling({ cloud, configuration, dispatcher, clock, log, ipam }));
  return { dispatcher, monitoring, ruleUpdates, networkUpdates, scheduling };
}
