/** A change of the record that goes with a transition. It sees the VM before its phase changes. */
import type { Vm } from '../objects/vm.ts';
import type { LifeCycleEvent, VmmCapabilities } from './events.ts';

export interface MarkContext {
  readonly event: LifeCycleEvent;
  /** Epoch seconds. */
  readonly now: number;
  readonly vmm: VmmCapabilities;
}

export type Mark = (vm: Vm, context: MarkContext) => Vm;
