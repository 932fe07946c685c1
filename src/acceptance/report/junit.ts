/** The result in the form that CI systems read: JUnit's XML. Pure. */
import { countOf, type SuiteResult, type TrialResult } from '../run.ts';

export function junitXml(result: SuiteResult): string {
  const { trials, seconds, startedAt, endpoint, version, driver, hosts } = result;
  const counts = { tests: trials.length, failures: countOf(result, 'failed'), skipped: countOf(result, 'skipped') };
  const timestamp = new Date(startedAt * 1000).toISOString().slice(0, 19);
  const suite = { name: 'onedock test', ...counts, errors: 0, time: seconds.toFixed(3), timestamp };
  const properties = { endpoint, version, driver, hosts: hosts.join(' ') };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ ...counts, time: suite.time })}>`,
    `  <testsuite${attributes(suite)}>`,
    '    <properties>',
    ...Object.entries(properties).map(([name, value]) => `      <property${attributes({ name, value })}/>`),
    '    </properties>',
    ...trials.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase({ name, outcome, seconds, detail }: TrialResult): string {
  const opening = `testcase${attributes({ classname: 'onedock', name, time: seconds.toFixed(3) })}`;
  const inside = {
    passed: detail === '' ? '' : `<system-out>${escapeXml(detail)}</system-out>`,
    failed: `<failure${attributes({ message: firstLine(detail) })}>${escapeXml(detail)}</failure>`,
    skipped: `<skipped${attributes({ message: detail })}/>`,
  }[outcome];
  return inside === '' ? `    <${opening}/>` : `    <${opening}>${inside}</testcase>`;
}

const firstLine = (text: string) => text.split('\n', 1)[0] ?? '';

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters have no place in XML 1.0, escaped or not. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
}
