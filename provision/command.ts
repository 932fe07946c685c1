/**
 * zx as provisioning programs use it for what runs beside them, on the machine that they run on: quiet, with a
 * deadline, and with the errors of a transport. What runs on a machine that is provisioned goes through a `Transport`.
 */
import { ProcessOutput, $ as zx } from 'zx/core';
import { traced } from '../src/tracing/spans.ts';
import { fail } from '../src/transport/errors.ts';

const quiet = zx({ quiet: true, timeout: '60s', stdio: ['ignore', 'pipe', 'pipe'] });

/**
 * Runs a command that is written as a shell has it. Each value is one argument whatever it holds, a list is several:
 * zx quotes them.
 * @throws COMMAND_FAILED
 */
export async function $(
  pieces: TemplateStringsArray,
  ...values: readonly (string | readonly string[])[]
): Promise<{ readonly stdout: string }> {
  const running = quiet(pieces, ...values);
  try {
    return await traced(`this machine: ${running.cmd}`, async () => await running);
  } catch (error) {
    if (!(error instanceof ProcessOutput)) throw error;
    const output = (error.stderr || error.stdout).trim();
    const at = { place: 'this machine', line: running.cmd, exitCode: error.exitCode ?? -1, output };
    throw fail('COMMAND_FAILED', at, error);
  }
}
