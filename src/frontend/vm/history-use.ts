/**
 * What a VM had while it was on a host. A stay that has ended keeps what the VM had then: it may have another size since,
 * and accounting is about what it was.
 */
import type { HistoryRecord, Vm } from '../objects/vm.ts';
import { capacityOf } from './capacity.ts';
import { disksOf } from './disk.ts';

type Use = NonNullable<HistoryRecord['use']>;

/** What the VM had in one of its stays. */
export function useOf(vm: Vm, record: HistoryRecord): Use {
  return record.use ?? presentUse(vm);
}

/** The VM with the use of stays that have just ended. @param before the VM as it was until then */
export function withUseOfEnded(before: Vm | undefined, after: Vm): Vm {
  const hasEnded = ({ endedAt, use }: HistoryRecord) => endedAt !== 0 && use === undefined;
  if (!after.history.slice(-2).some(hasEnded)) return after;
  const use = presentUse(before ?? after);
  return { ...after, history: after.history.map((record) => (hasEnded(record) ? { ...record, use } : record)) };
}

function presentUse(vm: Vm): Use {
  const { cpu, memory } = capacityOf(vm);
  const diskMb = disksOf(vm).reduce(
    (sum, { SIZE, DISK_SNAPSHOT_TOTAL_SIZE }) => sum + (Number(SIZE) || 0) + (Number(DISK_SNAPSHOT_TOTAL_SIZE) || 0),
    0,
  );
  return { cpu, memory, diskMb };
}
