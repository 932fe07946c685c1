/** Checks and tests of the repository, one after the other, and their counts. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Console, ForegroundOptions } from './console.ts';
import { seconds } from './output/seconds.ts';

/** In the order in which they run: what fails soonest comes first. */
export const TEST_PROJECTS: readonly string[] = ['unit', 'conformance', 'contract', 'system'];

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface PartCounts extends TestCounts {
  readonly part: string;
  readonly seconds: number;
}

/** Builds beforehand, with processor time that the other tests leave, what takes the tests of a project minutes. */
const PREPARATIONS: Readonly<Record<string, string>> = { system: 'test/support/prepare-system.ts' };

/** Each counts as one test. */
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  lint: ['node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  types: ['node_modules/typescript/bin/tsc'],
};

/** What vitest's JSON reporter writes, as far as it is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
}

/** @param projects  all, and the checks before them, when empty */
export async function runTests(
  root: string,
  projects: readonly string[],
  console: Pick<Console, 'foreground' | 'err'>,
  { output = 'stdout' }: Pick<ForegroundOptions, 'output'> = {},
): Promise<PartCounts[]> {
  const run = (argv: readonly string[]) =>
    console.foreground([process.execPath, ...argv], { workingDirectory: root, output });
  const parts: PartCounts[] = [];
  const measure = async (part: string, work: () => Promise<TestCounts>) => {
    const start = performance.now();
    const counts = await work();
    const { passed, failed, skipped } = counts;
    parts.push({ part, ...counts, seconds: (performance.now() - start) / 1000 });
    const took = seconds((performance.now() - start) / 1000);
    console.err(
      `${failed === 0 ? '✓' : '✗'} ${part}: ${passed} passed, ${failed} failed, ${skipped} skipped (${took})\n`,
    );
  };
  const checks = projects.length === 0 ? Object.entries(CHECKS) : [];
  for (const [part, argv] of checks) await measure(part, async () => countOne((await run(argv)) === 0));
  const chosen = projects.length === 0 ? TEST_PROJECTS : projects;
  const preparations = new Map(
    chosen.flatMap((project) => {
      const program = PREPARATIONS[project];
      return program === undefined ? [] : [[project, run([program])] as const];
    }),
  );
  for (const project of chosen) {
    await preparations.get(project);
    await measure(project, () => runProject(project, run));
  }
  return parts;
}

async function runProject(project: string, run: (argv: readonly string[]) => Promise<number>): Promise<TestCounts> {
  const folder = await mkdtemp(join(tmpdir(), 'onedock-test-'));
  try {
    const file = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--passWithNoTests', ...reporters];
    const exitCode = await run(vitest);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    return text === undefined ? countOne(exitCode === 0) : countReport(JSON.parse(text) as Report, exitCode);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A run that fails without a failed test, as by an error between tests, counts as one failure. */
export function countReport(report: Report, exitCode: number): TestCounts {
  const failed = report.numFailedTests > 0 || exitCode === 0 ? report.numFailedTests : 1;
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests };
}

function countOne(passed: boolean): TestCounts {
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}
