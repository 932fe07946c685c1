/**
 * Waiting for OpenNebula to get somewhere. Its API has no way to be told, so the object is looked at again and again,
 * first after 10 ms and then ever more seldom: what is waited for is seen when it has taken a tenth longer, at the latest.
 * ONEDock's own front-end holds its answers until there is news, and is asked without pauses.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostState, ImageState } from '../numbers.ts';
import type { VmState } from '../vm-states.ts';
import type { Client, Follower } from './client.ts';
import { fail } from './errors.ts';
import type { Host, Image, Vm } from './views.ts';

export interface WaitOptions {
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

export interface Awaited<T> extends WaitOptions {
  /** What is waited for, as the subject of a sentence: "VM 7 RUNNING". */
  readonly awaited: string;
  /** @param seconds  that are left */
  readonly look: (seconds: number) => Promise<T>;
  /** Whether looking takes until there is something new to be seen. */
  readonly holds?: () => boolean;
  readonly done: (value: T) => boolean;
  /** Why it will never be done; undefined while it may. */
  readonly hopeless?: (value: T) => string | undefined;
  /** The value in a word or two, for the error. */
  readonly describe: (value: T) => string;
}

const FIRST_INTERVAL_MS = 10;
const LAST_INTERVAL_MS = 500;
const GROWTH = 1.1;
const DEFAULT_TIMEOUT_SECONDS = 120;

/**
 * Looks until `done` says so and returns what was seen then.
 * @throws WAIT_TIMED_OUT, WAIT_IN_VAIN, whatever `look` throws, and the signal's reason when it is aborted
 */
export async function waitUntil<T>(what: Awaited<T>): Promise<T> {
  const { awaited, look, holds, done, hopeless, describe, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, signal } = what;
  const deadline = performance.now() + timeoutSeconds * 1000;
  for (let interval = FIRST_INTERVAL_MS; ; interval = intervalAfter(interval)) {
    signal?.throwIfAborted();
    const value = await look(Math.max(0, (deadline - performance.now()) / 1000));
    if (done(value)) return value;
    const reason = hopeless?.(value);
    if (reason !== undefined) throw fail('WAIT_IN_VAIN', { awaited, last: describe(value), reason });
    const left = deadline - performance.now();
    if (left <= 0) throw fail('WAIT_TIMED_OUT', { awaited, timeoutSeconds, last: describe(value) });
    if (holds?.()) continue;
    await sleep(Math.min(interval, left), undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

/** Looks by a follower, which may know better than to look again and again. */
export function following<T>(follower: Follower<T>): Pick<Awaited<T>, 'look' | 'holds'> {
  return { look: (seconds) => follower.look(seconds), holds: () => follower.holds };
}

/** How long to wait after a wait of so many milliseconds was in vain. */
export function intervalAfter(milliseconds: number): number {
  return Math.min(milliseconds * GROWTH, LAST_INTERVAL_MS);
}

/** Where a VM is waited for: a state, or RUNNING for ACTIVE with the guest up. */
export type VmGoal = 'RUNNING' | Exclude<VmState, 'ACTIVE' | 'INIT' | 'CLONING_FAILURE'>;

/** @throws WAIT_IN_VAIN when the VM has failed, or is DONE while something else is waited for */
export function waitForVm(client: Client, id: number, goal: VmGoal, options: WaitOptions = {}): Promise<Vm> {
  return waitUntil({
    ...options,
    awaited: `VM ${id} ${goal}`,
    ...following(client.follow('vm', id)),
    done: (vm) => (goal === 'RUNNING' ? vm.isRunning : vm.state === goal),
    hopeless: (vm) =>
      vm.hasFailed || vm.state === 'DONE' ? vm.error || 'Nobody but a user can change that.' : undefined,
    describe: (vm) =>
      vm.state === 'ACTIVE' ? vm.lcmState : [vm.state, vm.schedulerMessage].filter(Boolean).join(', '),
  });
}

/** Until a VM is DONE, whatever fails on the way: who ends it may end it otherwise then. */
export function waitUntilGone(client: Client, id: number, options: WaitOptions = {}): Promise<Vm> {
  return waitUntil({
    ...options,
    awaited: `VM ${id} DONE`,
    ...following(client.follow('vm', id)),
    done: ({ state }) => state === 'DONE',
    describe: ({ state, lcmState }) => (state === 'ACTIVE' ? lcmState : state),
  });
}

/** @throws WAIT_IN_VAIN when the image is in ERROR */
export function waitForImage(client: Client, id: number, goal: ImageState, options: WaitOptions = {}): Promise<Image> {
  return waitUntil({
    ...options,
    awaited: `Image ${id} ${goal}`,
    ...following(client.follow('image', id)),
    done: (image) => image.state === goal,
    hopeless: (image) => (image.state === 'ERROR' ? image.error || 'The datastore driver failed.' : undefined),
    describe: (image) => image.state,
  });
}

/** A host in ERROR is monitored again, so that is waited through. */
export function waitForHost(client: Client, id: number, goal: HostState, options: WaitOptions = {}): Promise<Host> {
  return waitUntil({
    ...options,
    awaited: `Host ${id} ${goal}`,
    ...following(client.follow('host', id)),
    done: (host) => host.state === goal,
    describe: (host) => [host.state, host.error].filter(Boolean).join(', '),
  });
}
