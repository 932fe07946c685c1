/**
 * Runs hooks when what they wait for has happened, and keeps what came of it with them: the last executions, as many as
 * HOOK_LOG_CONF says. What happens is committed before; a hook can neither stop nor change it.
 */
import pLimit from 'p-limit';
import { traceOf } from '../../errors/thrown.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { Hook, HookExecution } from '../objects/hook.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Cloud } from '../store/cloud.ts';
import { callEvent, type FinishedCall, isTold } from './call-event.ts';
import { type HookFolders, hookArguments, hookCommand } from './hook-command.ts';
import type { HookRunner } from './hook-runner.ts';
import { type HookEvent, stateEvent } from './state-events.ts';

export interface HookManagerOptions {
  readonly cloud: Cloud;
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly log: Log;
  readonly run: HookRunner;
  readonly folders: HookFolders;
}

export interface HookManager extends Disposable {
  /** Tells the hooks that wait for it of a call. */
  called(call: FinishedCall): void;
  /** Runs a hook once more, with the arguments of an earlier execution. */
  retry(hook: Hook, execution: HookExecution): void;
}

/** As many at a time as OpenNebula's executor runs (etc/onehem-server.conf). */
const CONCURRENCY = 10;

export function startHookManager(options: HookManagerOptions): HookManager {
  const { cloud, log } = options;
  const limit = pLimit(CONCURRENCY);
  const stop = new AbortController();

  const start = (run: () => Promise<void>) => {
    limit(() => (stop.signal.aborted ? undefined : run())).catch((error) => {
      log('HKM', 'error', traceOf(error));
    });
  };
  const happened = (event: HookEvent) => {
    for (const id of cloud.pools.hook.ids('key', event.key)) {
      const hook = cloud.pools.hook.get(id);
      if (!hook) continue;
      const args = hookArguments(hook, event);
      start(() => execute(options, { hook, args, remoteHost: event.remoteHost }, stop.signal));
    }
  };
  const subscription = cloud.subscribe((changes) => {
    if (cloud.pools.hook.size === 0) return;
    for (const change of changes) {
      const event = stateEvent(cloud, change);
      if (event) happened(event);
    }
  });
  return {
    called(call) {
      if (isTold(call.method) && cloud.pools.hook.ids('key', call.method).size > 0) happened(callEvent(call));
    },
    retry(hook, execution) {
      const { arguments: args, remoteHost = '' } = execution;
      start(() => execute(options, { hook, args, remoteHost, isRetry: true }, stop.signal));
    },
    [Symbol.dispose]() {
      stop.abort(new Error('The front-end stops.'));
      subscription[Symbol.dispose]();
    },
  };
}

interface DueHook {
  readonly hook: Hook;
  readonly args: string;
  readonly remoteHost: string;
  readonly isRetry?: boolean;
}

async function execute(options: HookManagerOptions, due: DueHook, signal: AbortSignal): Promise<void> {
  const { hook, args, remoteHost, isRetry = false } = due;
  const { clock, log, run, folders } = options;
  const command = hookCommand(hook, args, remoteHost, folders);
  if (command.remoteHost === '') {
    log('HKM', 'error', `Hook ${hook.id} is to run on a host, and what happened names none.`);
    return;
  }
  const result = await run(command, signal);
  if (signal.aborted) return;
  const outcome = result.code === 0 ? 'success' : `failure, exit code ${result.code}`;
  log('HKM', result.code === 0 ? 'info' : 'error', `Hook ${hook.id} (${hook.name}) executed: ${outcome}`);
  keep(options, hook.id, {
    time: clock.now(),
    arguments: args,
    command: command.line,
    ...result,
    ...(command.remoteHost === undefined ? {} : { remoteHost: command.remoteHost }),
    ...(isRetry ? { isRetry } : {}),
  });
}

/** A hook that was removed meanwhile keeps nothing. */
function keep(
  { cloud, configuration }: HookManagerOptions,
  hookId: number,
  execution: Omit<HookExecution, 'id'>,
): void {
  cloud.transaction(() => {
    const hook = cloud.pools.hook.get(hookId);
    if (!hook) return;
    const id = (hook.executions.at(-1)?.id ?? -1) + 1;
    const kept = Number(configuration.vector('HOOK_LOG_CONF').LOG_RETENTION) || 1;
    cloud.pools.hook.put({ ...hook, executions: [...hook.executions, { id, ...execution }].slice(-kept) });
  });
}
