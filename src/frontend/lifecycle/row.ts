/** The words in which the transition table is written. */
import type { Phase } from '../objects/phase.ts';
import type { Vm } from '../objects/vm.ts';
import type { EventName } from './events.ts';
import type { Mark, MarkContext } from './mark.ts';

export interface Row {
  readonly to: Phase;
  readonly marks: readonly Mark[];
  /** The request under way is given up before the phase changes. */
  readonly cancels: boolean;
}

/** The next phase depends on the VM or its driver. */
export interface Choice {
  readonly when: Condition;
  readonly yes: Row | Choice;
  readonly no: Row | Choice;
}

/** Named as the reference page prints it. */
export interface Condition {
  readonly name: string;
  readonly holds: (vm: Vm, context: MarkContext) => boolean;
}

export type Rows = { readonly [Name in EventName]?: Row | Choice };

export type TransitionTable = { readonly [Name in Phase]: Rows };

export function to(phase: Phase, ...marks: readonly Mark[]): Row {
  return { to: phase, marks, cancels: false };
}

/** Like `to`, but what the VM waits for is given up first. */
export function giveUpFor(phase: Phase, ...marks: readonly Mark[]): Row {
  return { to: phase, marks, cancels: true };
}

export function either(when: Condition, yes: Row | Choice, no: Row | Choice): Choice {
  return { when, yes, no };
}

export function choose(row: Row | Choice, vm: Vm, context: MarkContext): Row {
  return 'when' in row ? choose(row.when.holds(vm, context) ? row.yes : row.no, vm, context) : row;
}

/** All rows that a choice may end in, with what leads to each. */
export function branches(row: Row | Choice): { readonly row: Row; readonly when?: string }[] {
  if (!('when' in row)) return [{ row }];
  const yes = branches(row.yes).map((branch) => ({ ...branch, when: row.when.name }));
  return [...yes, ...branches(row.no).map((branch) => ({ when: 'otherwise', ...branch }))];
}
