/** Writes into the accounts what VMs are, at the moments at which it is to be remembered. */

import type { Vm } from '../objects/vm.ts';
import type { Cloud } from '../store/cloud.ts';
import { changedBodies } from '../vm/stay-bodies.ts';

/** What a change of a VM leaves to be remembered. Within a transaction. @param before missing for a new VM */
export function keepChangedBodies(cloud: Cloud, before: Vm | undefined, after: Vm): void {
  if (!before) return;
  for (const { seq, ...then } of changedBodies(before, after)) {
    cloud.stays.write(after.id, seq, { ...then, sample: lastSample(cloud, after.id) });
  }
}

/** The VM as it is, for its present stay. Within a transaction. */
export function keepBody(cloud: Cloud, vm: Vm): void {
  const current = vm.history.at(-1);
  if (!current) return;
  cloud.stays.write(vm.id, current.seq, { vm, previousPhase: vm.phase, sample: lastSample(cloud, vm.id) });
}

function lastSample(cloud: Cloud, vmId: number) {
  const sample = cloud.monitoring.last('vm', vmId);
  return sample && { time: sample.time, xml: sample.body };
}
