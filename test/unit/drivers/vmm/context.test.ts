import { describe, expect, it } from 'vitest';
import {
  contextFiles,
  needsRoot,
  printVmFiles,
  unmetWishes,
  wantedHostname,
} from '../../../../src/drivers/vmm/onedock/context.ts';

describe('contextFiles', () => {
  it('are none for a VM without CONTEXT', () => {
    expect(contextFiles({})).toEqual({});
  });

  it('are context.sh, the keys and the script', () => {
    expect(contextFiles({ SSH_PUBLIC_KEY: ' ssh-rsa A\n\nssh-rsa B ', START_SCRIPT: 'echo hi' })).toEqual({
      'context/context.sh': expect.stringContaining("START_SCRIPT='echo hi'"),
      'shim/authorized_keys': 'ssh-rsa A\nssh-rsa B\n',
      'shim/start-script': 'echo hi\n',
    });
  });

  it('take the script in base64 before the other', () => {
    const files = contextFiles({ START_SCRIPT: 'no', START_SCRIPT_BASE64: Buffer.from('yes\n').toString('base64') });
    expect(files['shim/start-script']).toBe('yes\n');
  });

  it('go to the helper as lines of name and base64', () => {
    expect(printVmFiles({ 'context/a': 'x\n' })).toBe('context/a eAo=\n');
  });
});

it.each([
  ['web', 'web'],
  ['web server_1', 'web-server-1'],
  ['-web.', 'web'],
  ['x'.repeat(80), 'x'.repeat(63)],
  ['', undefined],
  ['äöü', undefined],
])('wantedHostname makes %j a host name', (name, expected) => {
  expect(wantedHostname({ SET_HOSTNAME: name })).toBe(expected);
});

it.each([
  [{}, false],
  [{ NETWORK: 'YES' }, false],
  [{ SSH_PUBLIC_KEY: 'k' }, true],
  [{ SSH_PUBLIC_KEY: ' ' }, false],
  [{ START_SCRIPT: 'x' }, true],
  [{ PASSWORD: 'x' }, true],
  [{ TIMEZONE: '' }, false],
  [{ FILES_DS: '/f:init.sh' }, true],
])('needsRoot of %j is %s', (context, expected) => {
  expect(needsRoot(context)).toBe(expected);
});

it('unmetWishes says what has no effect, once for each variable that asks for it', () => {
  expect(unmetWishes({ GROW_ROOTFS: 'YES', GROW_FS: '', DNS_HOSTNAME: 'no', USERNAME: 'ada' })).toEqual([
    expect.stringMatching(/^GROW_ROOTFS of the context has no effect: The root disk has no size/),
  ]);
});
