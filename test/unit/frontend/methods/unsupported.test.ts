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

/** What OpenNebula refuses too, for a VM on hold, an image of a disk and a system datastore. */
const OWN_WORDS: Readonly<Record<string, readonly [code: number, text: string]>> = {
  'one.vm.backup': [2048, 'Datastore needs to be of type BACKUP'],
  'one.vm.backupcancel': [8192, 'Could not cancel backup for VM 0, no backup in progress'],
  'one.vm.restore': [2048, 'Image has to be of type BACKUP'],
  'one.vm.attachpci': [2048, 'PCI attribute not found'],
  'one.vm.detachpci': [2048, 'VM in wrong state, it has to be in poweroff'],
  'one.cluster.planexecute': [2048, 'Plan is not ready'],
  'one.cluster.plandelete': [2048, 'Plan for cluster 0 does not exist'],
};

describe('what is not supported', () => {
  it.each([...unsupportedMethods, ...unsupportedVmMethods].map((method) => [method.name, method] as const))(
    '%s is refused with its reason, after OpenNebula’s own checks',
    async (name, { params }) => {
      const args = Object.values(params).map(({ type }) => EXAMPLES[type]);
      const refusal = await one.oneadmin.refusal(name, ...args);
      const own = OWN_WORDS[name];
      if (own) expect(refusal).toBe(`${own[0]} [${name}] ${own[1]}`);
      else
        expect(refusal).toMatch(/^(8192 \[[\w.]+\] .* are not supported\.|1024 \[[\w.]+\] Error getting .* \[0\]\.)$/);
    },
  );

  it('is no reason to tell a user of objects that are not his', async () => {
    const ada = await one.user('ada');
    expect(await ada.refusal('one.image.restore', 0, 1, '')).toContain('Not authorized to perform USE IMAGE [0]');
    expect(await ada.refusal('one.market.allocate', 'NAME=x\n')).toContain('CREATE MARKETPLACE');
    expect(await ada.refusal('one.system.sql', 'SELECT 1', false)).toContain('512 ');
  });
});
