/** What can go wrong when a command runs somewhere. `place` is the transport's name, `line` can be pasted into a shell. */
import { catalogue } from '../errors/onedock-error.ts';

interface FailedCommand {
  readonly place: string;
  readonly line: string;
}

export const fail = catalogue({
  COMMAND_FAILED: {
    what: (at: FailedCommand & { exitCode: number; output: string }) =>
      `A command ended with exit code ${at.exitCode} on ${at.place}: ${at.line}`,
    why: (at: FailedCommand & { exitCode: number; output: string }) =>
      at.output === '' ? 'It printed nothing.' : `It printed last:\n${at.output}`,
    todo: 'Run the line by hand to see all of its output.',
  },
  COMMAND_KILLED: {
    what: (at: FailedCommand & { killedBy: string; output: string }) =>
      `A command was ended by ${at.killedBy} on ${at.place}: ${at.line}`,
    why: (at: FailedCommand & { killedBy: string; output: string }) =>
      at.output === '' ? 'It printed nothing.' : `It printed last:\n${at.output}`,
    todo: 'If nobody killed it, look for the kernel running out of memory: `dmesg | tail`.',
    retry: true,
  },
  COMMAND_TIMED_OUT: {
    what: (at: FailedCommand & { timeoutSeconds: number; output: string }) =>
      `A command had not ended after ${at.timeoutSeconds} s on ${at.place} and was given up: ${at.line}`,
    why: (at: FailedCommand & { timeoutSeconds: number; output: string }) =>
      at.output === '' ? 'It had printed nothing.' : `It had printed last:\n${at.output}`,
    todo: 'The machine may be overloaded; try again, or run the line by hand to see what it waits for.',
    retry: true,
  },
  COMMAND_NOT_FOUND: {
    what: (at: FailedCommand & { program: string }) => `There is no program ${at.program} on ${at.place}: ${at.line}`,
    why: 'It is not installed, or not in the PATH.',
    todo: '`onedock doctor` names the packages that this machine lacks.',
  },
  MACHINE_NOT_RUNNING: {
    what: (at: { place: string }) => `Nothing can run on ${at.place}: the machine does not run.`,
    why: 'It was stopped or removed, or it never started.',
    todo: '`onedock status` shows what exists; `onedock up` starts what should run.',
    retry: true,
  },
});
