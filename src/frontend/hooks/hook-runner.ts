/** Runs the commands of hooks on this machine, or on a host by SSH, as the user of the front-end. */
import { OnedockError } from '../../errors/onedock-error.ts';
import { messageOf } from '../../errors/thrown.ts';
import { runProcess } from '../../transport/run-process.ts';
import type { HookCommand } from './hook-command.ts';

export interface HookResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, however it ends. */
export type HookRunner = (command: HookCommand, signal: AbortSignal) => Promise<HookResult>;

const ANY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);
/** OpenNebula sets no limit unless TIMEOUT says one. */
const LONGEST_SECONDS = 86_400;
/** What OpenNebula notes for a command that did not end by itself (GenericCommand, src/mad/ruby/CommandManager.rb). */
const NOT_RUN = 255;

/** As oneadmin's own SSH configuration says; nobody is there to answer a question. */
const SSH = ['ssh', '-o', 'BatchMode=yes', '-o', 'ControlMaster=no', '-o', 'ControlPath=none'];

export const runHookCommand: HookRunner = async ({ line, stdin, timeoutSeconds, remoteHost }, signal) => {
  const command = remoteHost === undefined ? ['/bin/sh', '-c', line] : [...SSH, '--', remoteHost, line];
  try {
    const { stdout, stderr, exitCode } = await runProcess(
      { name: 'the front-end', command, line },
      { stdin, timeoutSeconds: timeoutSeconds || LONGEST_SECONDS, acceptExitCodes: ANY_EXIT_CODE, signal },
    );
    return { code: exitCode, stdout, stderr };
  } catch (error) {
    return { code: NOT_RUN, stdout: '', stderr: reasonOf(error, line) };
  }
};

function reasonOf(error: unknown, line: string): string {
  if (error instanceof OnedockError && error.code === 'COMMAND_TIMED_OUT') return `Timeout executing ${line}`;
  return `Internal error ${messageOf(error)}`;
}
