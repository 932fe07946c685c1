/**
 * The one edge at which ONEDock starts processes of this machine. A process leads a process group of its own, so that
 * a deadline or an abort ends all that it started, also behind `nsenter` and `sudo`, and so that Ctrl-C at a terminal
 * reaches ONEDock alone, which decides what is to be undone.
 */
import { codeOf } from '../errors/thrown.ts';
import { traced } from '../tracing/spans.ts';
import { fail } from './errors.ts';
import { shellLine } from './shell-line.ts';
import type { RunOptions, RunResult } from './transport.ts';

const DEFAULT_TIMEOUT_SECONDS = 60;
/** How long a process may take to end after SIGTERM before it is killed. */
const GRACE_SECONDS = 2;
/** The exit code of shells, and of the programs that start others, for a program that is not there (POSIX, sh). */
const NOT_FOUND = 127;
/** How much of the output an error repeats. */
const TAIL_LINES = 12;
/** Of a command, in a trace: program, verb, and what it is about. */
const TRACED_WORDS = 8;

export interface ProcessPlace {
  /** As errors show it. */
  readonly name: string;
  /** What is really started: `argv` itself, or the program that takes it to its place. */
  readonly command: readonly string[];
  /** The line that a person would type on this machine; `command` unless given. */
  readonly line?: string;
  /** The program that does the work, where `command` begins with another that takes it to its place. */
  readonly program?: string;
  /** The whole environment; that of ONEDock with `options.env` unless given. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/**
 * Runs a process to its end.
 * @throws COMMAND_FAILED, COMMAND_KILLED, COMMAND_TIMED_OUT, COMMAND_NOT_FOUND; the signal's reason when aborted
 */
export function runProcess(place: ProcessPlace, options: RunOptions = {}): Promise<RunResult> {
  const words = place.command.slice(0, TRACED_WORDS).join(' ');
  return traced(`${place.name}: ${words}`, () => run(place, options));
}

async function run(place: ProcessPlace, options: RunOptions): Promise<RunResult> {
  const { stdin = '', timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, signal, acceptExitCodes = [0], onOutput } = options;
  // With the first process, since many commands and drivers start none: it is a large package.
  const { execa } = await import('execa');
  signal?.throwIfAborted();
  const [program = '', ...args] = place.command;
  const child = execa(program, args, {
    input: stdin,
    env: place.env ?? options.env ?? {},
    extendEnv: place.env === undefined,
    ...(place.cwd === undefined ? {} : { cwd: place.cwd }),
    detached: true,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: Number.MAX_SAFE_INTEGER,
  });
  if (onOutput) for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => onOutput(`${chunk}`));
  using end = endsEarly(child.pid, timeoutSeconds, signal);
  const { stdout, stderr, exitCode, signal: killedBy, code } = await child;

  if (signal?.aborted && killedBy !== undefined) throw signal.reason;
  const at = { place: place.name, line: place.line ?? shellLine(place.command) };
  const output = lastLines(stderr.trim() || stdout.trim());
  if (end.timedOut) throw fail('COMMAND_TIMED_OUT', { ...at, timeoutSeconds, output });
  const accepted = exitCode === 0 || (exitCode !== undefined && acceptExitCodes.includes(exitCode));
  if (code === 'ENOENT' || (exitCode === NOT_FOUND && !accepted))
    throw fail('COMMAND_NOT_FOUND', { ...at, program: place.program ?? program });
  if (exitCode === undefined)
    throw fail('COMMAND_KILLED', { ...at, killedBy: killedBy ?? code ?? 'the system', output });
  if (!accepted) throw fail('COMMAND_FAILED', { ...at, exitCode, output });
  return { stdout, stderr, exitCode };
}

/** Watches deadline and abort while a process group runs. */
function endsEarly(pid: number | undefined, timeoutSeconds: number, signal: AbortSignal | undefined) {
  const state = { timedOut: false };
  let kill: NodeJS.Timeout | undefined;
  const end = () => {
    signalGroup(pid, 'SIGTERM');
    kill ??= setTimeout(() => signalGroup(pid, 'SIGKILL'), GRACE_SECONDS * 1000);
  };
  const deadline = setTimeout(() => {
    state.timedOut = true;
    end();
  }, timeoutSeconds * 1000);
  signal?.addEventListener('abort', end, { once: true });
  return {
    get timedOut() {
      return state.timedOut;
    },
    [Symbol.dispose]() {
      clearTimeout(deadline);
      clearTimeout(kill);
      signal?.removeEventListener('abort', end);
    },
  };
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

function lastLines(text: string): string {
  return text.split('\n').slice(-TAIL_LINES).join('\n');
}
