/** Runs the suite against a cloud. Whatever it has made goes in the end, also after a failure or an interruption. */
import { randomBytes } from 'node:crypto';
import { OnedockError } from '../errors/onedock-error.ts';
import { messageOf } from '../errors/thrown.ts';
import type { Client } from '../opennebula/client/client.ts';
import { Bench, Skipped } from './bench.ts';
import { type CloudUnderTest, lookAtCloud, type Wish } from './cloud.ts';
import { TRIALS, type Trial } from './trials.ts';

export type Outcome = 'passed' | 'failed' | 'skipped';

export interface TrialResult {
  readonly name: string;
  readonly outcome: Outcome;
  readonly seconds: number;
  /** What was found, why it failed, or why it was skipped; may be empty. */
  readonly detail: string;
}

export interface SuiteResult {
  readonly endpoint: string;
  readonly version: string;
  readonly driver: string;
  readonly hosts: readonly string[];
  /** Epoch seconds. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly trials: readonly TrialResult[];
}

export interface SuiteOptions {
  readonly wish: Wish;
  /** How long a single step may take. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  readonly report: (result: TrialResult) => void;
  readonly trials?: readonly Trial[];
}

/** Name of what is made, so that people see whose it is. */
const PREFIX = 'onedock-test';

/**
 * @param client  one that goes on to take calls when the signal is aborted, so that all can be removed
 * @throws NOTHING_TO_TEST_ON, TEST_OBJECT_NOT_FOUND, ENDPOINT_*; the signal's reason after everything is removed
 */
export async function runSuite(client: Client, options: SuiteOptions): Promise<SuiteResult> {
  const { wish, timeoutSeconds, signal, report, trials = TRIALS } = options;
  const startedAt = Math.floor(Date.now() / 1000);
  const start = performance.now();
  const cloud = await lookAtCloud(client, wish);
  const name = `${PREFIX}-${randomBytes(3).toString('hex')}`;
  const bench = new Bench({ client, cloud, name, timeoutSeconds, signal });
  const results: TrialResult[] = [];
  const keep = (result: TrialResult) => {
    results.push(result);
    report(result);
  };
  try {
    for (const trial of trials) {
      signal.throwIfAborted();
      keep(await attempt(trial, bench));
    }
  } finally {
    keep(await attempt({ name: 'leave nothing behind', run: leaveNothing }, bench));
  }
  signal.throwIfAborted();
  return { ...summary(cloud), startedAt, seconds: (performance.now() - start) / 1000, trials: results };
}

function summary({ endpoint, version, driver, hosts }: CloudUnderTest) {
  return { endpoint, version, driver, hosts: hosts.map((host) => host.name) };
}

async function attempt({ name, run }: Trial, bench: Bench): Promise<TrialResult> {
  const start = performance.now();
  const result = (outcome: Outcome, detail: string) => ({
    name,
    outcome,
    seconds: (performance.now() - start) / 1000,
    detail,
  });
  try {
    return result('passed', (await run(bench)) ?? '');
  } catch (error) {
    if (error instanceof Skipped) return result('skipped', error.message);
    return result('failed', explain(error));
  }
}

function explain(error: unknown): string {
  if (error instanceof OnedockError) return [error.message, error.why].filter(Boolean).join(' ');
  return messageOf(error);
}

/** Does not heed the signal: what was made goes in any case. */
async function leaveNothing({ made, timeoutSeconds }: Bench): Promise<void> {
  const left = await made.remove(timeoutSeconds);
  if (left.length > 0) throw new Error(`Left: ${left.join('; ')}`);
}

export function countOf({ trials }: Pick<SuiteResult, 'trials'>, outcome: Outcome): number {
  return trials.filter((trial) => trial.outcome === outcome).length;
}
