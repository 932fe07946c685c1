/**
 * Processes of this machine, by Node's own means: a library that does more takes longer to load than most commands run,
 * and each of ours starts some.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** With pipes for all three streams; a stdin that is not written to is to be ended. */
export type PipedProcess = ChildProcess & {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
};

export interface ProcessEnd {
  /** Undefined when a signal ended it, or it did not start. */
  readonly exitCode: number | undefined;
  readonly killedBy: NodeJS.Signals | undefined;
  /** Why it did not start, as ENOENT. */
  readonly startError: string | undefined;
}

export interface StartedProcess {
  readonly child: PipedProcess;
  /** Resolves when the process has ended and its output is complete. */
  readonly ended: Promise<ProcessEnd>;
}

export function startProcess(command: readonly string[], options: Omit<SpawnOptions, 'stdio'> = {}): StartedProcess {
  const [program = '', ...args] = command;
  const { promise: ended, resolve } = Promise.withResolvers<ProcessEnd>();
  const child = spawn(program, args, { ...options, stdio: 'pipe' }) as PipedProcess;
  let startError: string | undefined;
  child.on('error', (error: NodeJS.ErrnoException) => {
    // Also told when it could not be killed, which changes nothing.
    if (child.pid === undefined) startError = error.code ?? error.message;
  });
  // Who has read enough closes its end; how that ends, the exit code tells.
  child.stdin.on('error', () => {});
  child.on('close', (exitCode, killedBy) =>
    resolve({
      exitCode: startError === undefined ? (exitCode ?? undefined) : undefined,
      killedBy: killedBy ?? undefined,
      startError,
    }),
  );
  return { child, ended };
}
