/**
 * Tests of clients want actions to fail on demand. As with OpenNebula's own dummy driver, a file named like the action
 * in a directory tells what the next calls give, one line each, over and over: `success`, `failure` or `-` for no
 * answer at all, and how many seconds it takes (src/vmm_mad/dummy/one_vmm_dummy.rb, 7.4).
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ActionFailure } from '../../contract/action.ts';

export class ToldResults {
  readonly #directory: string;
  /** How often each action was asked for; it starts at the first line again with each process. */
  readonly #calls = new Map<string, number>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws ActionFailure when the action is told to fail; the signal's reason when it is told not to answer */
  async follow(action: string, signal: AbortSignal): Promise<void> {
    const [result, seconds] = (await this.#nextLine(action)).split(/\s+/);
    if (result === '-') await wait(LONGEST_SECONDS, signal);
    if (Number(seconds) > 0) await wait(Number(seconds), signal);
    if (result === 'failure' || result === '0') throw new ActionFailure('The dummy driver was told to fail.');
  }

  async #nextLine(action: string): Promise<string> {
    const text = await readFile(join(this.#directory, action), 'utf8').catch(() => '');
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length === 0) return 'success';
    const call = this.#calls.get(action) ?? 0;
    this.#calls.set(action, call + 1);
    return lines[call % lines.length]?.trim() ?? 'success';
  }
}

/** Node's timers go no further. */
const LONGEST_SECONDS = 2 ** 31 / 1000 - 1;

async function wait(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(seconds * 1000, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
