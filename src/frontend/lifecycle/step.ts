/** One step in the life of a VM: a row of the transition table applied to a record. Nothing runs and no clock is read. */
import { type Phase, statesOf } from '../objects/phase.ts';
import type { Vm } from '../objects/vm.ts';
import {
  ANSWERS,
  IMAGE_EVENTS,
  type LifeCycleEvent,
  MONITOR_EVENTS,
  PLAIN_VMM,
  type VmmCapabilities,
} from './events.ts';
import { type DriverRequest, requestOf } from './requests.ts';
import { choose, type Rows } from './row.ts';
import { transitions } from './transitions.ts';
import { WrongState } from './wrong-state.ts';

export interface Step {
  readonly vm: Vm;
  /** What the VM waited for is to be given up before the request is sent. */
  readonly cancels: boolean;
  /** What the VM waits for from here on; missing when the event leaves what is under way as it is. */
  readonly request?: DriverRequest;
}

/** These come from outside any request, maybe late: where the table has no row they change nothing. */
const UNASKED: ReadonlySet<string> = new Set([...ANSWERS, ...MONITOR_EVENTS, ...IMAGE_EVENTS]);

/**
 * @param now epoch seconds
 * @throws WrongState when the VM's phase does not allow what the event asks for
 */
export function step(vm: Vm, event: LifeCycleEvent, now: number, vmm: VmmCapabilities = PLAIN_VMM): Step {
  const rows: Rows = transitions[vm.phase];
  const row = rows[event.name] ?? rows[answerOf(event.name)];
  if (!row) {
    if (UNASKED.has(event.name) || isNothingToRecover(vm, event)) return { vm, cancels: false };
    throw new WrongState(vm, event);
  }
  const context = { event, now, vmm };
  const { to, marks, cancels: givesUp } = choose(row, vm, context);
  // Whoever recovers a VM does not expect an answer any more.
  const cancels = givesUp || event.name.startsWith('recover-');
  const marked = marks.reduce((current, mark) => mark(current, context), vm);
  const next: Vm = { ...withoutPastOperation(marked, vm, to), phase: to };
  if (to === vm.phase && !cancels && next.operation === vm.operation) return { vm: next, cancels };
  const request = requestOf(next);
  return request ? { vm: next, cancels, request } : { vm: next, cancels };
}

/** @throws WrongState when the VM's phase has no row for what is asked for */
export function checkAllowed(vm: Vm, event: LifeCycleEvent): void {
  const rows: Rows = transitions[vm.phase];
  if (!rows[event.name]) throw new WrongState(vm, event);
}

/** What was under way ends with its phase. */
function withoutPastOperation(marked: Vm, before: Vm, to: Phase): Vm {
  if (!marked.operation || marked.operation !== before.operation || to === before.phase) return marked;
  const { operation: _, ...rest } = marked;
  return rest;
}

/** Recover stands for the answer that did not come. */
function answerOf(name: LifeCycleEvent['name']): LifeCycleEvent['name'] {
  if (name === 'recover-success') return 'done';
  return name === 'recover-failure' ? 'failed' : name;
}

/** Recovering a VM on its way that has nothing to recover is no error (src/lcm/LifeCycleActions.cc, recover and retry). */
function isNothingToRecover(vm: Vm, event: LifeCycleEvent): boolean {
  return event.name.startsWith('recover-') && isActive(vm) && event.name !== 'recover-delete';
}

function isActive(vm: Vm): boolean {
  return statesOf(vm.phase).state === 'ACTIVE';
}
