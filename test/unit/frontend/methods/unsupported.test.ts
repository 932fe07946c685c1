import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unsupportedMethods } from '../../../../src/frontend/methods/unsupported.ts';
import { unsupportedVmMethods } from '../../../../src/frontend/methods/vm-unsupported.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

let one: CloudInProcess;

beforeAll(async () => {
  one = await startCloudInProcess();
  await one.oneadmin.call('one.vm.allocate', 'CPU=1\nMEMORY=64\n', true);
  const ds = await one.datastore('d');
  await one.oneadmin.call('one.image.allocate', 'NAME=i\nTYPE=DATABLOCK\nSIZE=1\n', ds, false);
});

afterAll(() => one[Symbol.asyncDispose]());

const EXAMPLES = { int: 0, string: '', boolean: false, ints: [] };

describe('what is not supported', () => {
  it.each([...unsupportedMethods, ...unsupportedVmMethods].map((method) => [method.name, method] as const))(
    '%s is refused with its reason, after OpenNebula’s own checks',
    async (name, { params }) => {
      const args = Object.values(params).map(({ type }) => EXAMPLES[type]);
      const refusal = await one.oneadmin.refusal(name, ...args);
      expect(refusal).toMatch(/^(8192 \[[\w.]+\] .* are not supported\.|1024 \[[\w.]+\] Error getting .* \[0\]\.)$/);
    },
  );

  it('is no reason to tell a user of objects that are not his', async () => {
    const ada = await one.user('ada');
    expect(await ada.refusal('one.image.restore', 0, 1, '')).toContain('Not authorized to perform MANAGE IMAGE [0]');
    expect(await ada.refusal('one.vrouter.allocate', 'NAME=x\n')).toContain('Not authorized to perform CREATE VROUTER');
    expect(await ada.refusal('one.system.sql', 'SELECT 1', false)).toContain('512 ');
  });
});
