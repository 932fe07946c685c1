/** Tells of the commands that somebody runs in VMs when they have ended, whoever began with them. */
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../errors/thrown.ts';
import type { MonitorReport } from '../../contract/driver-runner.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import {
  commandProgram,
  type FoundCommand,
  findCommand,
  findCommands,
  KEPT_BYTES,
  recordCommand,
} from '../../hosts/vm-commands.ts';
import { containerName } from '../../hosts/vm-on-host.ts';
import { type CommandEnd, commandReport } from './reports.ts';

export interface CommandsOptions {
  readonly host: DockerHost;
  readonly datastoreLocation: string;
  /** How long the answer of the action that began with a command may be on its way to whoever is told of its end. */
  readonly settleSeconds: number;
  readonly report: (report: MonitorReport) => void;
  readonly signal: AbortSignal;
  readonly warn: (text: string) => void;
}

export class Commands {
  readonly #options: CommandsOptions;
  /** The engine's names of those that are being looked at. */
  readonly #looking = new Set<string>();
  /** Of these, those about which something has happened meanwhile. */
  readonly #changed = new Set<string>();
  /** Processes in containers that have ended, and of which it is not known yet whether they are commands. */
  readonly #ended = new Set<string>();
  #isSearching = false;

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  /** Looks at all. Those that are found to have ended are told of later. */
  async look(): Promise<void> {
    const { host, datastoreLocation, signal } = this.#options;
    for (const command of await findCommands(host, datastoreLocation, signal)) this.#begin(command);
  }

  /** A process in a container has ended, which may be a command, or an image's check of its health. Returns at once. */
  ended(id: string): void {
    this.#ended.add(id);
    if (!this.#isSearching) this.#search();
  }

  /** One search after the other, each for all that have ended before it. */
  async #search(): Promise<void> {
    const { host, datastoreLocation, signal } = this.#options;
    this.#isSearching = true;
    try {
      while (this.#ended.size > 0) {
        const ids = new Set(this.#ended);
        this.#ended.clear();
        const found = await findCommands(host, datastoreLocation, signal);
        for (const command of found.filter(({ id }) => ids.has(id))) this.#begin(command);
      }
    } catch (error) {
      this.#warn('Commands in VMs could not be looked for', error);
    } finally {
      this.#isSearching = false;
    }
  }

  #begin(command: FoundCommand): void {
    const { id, vmId } = command;
    if (this.#looking.has(id)) {
      this.#changed.add(id);
      return;
    }
    this.#looking.add(id);
    this.#tell(command)
      .catch((error: Error) => this.#warn(`The command in VM ${vmId} could not be looked at`, error))
      .finally(() => {
        this.#looking.delete(id);
        if (this.#changed.delete(id)) this.#begin(command);
      });
  }

  async #tell(command: FoundCommand): Promise<void> {
    const { host, settleSeconds, report, signal } = this.#options;
    const { vmId, request, id, directory } = command;
    if (settleSeconds > 0) await delay(settleSeconds * 1000, undefined, { signal });
    // An action that works on the VM may give the command up, or stop the VM, and then there is nothing to tell.
    await using _lock = await host.lock(containerName(vmId), { signal, timeoutSeconds: LONGEST_ACTION_SECONDS });
    if ((await findCommand(host, directory, signal))?.id !== id) return;
    const end = await findEnd(host, vmId, signal);
    if (!end) return;
    report(commandReport(vmId, end));
    // Also when the monitoring ends at this moment: it would be told of again.
    await recordCommand(host, directory, { request, id: undefined }, AbortSignal.timeout(RECORD_SECONDS * 1000));
  }

  #warn(what: string, error: unknown): void {
    const { signal, warn } = this.#options;
    if (!signal.aborted) warn(`${what}: ${messageOf(error)}`);
  }
}

const RECORD_SECONDS = 10;

/** The next look tells what was missed. */
const LONGEST_ACTION_SECONDS = 600;

/** Undefined where it is not this host's to say, or not yet. */
async function findEnd(host: DockerHost, vmId: number, signal: AbortSignal): Promise<CommandEnd | undefined> {
  const name = containerName(vmId);
  const state = (await host.docker.find(name, { signal }))?.State;
  // Of a datastore that several hosts share, each sees all.
  if (!state || state.Paused) return undefined;
  if (!state.Running) return LOST;
  const { stdout } = await host.docker.commands.run(name, commandProgram('result'), { user: '0', signal });
  return stdout.trim() === 'running' ? undefined : (readResult(stdout) ?? LOST);
}

/** @param text  process and exit code, and a line of base64 for each stream; empty when there is no result */
export function readResult(text: string): CommandEnd | undefined {
  const [numbers = '', out = '', err = ''] = text.split('\n');
  const [, pid, exitCode] = /^(\d+) (\d+)$/.exec(numbers.trim()) ?? [];
  if (pid === undefined) return undefined;
  const stdout = Buffer.from(out, 'base64');
  const stderr = Buffer.from(err, 'base64');
  return {
    pid: Number(pid),
    status: 'DONE',
    exitCode: Number(exitCode),
    stdout: stdout.subarray(0, KEPT_BYTES),
    stderr: stderr.subarray(0, KEPT_BYTES),
    isCut: Math.max(stdout.length, stderr.length) > KEPT_BYTES,
  };
}

const LOST: CommandEnd = {
  status: 'ERROR',
  stdout: Buffer.alloc(0),
  stderr: Buffer.from('The command has ended with its VM, or was killed, before its result could be had.\n'),
};
