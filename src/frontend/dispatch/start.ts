/** Everything that keeps VMs going, started together: dispatcher, scheduler, monitoring, and the wait for images. */
import { watchCloning } from './cloning.ts';
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import { watchSaving } from './saving.ts';
import { Scheduling } from './scheduling.ts';
import { VmMonitoring } from './vm-monitoring.ts';

export interface VmDispatch extends AsyncDisposable {
  readonly dispatcher: Dispatcher;
  readonly monitoring: VmMonitoring;
}

/** Goes on where the last front-end on this store stopped. */
export function startVmDispatch(options: DispatcherOptions): VmDispatch {
  const { cloud, configuration, clock, log } = options;
  const dispatcher = new Dispatcher(options);
  const monitoring = new VmMonitoring({ cloud, dispatcher, clock, log });
  const cloning = watchCloning(cloud, dispatcher);
  const saving = watchSaving(cloud, dispatcher);
  dispatcher.resume();
  const scheduling = new Scheduling({ cloud, configuration, dispatcher, clock, log });
  return {
    dispatcher,
    monitoring,
    async [Symbol.asyncDispose]() {
      scheduling[Symbol.dispose]();
      saving[Symbol.dispose]();
      cloning[Symbol.dispose]();
      monitoring[Symbol.dispose]();
      await dispatcher[Symbol.asyncDispose]();
    },
  };
}
