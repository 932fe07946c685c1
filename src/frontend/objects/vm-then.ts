/** A VM as it was once: what accounting tells of one of its stays, whatever became of it since. */
import type { Phase } from './phase.ts';
import type { Vm } from './vm.ts';
import type { LastSample } from './vm-document.ts';

export interface VmThen {
  readonly vm: Vm;
  /** Before the change that was under way; LCM_INIT stands for a VM that is ACTIVE and nothing more. */
  readonly previousPhase: Phase | 'LCM_INIT';
  /** What monitoring had told last. */
  readonly sample?: LastSample | undefined;
}
