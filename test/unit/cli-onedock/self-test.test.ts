import { describe, expect, it } from 'vitest';
import { countReport, failuresOf, failuresText, type Report } from '../../../src/cli/sandbox/self-test.ts';

const REPORT: Report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 2, numTodoTests: 0, testResults: [] };
const PLACE = { root: '/repository', project: 'unit' };

describe('the counts of a test run', () => {
  it('are those of its report', () => {
    expect(countReport(REPORT, 0)).toEqual({ passed: 5, failed: 0, skipped: 2 });
  });

  it('have a failure when the run failed otherwise, as by a suite that could not be loaded', () => {
    expect(countReport(REPORT, 1)).toEqual({ passed: 5, failed: 1, skipped: 2 });
  });
});

describe('the failures of a test run', () => {
  const passed = { ancestorTitles: ['a lease'], title: 'is held once', status: 'passed', failureMessages: [] };
  const file = {
    name: '/repository/test/unit/lease.test.ts',
    status: 'failed',
    message: '',
    assertionResults: [passed],
  };

  it('are named by project, file and titles, with the first lines of why, without colours', () => {
    const lines = ['\u001b[31mAssertionError\u001b[39m: expected 1 to be 2', ...Array(30).fill('    at lease.ts:1')];
    const failed = { ...passed, title: 'goes back', status: 'failed', failureMessages: [lines.join('\n')] };
    const report = { ...REPORT, numFailedTests: 1, testResults: [{ ...file, assertionResults: [passed, failed] }] };
    const failures = failuresOf(report, 1, PLACE);
    expect(failures.map(({ test }) => test)).toEqual(['unit › test/unit/lease.test.ts › a lease › goes back']);
    expect(failures[0]?.problem.split('\n')).toHaveLength(12);
    expect(failures[0]?.problem).toMatch(/^AssertionError: expected 1 to be 2\n/);
  });

  it('have a file that could not be loaded', () => {
    const testResults = [{ ...file, message: 'SyntaxError: no', assertionResults: [] }];
    const failure = { test: 'unit › test/unit/lease.test.ts', problem: 'SyntaxError: no' };
    expect(failuresOf({ ...REPORT, testResults }, 1, PLACE)).toEqual([failure]);
  });

  it('have a file whose hook failed, of which the report says no more', () => {
    const testResults = [{ ...file, assertionResults: [{ ...passed, status: 'skipped' }] }];
    expect(failuresOf({ ...REPORT, testResults }, 1, PLACE)[0]?.problem).toContain('before or after its tests');
  });

  it('have an error outside of every test', () => {
    expect(failuresOf(REPORT, 1, PLACE).map(({ test }) => test)).toEqual(['unit']);
    expect(failuresOf(REPORT, 0, PLACE)).toEqual([]);
  });

  it('are said with the problem below the test', () => {
    expect(failuresText([{ test: 'unit › a', problem: 'Error: x\n\nat y' }])).toBe(
      '✗ unit › a\n  Error: x\n\n  at y\n',
    );
    expect(failuresText([])).toBe('');
  });
});
