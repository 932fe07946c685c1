/** The process around a verb: streams, environment, terminal, interruption. `processConsole()` is the real one. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline/promises';

export interface Console {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly isRoot: boolean;
  /** Whether a person looks at stderr as it comes. */
  readonly isTerminal: boolean;
  /** The answer. */
  out(text: string): void;
  /** Progress and prose. */
  err(text: string): void;
  /** Whether the user agrees; undefined when there is nobody to ask. */
  confirm(question: string): Promise<boolean | undefined>;
  /** Runs a command on this terminal and returns its exit code. Ctrl-C is the command's meanwhile. */
  foreground(argv: readonly string[], options?: ForegroundOptions): Promise<number>;
  /** Aborted when the user interrupts; its reason is an error of the catalogue. */
  readonly signal: AbortSignal;
}

export interface ForegroundOptions {
  readonly workingDirectory?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where what it prints on stdout goes; `stderr` keeps our stdout for the answer. */
  readonly output?: 'stdout' | 'stderr';
}

/** Some programs give their children a terminal without a width. */
const NARROWEST_TERMINAL = 40;

export function processConsole(signal: AbortSignal): Console {
  // A reader that has seen enough, as `head`, is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return {
    env: process.env,
    workingDirectory: process.cwd(),
    isRoot: process.getuid?.() === 0,
    isTerminal: process.stderr.isTTY === true && process.stderr.columns >= NARROWEST_TERMINAL,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    confirm,
    foreground,
    signal,
  };
}

async function confirm(question: string): Promise<boolean | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await reader.question(`${question} [y/N] `)).trim());
  } finally {
    reader.close();
  }
}

function foreground(
  [program = '', ...args]: readonly string[],
  { workingDirectory, env = {}, output = 'stdout' }: ForegroundOptions = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['inherit', output === 'stdout' ? 1 : 2, 2],
      cwd: workingDirectory,
      env: { ...process.env, ...env },
    });
    const ignore = () => {};
    process.on('SIGINT', ignore);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.off('SIGINT', ignore);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
