/** The other side of `serve-calls.ts`: a runner that gives its calls to an agent where there is one. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { jsonLines } from '../../transport/json-lines.ts';
import { ActionFailure } from '../contract/action.ts';
import type { DriverCall, DriverRunner } from '../contract/driver-runner.ts';
import { type CallsPlace, findCallsSockets } from './calls-place.ts';
import type { Answer, Call } from './serve-calls.ts';

/**
 * Calls that no agent takes, and those whose agent ends before it has answered, are run by `drivers`: every action can be
 * repeated.
 */
export function handOver(drivers: DriverRunner, place: CallsPlace): Pick<DriverRunner, 'has' | 'run'> {
  return {
    has: (family, driver) => drivers.has(family, driver),
    async run(call) {
      for (const path of await findCallsSockets(place)) {
        const socket = await reach(path);
        if (socket === undefined) continue;
        const answer = await ask(socket, call).finally(() => socket.destroy());
        if (answer === undefined) break;
        if ('failure' in answer) throw new ActionFailure(answer.failure);
        return answer.result;
      }
      return drivers.run(call);
    },
  };
}

/** An agent that was killed has left its socket. */
async function reach(path: string): Promise<Socket | undefined> {
  const socket = connect(path);
  return once(socket, 'connect').then(
    () => socket,
    () => undefined,
  );
}

/** @returns the last answer; none when the agent ended before. @throws the signal's reason */
async function ask(
  socket: Socket,
  { log, signal, ...call }: DriverCall,
): Promise<Exclude<Answer, { readonly log: unknown }> | undefined> {
  const hangUp = () => void socket.destroy();
  signal?.addEventListener('abort', hangUp, { once: true });
  try {
    socket.write(`${JSON.stringify(call satisfies Call)}\n`);
    for await (const answer of jsonLines<Answer>(socket)) {
      if (!('log' in answer)) return answer;
      log?.(...answer.log);
    }
  } catch {
    // The connection broke, which leaves the same question as one that ended.
  } finally {
    signal?.removeEventListener('abort', hangUp);
  }
  signal?.throwIfAborted();
  return undefined;
}
