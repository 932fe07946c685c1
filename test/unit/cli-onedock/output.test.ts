import { describe, expect, it } from 'vitest';
import { calledAs, hinting } from '../../../src/cli/sandbox/called-as.ts';
import { findingsText } from '../../../src/cli/sandbox/output/findings-text.ts';
import { planText } from '../../../src/cli/sandbox/output/plan-text.ts';
import { statusText, upText } from '../../../src/cli/sandbox/output/sandbox-text.ts';
import { seconds } from '../../../src/cli/sandbox/output/seconds.ts';
import type { SandboxStatus } from '../../../src/sandbox/status.ts';

const STATUS: SandboxStatus = {
  name: 'demo',
  state: 'running',
  provider: 'lxc',
  endpoint: 'http://10.72.0.2:2633/RPC2',
  machines: [
    { name: 'frontend', role: 'frontend', address: '10.72.0.2', running: true },
    { name: 'host-1', role: 'host', address: '10.72.0.11', running: false },
  ],
  hosts: [{ id: 0, name: 'host-1', state: 'MONITORED' }],
  images: [{ id: 0, name: 'web', state: 'READY' }],
  vms: [{ id: 7, name: 'web', state: 'RUNNING', host: 'host-1', addresses: ['10.72.16.64'] }],
};

const hint = hinting({ npm_lifecycle_event: 'sandbox' }, { name: undefined, config: undefined });

describe('a duration', () => {
  it.each([
    [0.0123, '12 ms'],
    [0.96, '1.0 s'],
    [4.24, '4.2 s'],
    [133, '2 min 13 s'],
  ])('of %d s reads %s', (value, text) => {
    expect(seconds(value)).toBe(text);
  });
});

describe('what people read', () => {
  it('of a sandbox names everything and where it is', () => {
    expect(statusText(STATUS, hint).split('\n')).toEqual([
      'Sandbox demo runs.',
      '',
      '  OpenNebula            http://10.72.0.2:2633/RPC2',
      '  machine     frontend  10.72.0.2',
      '  machine     host-1    10.72.0.11  stopped  monitored',
      '  image       web       ready  (id 0)',
      '  VM          web       10.72.16.64  running  on host-1  (id 7)',
    ]);
  });

  it('after `up` ends with what to type next', () => {
    const result = {
      ...STATUS,
      changed: true,
      seconds: 4.2,
      steps: [],
      extra: ['host-3'],
      pages: [{ vm: 'web', url: 'http://10.72.16.64/' }],
    };
    const text = upText(result, hint);
    expect(text).toContain('Sandbox demo is up (4.2 s).');
    expect(text).toContain('Page of VM web: http://10.72.16.64/');
    expect(text).toContain('Not asked for: host-3. `npm run sandbox -- host rm host-3` removes it.');
    expect(text).toMatch(/Next:\n {2}npm run sandbox -- one onevm list .*\n(.*\n)+.*npm run sandbox -- down/);
  });

  it('names the sandbox again that was named', () => {
    const named = hinting({}, { name: 'demo', config: 'other.yaml' });
    expect(named('one', 'onevm', 'list')).toBe('onedock one --name demo --config other.yaml onevm list');
  });

  it('of a plan has a line for each step, with what it waits for', () => {
    const steps = [
      { kind: 'machine-images' as const, id: 'images', title: 'Images', needs: [] },
      { kind: 'front-end' as const, id: 'front', title: 'Front', needs: ['images', 'done before'] },
    ];
    expect(planText({ sandbox: 'demo', steps, extra: [] })).toBe(
      'For sandbox demo, 2 steps would be done:\n  + Images  [images]\n  + Front  [front]  after images',
    );
    expect(planText({ sandbox: 'demo', steps: [], extra: [] })).toContain('nothing would be done');
  });

  it('of findings says what to do, and whether it matters', () => {
    const overlay = {
      code: 'X',
      title: 'OverlayFS',
      status: 'fatal' as const,
      cause: 'Missing.',
      fix: 'modprobe overlay',
    };
    expect(findingsText([overlay])).toBe(
      '✗ OverlayFS: Missing. [X]\n    modprobe overlay\n\nThis machine cannot run a sandbox as it is: 1 of 1 checks failed.',
    );
  });

  it.each([
    [{ npm_lifecycle_event: 'sandbox' }, 'npm run sandbox --'],
    [{ npm_command: 'exec' }, 'npx onedock'],
    [{}, 'onedock'],
  ])('repeats how we were called: %j', (env, text) => {
    expect(calledAs(env)).toBe(text);
  });
});
