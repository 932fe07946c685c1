/** A VM as it was once: what accounting tells of one of its stays, whatever became of it since. */
import type { Phase } from './phase.ts';
import type { Vm } from './vm.ts';

/** The last sample of monitoring, kept beside the record. */
export interface LastSample {
  /** Epoch seconds. */
  readonly time: number;
  /** With its MONITORING element. */
  readonly xml: string;
}

export interface VmThen {
  readonly vm: Vm;
  /** Before the change that was under way; LCM_INIT stands for a VM that is ACTIVE and nothing more. */
  readonly previousPhase: Phase | 'LCM_INIT';
  readonly sample?: LastSample | undefined;
}
