/** The result as people read it. Pure. */
import { countOf, type Outcome, type SuiteResult, type TrialResult } from '../run.ts';

const MARKS: Readonly<Record<Outcome, string>> = { passed: '✓', failed: '✗', skipped: '-' };

export function trialLine({ name, outcome, seconds, detail }: TrialResult): string {
  const took = outcome === 'skipped' ? 'skipped' : `${seconds.toFixed(1)} s`;
  return `${MARKS[outcome]} ${name} (${took})${detail === '' ? '' : `: ${detail}`}`;
}

export function verdict(result: SuiteResult): string {
  return `${countOf(result, 'passed')} passed, ${countOf(result, 'failed')} failed, ${countOf(result, 'skipped')} skipped (${result.seconds.toFixed(1)} s)`;
}

export function reportText(result: SuiteResult): string {
  const { endpoint, version, driver, hosts, trials, startedAt } = result;
  return [
    `OpenNebula ${version} at ${endpoint}, ${new Date(startedAt * 1000).toISOString()}`,
    `Hosts (${driver}): ${hosts.join(', ')}`,
    '',
    ...trials.map(trialLine),
    '',
    verdict(result),
    '',
  ].join('\n');
}
