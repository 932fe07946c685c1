/**
 * Carries out the scheduled actions of VMs when their time has come, as oneadmin, through the same code as the API
 * (src/sam/ScheduledActionManager.cc, 7.4). One timer waits for the next of all; an action that is refused keeps the
 * reason in MESSAGE and is tried again, as OpenNebula does with every turn of its manager.
 */
import { messageOf } from '../../errors/thrown.ts';
import { ONEADMIN_ID } from '../objects/user.ts';
import type { ScheduledAction, Vm } from '../objects/vm.ts';
import { logTime } from '../platform/log.ts';
import { isDue, isOver, withDone, withFailure } from '../vm/sched-actions.ts';
import { ApiError, describeApiError } from './api-error.ts';
import { Call } from './call.ts';
import { carryOut } from './scheduled-call.ts';
import type { Services } from './services.ts';

/** MANAGER_TIMER of oned.conf (7.4): how soon a refused action is tried again. */
const RETRY_SECONDS = 15;
/** A timer cannot wait longer than 24 days; it looks again once a day. */
const LONGEST_WAIT_SECONDS = 86_400;

/** Follows the VMs until it is disposed. */
export function startScheduledActions(services: Services): Disposable {
  const { cloud, clock } = services;
  /** VMs whose next action has to wait although it is due. */
  const notBefore = new Map<number, number>();
  let timer: Disposable | undefined;

  const wait = () => {
    timer?.[Symbol.dispose]();
    timer = undefined;
    const times = scheduledVms(services).flatMap((vm) => {
      const action = nextAction(vm, clock.now());
      return action ? [Math.max(action.time, notBefore.get(vm.id) ?? 0)] : [];
    });
    if (times.length === 0) return;
    const seconds = Math.min(Math.max(0, Math.min(...times) - clock.now()), LONGEST_WAIT_SECONDS);
    timer = clock.after(seconds, run);
  };
  const run = () => {
    const now = clock.now();
    try {
      for (const vm of scheduledVms(services)) {
        const action = nextAction(vm, now);
        if (!action || !isDue(action, now) || (notBefore.get(vm.id) ?? 0) > now) continue;
        notBefore.set(vm.id, now + RETRY_SECONDS);
        if (runOne(services, vm.id, action)) notBefore.set(vm.id, now + 1);
      }
    } finally {
      wait();
    }
  };
  const subscription = cloud.subscribe((changes) => {
    const concerned = changes.some(
      (change) => change.kind === 'vm' && change.before?.schedActions !== change.after?.schedActions,
    );
    for (const { kind, id, after } of changes) if (kind === 'vm' && !after) notBefore.delete(id);
    if (concerned) wait();
  });
  wait();
  return {
    [Symbol.dispose]() {
      subscription[Symbol.dispose]();
      timer?.[Symbol.dispose]();
    },
  };
}

function scheduledVms({ cloud: { pools } }: Services): Vm[] {
  return pools.vm.withIds(pools.vm.ids('scheduled', 1));
}

/** The one whose turn it is: a VM does one thing after the other. */
function nextAction(vm: Vm, now: number): ScheduledAction | undefined {
  const open = vm.schedActions.filter((action) => !isOver(action, now));
  return open.sort((a, b) => a.time - b.time || a.id - b.id)[0];
}

/** @returns whether it was carried out */
function runOne(services: Services, vmId: number, action: ScheduledAction): boolean {
  const reason = refusalOf(services, vmId, action);
  const { cloud, clock, dispatcher, log } = services;
  const now = clock.now();
  const after = reason === undefined ? withDone(action, now) : withFailure(action, `${logTime(now)} : ${reason}`);
  cloud.transaction(() => {
    const vm = cloud.pools.vm.get(vmId);
    if (!vm) return;
    const schedActions = vm.schedActions.map((other) => (other.id === action.id ? after : other));
    dispatcher.update({ ...vm, schedActions });
  });
  const outcome = reason === undefined ? 'Success.' : `Failure. ${reason}`;
  log(
    'SCH',
    reason === undefined ? 'info' : 'error',
    `Executing action '${action.action}' for VM ${vmId} : ${outcome}`,
  );
  return reason === undefined;
}

function refusalOf(services: Services, vmId: number, action: ScheduledAction): string | undefined {
  const oneadmin = services.cloud.pools.user.get(ONEADMIN_ID);
  if (!oneadmin) return 'There is no oneadmin.';
  const { gid, gname, groupIds } = oneadmin;
  const call = new Call(action.action, -1, { user: oneadmin, gid, gname, groupIds }, services);
  try {
    carryOut(call, vmId, action);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) return messageOf(error);
    return describeApiError(error, { method: action.action, uid: ONEADMIN_ID, kind: 'vm' }).message;
  }
}
