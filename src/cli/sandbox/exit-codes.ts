/** Exit codes of `onedock`; docs/reference/exit-codes.md is made from here. `exec`, `ssh` and `one` pass on their command's. */
import { OnedockError } from '../../errors/onedock-error.ts';

export const EXIT = {
  OK: 0,
  FAILURE: 1,
  USAGE: 2,
  PREFLIGHT: 3,
  TIMEOUT: 4,
  LEAK: 5,
  INTERRUPTED: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  OK: 'What was asked for is done.',
  FAILURE: 'It could not be done; stderr says why and what to do.',
  USAGE: 'The command line or sandbox.yaml is wrong. Nothing was done.',
  PREFLIGHT: 'This machine, or one that is to be a host, lacks something that is needed. Nothing was made.',
  TIMEOUT: 'Something did not come about in time.',
  LEAK: '`down` or `host release` found that something of ours is left.',
  INTERRUPTED: 'Interrupted (Ctrl-C, SIGTERM), after what this run had made was removed again.',
};

/** Codes of errors that have an exit code of their own. */
export const exitCodesByError: Readonly<Record<string, ExitCode>> = {
  INTERRUPTED: EXIT.INTERRUPTED,
  PREFLIGHT_FAILED: EXIT.PREFLIGHT,
  HOST_UNFIT: EXIT.PREFLIGHT,
  NOTHING_TO_TEST_ON: EXIT.PREFLIGHT,
  LEAK_FOUND: EXIT.LEAK,
  HOST_NOT_CLEAN: EXIT.LEAK,
  USAGE: EXIT.USAGE,
  TEST_OBJECT_NOT_FOUND: EXIT.USAGE,
  AUTH_FILE_UNREADABLE: EXIT.USAGE,
  HOST_ADDRESS_INVALID: EXIT.USAGE,
  CONFIRMATION_NEEDED: EXIT.USAGE,
  CONFIGURATION_UNREADABLE: EXIT.USAGE,
  CONFIGURATION_INVALID: EXIT.USAGE,
  SUBNET_TAKEN: EXIT.USAGE,
  NETWORK_TOO_SMALL: EXIT.USAGE,
  WAIT_TIMED_OUT: EXIT.TIMEOUT,
  CALL_TIMED_OUT: EXIT.TIMEOUT,
  COMMAND_TIMED_OUT: EXIT.TIMEOUT,
  MACHINE_NOT_READY: EXIT.TIMEOUT,
  PAGE_SILENT: EXIT.TIMEOUT,
};

export function exitCodeOf(error: unknown): ExitCode {
  return (error instanceof OnedockError ? exitCodesByError[error.code] : undefined) ?? EXIT.FAILURE;
}
