import { describe, expect, it } from 'vitest';
import { junitXml } from '../../../src/acceptance/report/junit.ts';
import { reportText } from '../../../src/acceptance/report/text.ts';
import type { SuiteResult } from '../../../src/acceptance/run.ts';
import { findAll, parseXml } from '../../../src/opennebula/xml.ts';

const RESULT: SuiteResult = {
  endpoint: 'http://one:2633/RPC2',
  version: '7.4.0',
  driver: 'onedock',
  hosts: ['a', 'b'],
  startedAt: 1_700_000_000,
  seconds: 3.25,
  trials: [
    { name: 'create a VM', outcome: 'passed', seconds: 1.5, detail: 'VM 7 on a' },
    { name: 'reboot', outcome: 'failed', seconds: 0.25, detail: 'It said "no" & <left>\u0007.\nSecond line' },
    { name: 'migrate', outcome: 'skipped', seconds: 0, detail: 'there is one host only' },
  ],
};

describe('junitXml', () => {
  it('is XML that counts each outcome, and keeps why', () => {
    const suite = findAll(parseXml(junitXml(RESULT)), 'testsuite')[0];
    expect(suite?.children.map(({ name }) => name)).toEqual(['properties', 'testcase', 'testcase', 'testcase']);
    expect(junitXml(RESULT)).toContain('<testsuites tests="3" failures="1" skipped="1" time="3.250">');
    expect(suite && findAll(suite, 'testcase/failure')[0]?.text).toBe('It said "no" & <left>.\nSecond line');
    expect(junitXml(RESULT)).toContain('<skipped message="there is one host only"/>');
    expect(junitXml(RESULT)).toContain('message="It said &quot;no&quot; &amp; &lt;left&gt;."');
  });
});

describe('reportText', () => {
  it('says where it was, what came of each trial, and the sum', () => {
    expect(reportText(RESULT)).toBe(`OpenNebula 7.4.0 at http://one:2633/RPC2, 2023-11-14T22:13:20.000Z
Hosts (onedock): a, b

✓ create a VM (1.5 s): VM 7 on a
✗ reboot (0.3 s): It said "no" & <left>\u0007.
Second line
- migrate (skipped): there is one host only

1 passed, 1 failed, 1 skipped (3.3 s)
`);
  });
});
