/**
 * Book-keeping in the history of a VM. Each is a `Mark`: it takes a VM and what happened and returns the changed VM;
 * rows of the transition table name the marks that go with them. Which times are set when follows src/lcm and src/dm
 * of OpenNebula 7.4, because accounting is computed from them.
 */
import type { HistoryAction } from '../../opennebula/history-actions.ts';
import type { HistoryRecord, Vm } from '../objects/vm.ts';
import type { Mark } from './mark.ts';

type Times = Pick<
  HistoryRecord,
  'endedAt' | 'prologStartedAt' | 'prologEndedAt' | 'runStartedAt' | 'runEndedAt' | 'epilogStartedAt' | 'epilogEndedAt'
>;

/** Writes the time of the event into the current record. */
const stamp =
  (...fields: readonly (keyof Times)[]): Mark =>
  (vm, { now }) =>
    change(vm, -1, Object.fromEntries(fields.map((field) => [field, now])));

export const prologStarts = stamp('prologStartedAt');
export const prologEnds = stamp('prologEndedAt');
export const runStarts = stamp('runStartedAt');
export const runEnds = stamp('runEndedAt');
export const epilogStarts = stamp('epilogStartedAt');
export const epilogEnds = stamp('epilogEndedAt');
export const recordEnds = stamp('endedAt');

/** A restored or restarted guest goes on in its record: it did not end after all. */
export const runGoesOn: Mark = (vm) =>
  change(vm, -1, { ...without(currentOf(vm)), action: 'none', endedAt: 0, runEndedAt: 0 });

/** The action was not carried out. */
export const noAction: Mark = (vm) => change(vm, -1, { ...without(currentOf(vm)), action: 'none' });

/** Notes what ends the current record and who asked for it. */
export const action =
  (name: HistoryAction): Mark =>
  (vm, { event }) =>
    change(vm, -1, event.actor ? { action: name, actor: event.actor } : { ...without(currentOf(vm)), action: name });

/** The same in the record before, which a migration ends. */
export const previousAction =
  (name: HistoryAction): Mark =>
  (vm, { event }) =>
    change(vm, -2, event.actor ? { action: name, actor: event.actor } : { action: name });

/** The stay at the host left behind is over. */
export const previousEnds: Mark = (vm, { now }) => change(vm, -2, { endedAt: now, runEndedAt: now });

/** A stay on a host begins. */
export const placed: Mark = (vm, { event, now }) => {
  if (!event.placement) throw new TypeError(`${event.name} needs a placement.`);
  return append(vm, { ...emptyTimes, ...event.placement, startedAt: now });
};

/** A guest that was off starts again: the record ends, the next one is for the same host. */
export const resumed: Mark = (vm, context) => {
  const { now, event } = context;
  const ended = change(vm, -1, { endedAt: now });
  const next = append(ended, { ...sameStay(currentOf(vm)), startedAt: now, runStartedAt: now });
  return event.actor ? action('resume')(next, context) : next;
};

/**
 * A change of the guest ends the record and opens the next for the same stay: `name` is noted in the one that ends,
 * what was noted there moves on. The next one of a guest that is off counts no running time.
 */
export const turned =
  (name: HistoryAction): Mark =>
  (vm, context) => {
    const { now } = context;
    const current = currentOf(vm);
    const isOff = current.runEndedAt !== 0;
    const ended = change(vm, -1, { endedAt: now, runEndedAt: isOff ? current.runEndedAt : now });
    return append(action(name)(ended, context), {
      ...sameStay(current),
      startedAt: now,
      runStartedAt: now,
      runEndedAt: isOff ? now : 0,
      action: current.action,
    });
  };

/** A migration that failed while the guest still ran at home: the guest goes on there, in a new record. */
export const migrationReverted: Mark = (vm, { now }) => {
  const home = previousOf(vm);
  const ended = change(change(vm, -1, { endedAt: now }), -2, { endedAt: now, runEndedAt: now });
  return append(ended, { ...sameStay(home), startedAt: now, runStartedAt: now });
};

/** A transfer to another host was given up: the disks are taken back to where they came from. */
export const sentHome: Mark = (vm, { now }) => {
  const home = previousOf(vm);
  const ended = change(vm, -1, { endedAt: now, prologEndedAt: now });
  return append(ended, { ...sameStay(home), startedAt: now, prologStartedAt: now });
};

/** What clean-up leaves to write: the end of the record and of the part that was under way. */
export const abandoned: Mark = (vm, { now }) => {
  const current = vm.history.at(-1);
  if (!current) return vm;
  const part = vm.phase.startsWith('PROLOG')
    ? { prologEndedAt: now }
    : vm.phase.startsWith('EPILOG')
      ? { epilogEndedAt: now }
      : runsIn(vm)
        ? { runEndedAt: now }
        : {};
  const ended = change(vm, -1, { ...part, endedAt: current.endedAt || now });
  return vm.phase === 'MIGRATE' || vm.phase === 'SAVE_MIGRATE'
    ? change(ended, -2, { endedAt: now, runEndedAt: now })
    : ended;
};

/** A VM that is done leaves no record open. */
export const recordClosed: Mark = (vm, { now }) => {
  const current = vm.history.at(-1);
  if (!current) return vm;
  return change(vm, -1, {
    runEndedAt: current.runStartedAt !== 0 && current.runEndedAt === 0 ? now : current.runEndedAt,
    endedAt: current.endedAt || now,
  });
};

function runsIn(vm: Vm): boolean {
  const current = currentOf(vm);
  return current.runStartedAt !== 0 && current.runEndedAt === 0;
}

const emptyTimes = {
  endedAt: 0,
  prologStartedAt: 0,
  prologEndedAt: 0,
  runStartedAt: 0,
  runEndedAt: 0,
  epilogStartedAt: 0,
  epilogEndedAt: 0,
  action: 'none',
} as const;

type NewRecord = Omit<HistoryRecord, 'seq'>;

function sameStay(record: HistoryRecord): Omit<NewRecord, 'startedAt'> {
  const { hostId, hostName, clusterId, vmMad, tmMad, datastoreId, planId, planActionId } = record;
  return { ...emptyTimes, hostId, hostName, clusterId, vmMad, tmMad, datastoreId, planId, planActionId };
}

function append(vm: Vm, record: NewRecord): Vm {
  const seq = (vm.history.at(-1)?.seq ?? -1) + 1;
  return { ...vm, history: [...vm.history, { ...record, seq }] };
}

/** A record with changed fields; one without its actor is given whole. */
function change(vm: Vm, index: -1 | -2, fields: Partial<HistoryRecord>): Vm {
  const record = vm.history.at(index);
  if (!record) return vm;
  const whole = 'seq' in fields ? (fields as HistoryRecord) : { ...record, ...fields };
  return { ...vm, history: vm.history.with(index, whole) };
}

function without({ actor: _, ...record }: HistoryRecord): HistoryRecord {
  return record;
}

function currentOf(vm: Vm): HistoryRecord {
  const record = vm.history.at(-1);
  if (!record) throw new TypeError(`VM ${vm.id} has no history in ${vm.phase}.`);
  return record;
}

function previousOf(vm: Vm): HistoryRecord {
  const record = vm.history.at(-2);
  if (!record) throw new TypeError(`VM ${vm.id} did not migrate in ${vm.phase}.`);
  return record;
}
