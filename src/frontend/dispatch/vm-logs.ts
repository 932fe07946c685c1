/** A log for each VM, in OpenNebula's form: lines are gathered and appended together, in the order they came. */
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../errors/thrown.ts';
import { statesOf } from '../objects/phase.ts';
import type { Vm } from '../objects/vm.ts';
import type { Clock } from '../platform/clock.ts';
import { type LogLevel, type LogModule, logLine } from '../platform/log.ts';

export interface VmLogs extends AsyncDisposable {
  write(vmId: number, module: LogModule, level: LogLevel, text: string): void;
}

export const noVmLogs: VmLogs = { write() {}, async [Symbol.asyncDispose]() {} };

/** How a VM's change of state is written: two lines, of which one may be missing. */
export function logStates(logs: VmLogs, before: Vm | undefined, after: Vm): void {
  if (!before || before.phase === after.phase) return;
  const [from, to] = [statesOf(before.phase), statesOf(after.phase)];
  if (from.state !== to.state) logs.write(after.id, 'VM', 'info', `New state is ${to.state}`);
  if (from.lcmState !== to.lcmState) logs.write(after.id, 'VM', 'info', `New LCM state is ${to.lcmState}`);
}

export class VmLogFiles implements VmLogs {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  #pending = new Map<number, string>();
  #flushed: Promise<void> | undefined;

  /** @param onError told when a log cannot be written; VMs go on without */
  constructor(directory: string, clock: Clock, onError: (error: unknown) => void) {
    this.#directory = directory;
    this.#clock = clock;
    this.#onError = onError;
  }

  write(vmId: number, module: LogModule, level: LogLevel, text: string): void {
    const line = logLine(this.#clock.now(), module, level, text);
    this.#pending.set(vmId, (this.#pending.get(vmId) ?? '') + line);
    this.#flushed ??= this.#flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    while (this.#flushed) await this.#flushed;
  }

  async #flush(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const lines = this.#pending;
    this.#pending = new Map();
    await Promise.all([...lines].map(([vmId, text]) => this.#append(vmId, text))).catch(this.#onError);
    this.#flushed = this.#pending.size > 0 ? this.#flush() : undefined;
  }

  async #append(vmId: number, text: string): Promise<void> {
    const path = join(this.#directory, `${vmId}.log`);
    try {
      await appendFile(path, text);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      await mkdir(this.#directory, { recursive: true });
      await appendFile(path, text);
    }
  }
}
