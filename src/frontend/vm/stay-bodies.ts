/**
 * What accounting remembers of a VM for each of its stays. A stay's body is not written whenever the VM changes, but at
 * the moments at which oned does it (`set_vm_info` and `cp_history` in src/dm, src/lcm, src/vm, 7.4): when the stay
 * begins, when a device or disk snapshot ends it, and when what was under way is taken back.
 */
import type { HistoryAction } from '../../opennebula/history-actions.ts';
import type { Vm } from '../objects/vm.ts';
import type { Operation } from '../objects/vm-operation.ts';
import type { VmThen } from '../objects/vm-then.ts';
import { edited } from './edit-template.ts';

export interface StayBody extends VmThen {
  /** Of the stay that the body is of. */
  readonly seq: number;
}

/** The bodies that a change writes. */
export function changedBodies(before: Vm, after: Vm): StayBody[] {
  const current = after.history.at(-1);
  if (!current) return [];
  const previousPhase = isUnplaced(before) ? 'LCM_INIT' : before.phase;
  const body = (seq: number, vm: Vm): StayBody => ({ seq, vm, previousPhase });
  const last = before.history.at(-1);
  if (last?.seq === current.seq) {
    return isRefreshed(before, after) ? [body(current.seq, after)] : leftBehind(before, after, body);
  }
  const ended = last && after.history.at(-2);
  const { atEnd, atBegin = asAfter } = (ended && TURNS[ended.action]) ?? {};
  return [
    ...(ended && atEnd ? [body(ended.seq, atEnd(before, after))] : []),
    body(current.seq, atBegin(before, after)),
  ];
}

/** The VM in the midst of a change. */
type View = (before: Vm, after: Vm) => Vm;

const asBefore: View = (before) => before;
const asAfter: View = (_, after) => after;
/** The device is marked already, the state is the old one. One that goes at once is still there. */
const marked: View = (before, after) => (after.operation ? { ...after, phase: before.phase } : before);
/** The state is the next one already, the device is not there yet. */
const withoutDevice: View = (before, after) => ({ ...before, phase: after.phase });
/** The NIC is there, its lines of the context are not. */
const withoutContext: View = (before, after) => {
  const context = before.template.vector('CONTEXT');
  return context ? { ...after, template: edited(after.template, (copy) => copy.set('CONTEXT', context)) } : after;
};

interface Turn {
  readonly atEnd?: View;
  readonly atBegin?: View;
}

/** By what ended a stay: how its body sees the VM, which otherwise stays, and how that of the next one does. */
const TURNS: { readonly [Action in HistoryAction]?: Turn } = {
  'disk-attach': { atEnd: withoutDevice },
  'disk-detach': { atEnd: marked, atBegin: marked },
  'nic-attach': { atEnd: withoutContext, atBegin: withoutContext },
  'nic-detach': { atEnd: marked, atBegin: marked },
  'alias-attach': { atEnd: withoutContext, atBegin: withoutContext },
  'alias-detach': { atEnd: marked, atBegin: marked },
  'nic-update': { atEnd: asAfter },
  'disk-snapshot-create': { atEnd: asBefore },
  'disk-snapshot-revert': { atEnd: marked, atBegin: marked },
  'disk-snapshot-delete': { atEnd: marked },
  'disk-resize': { atEnd: asBefore },
};

/** OpenNebula puts such a VM into ACTIVE before it begins to deploy it. */
function isUnplaced({ phase }: Vm): boolean {
  return phase === 'PENDING' || phase === 'HOLD' || phase === 'STOPPED' || phase === 'UNDEPLOYED';
}

/** Operations whose end is written into the body, where it left anything changed. */
const REFRESHING: ReadonlySet<Operation['kind']> = new Set<Operation['kind']>([
  'disk-attach',
  'disk-detach',
  'disk-snapshot-create',
  'disk-snapshot-revert',
  'disk-snapshot-delete',
  'disk-resize',
  'resize',
]);

function isRefreshed(before: Vm, after: Vm): boolean {
  if (!before.operation || after.operation || !REFRESHING.has(before.operation.kind)) return false;
  return after.template !== before.template || after.diskSnapshots !== before.diskSnapshots;
}

/** A VM that is cleaned up while it moves: the stay that it came from ends, too. */
function leftBehind(before: Vm, after: Vm, body: (seq: number, vm: Vm) => StayBody): StayBody[] {
  const previous = after.history.at(-2);
  const isMoving = before.phase === 'MIGRATE' || before.phase === 'SAVE_MIGRATE';
  return previous && isMoving && after.operation?.kind === 'cleanup' ? [body(previous.seq, after)] : [];
}
