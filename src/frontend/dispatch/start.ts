/** Everything that keeps VMs going, started together: dispatcher, scheduler, monitoring, and the wait for images. */
import { watchCloning } from './cloning.ts';
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import type { IpamDrivers } from './ipam-drivers.ts';
import { NetworkUpdates } from './network-updates.ts';
import { RuleUpdates } from './rule-updates.ts';
import { watchSaving } from './saving.ts';
import { Scheduling } from './scheduling.ts';
import { VmMonitoring } from './vm-monitoring.ts';

export interface VmDispatch extends AsyncDisposable {
  readonly dispatcher: Dispatcher;
  readonly monitoring: VmMonitoring;
  readonly ruleUpdates: RuleUpdates;
  readonly networkUpdates: NetworkUpdates;
  readonly scheduling: Scheduling;
}

export interface VmDispatchOptions extends DispatcherOptions {
  readonly ipam: IpamDrivers;
}

/** Goes on where the last front-end on this store stopped. */
export function startVmDispatch(options: VmDispatchOptions): VmDispatch {
  const { cloud, configuration, clock, log, ipam } = options;
  const dispatcher = new Dispatcher(options);
  const monitoring = new VmMonitoring({ cloud, dispatcher, clock, log });
  const cloning = watchCloning(cloud, dispatcher);
  const saving = watchSaving(cloud, dispatcher);
  dispatcher.resume();
  const ruleUpdates = new RuleUpdates(cloud, dispatcher);
  ruleUpdates.resume();
  const networkUpdates = new NetworkUpdates(cloud, dispatcher);
  networkUpdates.resume();
  const scheduling = new Scheduling({ cloud, configuration, dispatcher, clock, log, ipam });
  return {
    dispatcher,
    monitoring,
    ruleUpdates,
    networkUpdates,
    scheduling,
    async [Symbol.asyncDispose]() {
      scheduling[Symbol.dispose]();
      saving[Symbol.dispose]();
      cloning[Symbol.dispose]();
      networkUpdates[Symbol.dispose]();
      monitoring[Symbol.dispose]();
      await dispatcher[Symbol.asyncDispose]();
    },
  };
}
