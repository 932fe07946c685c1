import { describe, expect, it } from 'vitest';
import { hostClaims } from '../../../../src/frontend/lifecycle/claims.ts';
import type { EventName, LifeCycleEvent } from '../../../../src/frontend/lifecycle/events.ts';
import { requestOf } from '../../../../src/frontend/lifecycle/requests.ts';
import { step } from '../../../../src/frontend/lifecycle/step.ts';
import { transitions } from '../../../../src/frontend/lifecycle/transitions.ts';
import { type Phase, statesOf } from '../../../../src/frontend/objects/phase.ts';
import type { Vm } from '../../../../src/frontend/objects/vm.ts';
import type { Operation } from '../../../../src/frontend/objects/vm-operation.ts';
import { ACTOR, placement, vmRecord } from '../../../support/vm-records.ts';

const SEQUENCES = 400;
const EVENTS_PER_SEQUENCE = 120;

describe('a VM through any sequence of events', () => {
  it('keeps its books in order and waits for a driver exactly where the table says so', () => {
    for (let seed = 1; seed <= SEQUENCES; seed++) {
      const random = generator(seed);
      let vm = vmRecord();
      const path: string[] = [];
      for (let i = 0; i < EVENTS_PER_SEQUENCE && vm.phase !== 'DONE'; i++) {
        const name = pick(Object.keys(transitions[vm.phase]) as EventName[], random);
        path.push(`${vm.phase} ${name}`);
        const next = step(vm, fill(name, random), 2000 + i);
        expect(problems(vm, next.vm), `seed ${seed}: ${path.join(', ')}`).toEqual([]);
        vm = next.vm;
      }
    }
  });

  it('can always be deleted', () => {
    for (const phase of Object.keys(transitions) as Phase[])
      expect(transitions[phase], phase).toHaveProperty('recover-delete');
  });

  it('can be got out of every phase in which it waits', () => {
    for (const [phase, rows] of Object.entries(transitions)) {
      const { state } = statesOf(phase as Phase);
      if (state !== 'ACTIVE' || phase === 'RUNNING' || phase === 'UNKNOWN') continue;
      expect(Object.keys(rows), phase).toEqual(expect.arrayContaining(['done', 'recover-retry']));
    }
  });
});

/** What is wrong with the VM after a step. */
function problems(before: Vm, vm: Vm): string[] {
  const wrong: string[] = [];
  const check = (holds: boolean, what: string) => holds || wrong.push(`${what} in ${vm.phase}`);
  vm.history.forEach((record, i) => {
    check(record.seq === i, `record ${i} has sequence number ${record.seq}`);
    if (i < vm.history.length - 1 && !AT_BOTH.has(vm.phase)) check(record.endedAt > 0, `record ${i} never ended`);
    check(record.endedAt === 0 || record.endedAt >= record.startedAt, `record ${i} ends before it starts`);
  });
  check(vm.endedAt > 0 === (vm.phase === 'DONE'), 'the end is set wrongly');
  check(hostClaims(vm).length <= (AT_BOTH.has(vm.phase) ? 2 : 1), 'too many hosts are claimed');
  check(vm.phase !== 'RUNNING' || vm.deployId !== '', 'it runs without a name');
  check(!waits(vm) || requestOf(vm) !== undefined, 'nothing is asked of the drivers');
  check(
    vm.phase === before.phase || vm.operation !== before.operation || !vm.operation,
    'an operation outlived its phase',
  );
  if (vm.phase === 'PENDING') check(requestOf(vm) === undefined, 'a driver is asked');
  return wrong;
}

const AT_BOTH: ReadonlySet<Phase> = new Set(['MIGRATE', 'SAVE_MIGRATE']);

function waits(vm: Vm): boolean {
  const { state } = statesOf(vm.phase);
  return state === 'ACTIVE' && !['RUNNING', 'UNKNOWN'].includes(vm.phase) && !vm.phase.endsWith('_FAILURE');
}

function fill(name: EventName, random: () => number): LifeCycleEvent {
  const hostId = Math.floor(random() * 3);
  return {
    name,
    actor: ACTOR,
    placement: placement({ hostId, hostName: `host-${hostId}` }),
    operation: operationOf(name),
    ...(name === 'done' ? { output: 'one-7' } : {}),
  };
}

function operationOf(name: EventName): Operation {
  if (name.startsWith('disk-snapshot')) return { kind: 'disk-snapshot-create', diskId: 0, snapshotId: 0 };
  if (name.startsWith('snapshot')) return { kind: 'snapshot-create', snapshotId: 0 };
  if (name.startsWith('nic')) return { kind: name === 'nic-detach' ? 'nic-detach' : 'nic-attach', nicId: 0 };
  if (name === 'updateconf' || name === 'exec' || name === 'exec-cancel') return { kind: name };
  if (name === 'resize') return { kind: 'resize', previous: { cpu: '1', memory: '64' } };
  if (name === 'disk-resize') return { kind: 'disk-resize', diskId: 0, previousSizeMb: 5 };
  return { kind: name === 'disk-detach' ? 'disk-detach' : 'disk-attach', diskId: 0 };
}

function pick<T>(values: readonly T[], random: () => number): T {
  return values[Math.floor(random() * values.length)] as T;
}

/** A repeatable sequence of numbers in [0, 1): mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
