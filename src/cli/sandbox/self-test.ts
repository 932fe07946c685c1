/** Checks and tests of the repository, one after the other, and their counts. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Console, ForegroundOptions } from './console.ts';
import { seconds } from './output/seconds.ts';

/** In the order in which they run: what fails soonest comes first. */
export const TEST_PROJECTS: readonly string[] = ['unit', 'conformance', 'contract', 'system'];

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A test that failed: `contract › test/contract/… › a console › opens`, and the first lines of why. */
export interface Failure {
  readonly test: string;
  readonly problem: string;
}

export interface Part extends TestCounts {
  readonly part: string;
  readonly seconds: number;
  readonly failures: readonly Failure[];
}

type Result = TestCounts & Pick<Part, 'failures'>;

/** Builds beforehand, with processor time that the other tests leave, what takes the tests of a project minutes. */
const PREPARATIONS: Readonly<Record<string, string>> = { system: 'test/support/prepare-system.ts' };

/** Each counts as one test. */
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  lint: ['node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  types: ['node_modules/typescript/bin/tsc'],
};

/** What vitest's JSON reporter writes, as far as it is read here. */
export interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    /** The file's absolute path. */
    readonly name: string;
    readonly status: string;
    /** Why the file failed as a whole; empty when its tests say it. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

/** Vitest's report does not say why something before or after the tests of a file failed. */
const NO_TEST_OF_ITS = 'What comes before or after its tests failed; why stands in the output above.';

/** Enough for an assertion and what it compared; the whole is in the output above. */
const LINES_OF_A_PROBLEM = 12;

/** @param projects  all, and the checks before them, when empty */
export async function runTests(
  root: string,
  projects: readonly string[],
  console: Pick<Console, 'foreground' | 'err'>,
  { output = 'stdout' }: Pick<ForegroundOptions, 'output'> = {},
): Promise<Part[]> {
  const run = (argv: readonly string[]) =>
    console.foreground([process.execPath, ...argv], { workingDirectory: root, output });
  const parts: Part[] = [];
  const measure = async (part: string, work: () => Promise<Result>) => {
    const start = performance.now();
    const result = await work();
    const { passed, failed, skipped } = result;
    parts.push({ part, ...result, seconds: (performance.now() - start) / 1000 });
    const took = seconds((performance.now() - start) / 1000);
    console.err(
      `${failed === 0 ? '✓' : '✗'} ${part}: ${passed} passed, ${failed} failed, ${skipped} skipped (${took})\n`,
    );
  };
  const checks = projects.length === 0 ? Object.entries(CHECKS) : [];
  for (const [part, argv] of checks) await measure(part, async () => one(part, (await run(argv)) === 0));
  const chosen = projects.length === 0 ? TEST_PROJECTS : projects;
  const preparations = new Map(
    chosen.flatMap((project) => {
      const program = PREPARATIONS[project];
      return program === undefined ? [] : [[project, run([program])] as const];
    }),
  );
  for (const project of chosen) {
    await preparations.get(project);
    await measure(project, () => runProject(root, project, run));
  }
  return parts;
}

async function runProject(
  root: string,
  project: string,
  run: (argv: readonly string[]) => Promise<number>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'onedock-test-'));
  try {
    const file = join(folder, 'report.json');
    const reporters = [
      '--reporter=default',
      '--reporter=./test/support/tell-why.ts',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ];
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--passWithNoTests', ...reporters];
    const exitCode = await run(vitest);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return one(project, exitCode === 0);
    const report: Report = JSON.parse(text);
    return { ...countReport(report, exitCode), failures: failuresOf(report, exitCode, { root, project }) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A run that fails without a failed test, as by an error between tests, counts as one failure. */
export function countReport(report: Report, exitCode: number): TestCounts {
  const failed = report.numFailedTests > 0 || exitCode === 0 ? report.numFailedTests : 1;
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests };
}

/** What failed, to be said again at the end: thousands of lines of what passed stand between. */
export function failuresOf(
  { testResults }: Report,
  exitCode: number,
  { root, project }: { readonly root: string; readonly project: string },
): Failure[] {
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const path = [project, relative(root, name)];
    const failed = assertionResults
      .filter((test) => test.status === 'failed')
      .map(({ ancestorTitles, title, failureMessages }) => ({
        test: [...path, ...ancestorTitles, title].join(' › '),
        problem: firstLines((failureMessages ?? []).join('\n')),
      }));
    const whole = status === 'failed' && failed.length === 0;
    return whole ? [{ test: path.join(' › '), problem: firstLines(message) || NO_TEST_OF_ITS }] : failed;
  });
  return failures.length === 0 && exitCode !== 0 ? [elsewhere(project)] : failures;
}

/** `✗ unit › test/… › …` with its problem indented, a blank line after each. */
export function failuresText(failures: readonly Failure[]): string {
  return failures.map(({ test, problem }) => `✗ ${test}\n${problem.replace(/^(?=.)/gm, '  ')}\n`).join('\n');
}

function firstLines(text: string): string {
  return stripVTControlCharacters(text).trim().split('\n').slice(0, LINES_OF_A_PROBLEM).join('\n');
}

function one(part: string, passed: boolean): Result {
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0, failures: passed ? [] : [elsewhere(part)] };
}

function elsewhere(part: string): Failure {
  return { test: part, problem: 'It ended with an error outside of every test, which stands in the output above.' };
}
