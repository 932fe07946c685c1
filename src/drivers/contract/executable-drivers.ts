import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cdata, group } from '../../opennebula/xml.ts';
import { traced } from '../../tracing/spans.ts';
import { runProcess } from '../../transport/run-process.ts';
import type { RunResult } from '../../transport/transport.ts';
import type { Family } from './action.ts';
import { ActionFailure, asActionFailure } from './action.ts';
import { findBySuffix } from './action-suffix.ts';
import type { DriverCall, DriverRunner, MonitoredHost, MonitorReport } from './driver-runner.ts';
import { fail } from './errors.ts';
import { runLocalProbes } from './local-probes.ts';
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
    return existsSync(family === 'im' ? this.#probesFolder(driver) : join(this.#folder.remotes, family, driver));
  }

  offers(family: Family, driver: string, action: string): boolean {
    return isFileName(driver) && existsSync(join(this.#folder.remotes, family, driver, action));
  }

  async run(call: DriverCall): Promise<string> {
    try {
      const name = `${call.family}/${call.driver}/${call.action} (executable)`;
      return await traced(name, () => this.#runScript(call));
    } catch (cause) {
      throw asActionFailure(cause);
    }
  }

  async monitor(
    driver: string,
    host: MonitoredHost,
    report: (report: MonitorReport) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const stdin = Buffer.from(probeConfiguration(host)).toString('base64');
    const folder = this.#probesFolder(driver);
    try {
      await runLocalProbes({
        folder,
        driver,
        host,
        report,
        signal,
        run: (command, aborted) => this.#runProcess(command, stdin, aborted),
      });
    } catch (cause) {
      if (signal.aborted) return;
      throw asActionFailure(cause);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #runScript(call: DriverCall): Promise<string> {
    const command = [this.#scriptPath(call), ...call.argv];
    const { stdout, stderr, exitCode } = await this.#runProcess(command, encodeStdin(call.stdin ?? ''), call.signal);
    const { logLines, reason } = readScriptErrors(stderr);
    for (const { level, text } of logLines) call.log?.(level, text);
    if (exitCode === 0) return stdout.trim();
    if (reason !== '') throw new ActionFailure(reason);
    throw fail('DRIVER_SCRIPT_FAILED', { ...call, exitCode });
  }

  #runProcess(command: readonly string[], stdin: string, signal: AbortSignal | undefined): Promise<RunResult> {
    const { cwd, env = {}, timeoutSeconds = 3600 } = this.#folder;
    return runProcess(
      { name: 'the front-end', command, cwd },
      { stdin, env, timeoutSeconds, acceptExitCodes: ANY_EXIT_CODE, ...(signal === undefined ? {} : { signal }) },
    );
  }

  #probesFolder(driver: string): string {
    return join(this.#folder.remotes, 'im', `${driver}-probes.d`);
  }

  #scriptPath(call: DriverCall): string {
    const folder = join(this.#folder.remotes, call.family, call.driver);
    const known = [call.driver, call.action].every(isFileName);
    const name = known ? findBySuffix(call.action, (candidate) => existsSync(join(folder, candidate))) : undefined;
    if (name === undefined) throw fail('ACTION_UNKNOWN', { ...call, path: join(folder, call.action) });
    return join(folder, name);
  }
}

/** What probes are told besides their arguments (the part of it that stock probes read). */
function probeConfiguration({ id, datastoreLocation }: MonitoredHost): string {
  return group('MONITOR_CONFIGURATION', cdata('DATASTORE_LOCATION', datastoreLocation), cdata('HOST_ID', id));
}

/** Names come from objects that users made: they must not lead out of the folder. */
function isFileName(name: string): boolean {
  return /^[\w.-]+$/.test(name) && !/^\.+$/.test(name);
}

function encodeStdin(stdin: string): string {
  return stdin.trimStart().startsWith('<') ? Buffer.from(stdin).toString('base64') : stdin;
}
