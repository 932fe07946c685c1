import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { traced } from '../../tracing/spans.ts';
import { runProcess } from '../../transport/run-process.ts';
import type { Family } from './action.ts';
import { ActionFailure, failureText } from './action.ts';
import { findBySuffix } from './action-suffix.ts';
import type { DriverCall, DriverRunner } from './driver-runner.ts';
import { fail } from './errors.ts';
import { readScriptErrors } from './script-output.ts';

export interface RemotesFolder {
  /** `/var/lib/one/remotes` in a packaged install. */
  readonly remotes: string;
  /** Working directory of the scripts: `/var/lib/one`. */
  readonly cwd: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** OpenNebula sets no limit unless asked to. One hour unless given. */
  readonly timeoutSeconds?: number;
}

const ANY_EXIT_CODE = Array.from({ length: 256 }, (_, code) => code);

/**
 * Runs what lies in a remotes folder, as OpenNebula's stock drivers run their scripts on the front-end: stdin is base64
 * on one line, stdout the result, stderr log lines and the reason of a failure (src/mad/ruby/CommandManager.rb, 7.4).
 * Here the lines of a reason are joined by a blank.
 */
export class ExecutableDrivers implements DriverRunner {
  readonly #folder: RemotesFolder;

  constructor(folder: RemotesFolder) {
    this.#folder = folder;
  }

  has(family: Family, driver: string): boolean {
    if (!isFileName(driver)) return false;
    return existsSync(join(this.#folder.remotes, family, family === 'im' ? `${driver}.d` : driver));
  }

  async run(call: DriverCall): Promise<string> {
    try {
      const name = `${call.family}/${call.driver}/${call.action} (executable)`;
      return await traced(name, () => this.#runScript(call));
    } catch (cause) {
      if (cause instanceof ActionFailure) throw cause;
      throw new ActionFailure(failureText(cause), { cause });
    }
  }

  async monitor(driver: string): Promise<void> {
    const cause = fail('PROBES_UNSUPPORTED', { driver });
    throw new ActionFailure(failureText(cause), { cause });
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #runScript(call: DriverCall): Promise<string> {
    const { cwd, env = {}, timeoutSeconds = 3600 } = this.#folder;
    const { stdout, stderr, exitCode } = await runProcess(
      { name: 'the front-end', command: [this.#scriptPath(call), ...call.argv], cwd },
      {
        stdin: encodeStdin(call.stdin ?? ''),
        env,
        timeoutSeconds,
        acceptExitCodes: ANY_EXIT_CODE,
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      },
    );
    const { logLines, reason } = readScriptErrors(stderr);
    for (const { level, text } of logLines) call.log?.(level, text);
    if (exitCode === 0) return stdout.trim();
    if (reason !== '') throw new ActionFailure(reason);
    throw fail('DRIVER_SCRIPT_FAILED', { ...call, exitCode });
  }

  #scriptPath(call: DriverCall): string {
    const folder = join(this.#folder.remotes, call.family, call.driver);
    const known = [call.driver, call.action].every(isFileName);
    const name = known ? findBySuffix(call.action, (candidate) => existsSync(join(folder, candidate))) : undefined;
    if (name === undefined) throw fail('ACTION_UNKNOWN', { ...call, path: join(folder, call.action) });
    return join(folder, name);
  }
}

/** Names come from objects that users made: they must not lead out of the folder. */
function isFileName(name: string): boolean {
  return /^[\w.-]+$/.test(name) && !/^\.+$/.test(name);
}

function encodeStdin(stdin: string): string {
  return stdin.trimStart().startsWith('<') ? Buffer.from(stdin).toString('base64') : stdin;
}
