/**
 * One agent per host: it listens on a socket that is named by the host's id, and ends when somebody connects. So whoever
 * starts or stops an agent needs no process number, which might be another's by then.
 */
import { once } from 'node:events';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fail } from './errors.ts';

const END_SECONDS = 15;

const socketOf = (folder: string, hostId: number) => join(folder, `${hostId}.sock`);

/** Ends the agent of a host and waits until it has; succeeds when there is none. @throws AGENT_NOT_ENDING */
export async function endStanding(folder: string, hostId: number): Promise<void> {
  const path = socketOf(folder, hostId);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect(path);
  // It is closed by the agent's end, or nobody listens.
  socket.on('error', () => resolve());
  socket.on('close', () => resolve());
  socket.resume();
  const deadline = setTimeout(
    () => reject(fail('AGENT_NOT_ENDING', { hostId, seconds: END_SECONDS })),
    END_SECONDS * 1000,
  );
  try {
    await promise;
  } finally {
    clearTimeout(deadline);
    socket.destroy();
  }
  await rm(path, { force: true });
}

export interface Standing extends AsyncDisposable {
  /** Aborted when the agent is to end. */
  readonly signal: AbortSignal;
}

/** Takes the place of the host's agent, after the one before has ended. */
export async function takeStanding(folder: string, hostId: number): Promise<Standing> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await endStanding(folder, hostId);
  const path = socketOf(folder, hostId);
  const ended = new AbortController();
  // Connections stay open until the process, or the standing, ends: that is the answer.
  const callers = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    callers.add(socket);
    socket.on('error', () => {});
    ended.abort();
  });
  await once(server.listen(path), 'listening');
  await chmod(path, 0o600);
  return {
    signal: ended.signal,
    async [Symbol.asyncDispose]() {
      await rm(path, { force: true });
      server.close();
      for (const caller of callers) caller.destroy();
    },
  };
}
