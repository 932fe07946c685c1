/**
 * A driver action as a program that OpenNebula calls. Which action it is tells its own path in a remotes folder, as in
 * `remotes/tm/onedock/clone`, or the first three arguments. stdin is the document, raw or in base64; stdout is the
 * result; stderr has log lines and, on failure, one sentence. Exit codes are 0 and 1: 42 would make OpenNebula copy
 * its scripts to the host again (src/mad/ruby/CommandManager.rb, 7.4).
 */
import { basename, dirname } from 'node:path';
import type { DriverLog, LogLevel } from './action.ts';
import { FAMILIES, type Family, failureText } from './action.ts';
import type { DriverRunner } from './driver-runner.ts';
import { fail } from './errors.ts';

export interface ExecutableIo {
  /** As `process.argv`: runtime, path of the program, arguments. */
  readonly argv: readonly string[];
  readonly readStdin: () => Promise<string>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Runs the action that the command line names, and returns the exit code. Never throws. */
export async function runExecutable(drivers: Pick<DriverRunner, 'has' | 'run'>, io: ExecutableIo): Promise<0 | 1> {
  try {
    const called = readCall(io.argv, drivers);
    const stdin = await io.readStdin();
    const result = await drivers.run({ ...called, stdin, log: scriptLog(called.action, io.stderr), signal: io.signal });
    if (result !== '') io.stdout(`${result}\n`);
    return 0;
  } catch (error) {
    io.stderr(`${failureText(error)}\n`);
    return 1;
  }
}

interface Called {
  readonly family: Family;
  readonly driver: string;
  readonly action: string;
  readonly argv: readonly string[];
}

function readCall([, path = '', ...argv]: readonly string[], drivers: Pick<DriverRunner, 'has'>): Called {
  const byPath = called(basename(dirname(dirname(path))), basename(dirname(path)), basename(path), argv);
  const [family = '', driver = '', action = '', ...rest] = argv;
  const byArguments = called(family, driver, action, rest);
  const found = [byPath, byArguments].find((each) => each && drivers.has(each.family, each.driver));
  if (!found) throw fail('DRIVER_CALL_UNCLEAR', { path });
  return found;
}

function called(family: string, driver: string, action: string, argv: readonly string[]): Called | undefined {
  return isFamily(family) ? { family, driver, action, argv } : undefined;
}

function isFamily(name: string): name is Family {
  return FAMILIES.some((family) => family === name);
}

const PREFIXES = { error: 'ERROR', warning: 'WARN', info: 'INFO', debug: 'DEBUG' } satisfies Record<LogLevel, string>;

function scriptLog(action: string, stderr: (text: string) => void): DriverLog {
  return (level, text) => stderr(`${PREFIXES[level]}: ${action}: ${text.replaceAll('\n', ' ')}\n`);
}
