/** Accounting tells what a VM was in each of its stays, whatever became of it since. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAll, parseXml } from '../../../../src/opennebula/xml.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

const NETWORK = 'NAME=net\nVN_MAD=dummy\nBRIDGE=b\nAR=[TYPE=IP4,IP=192.0.2.1,SIZE=4]\n';

let one: CloudInProcess;
let id: number;

const until = (phase: string) => one.until(() => one.cloud.pools.vm.get(id)?.phase === phase);

beforeEach(async () => {
  one = await startCloudInProcess();
  await one.host('dummy-1');
  await one.oneadmin.call('one.vn.allocate', NETWORK, -1);
  id = await one.oneadmin.call('one.vm.allocate', 'NAME=web\nCPU=1\nMEMORY=64\nNIC=[NETWORK=net]\n', false);
  await until('RUNNING');
});

afterEach(() => one[Symbol.asyncDispose]());

async function accounts(...path: readonly string[]) {
  const document = parseXml(await one.oneadmin.call<string>('one.vmpool.accounting', -2, -1, -1));
  const histories = findAll(document, 'HISTORY');
  return histories.map((history) => findAll(history, path.join('/')).map(({ text }) => text));
}

describe('one.vmpool.accounting', () => {
  it('shows the VM as it was when the stay began', async () => {
    await one.oneadmin.call('one.vm.rename', id, 'other');
    expect(await accounts('VM', 'NAME')).toEqual([['web']]);
    expect(await accounts('VM', 'LCM_STATE')).toEqual([['1']]);
    expect(await accounts('VM', 'HISTORY_RECORDS', 'HISTORY')).toEqual([[]]);
  });

  it('shows a NIC from when it was attached until after it was detached', async () => {
    await one.oneadmin.call('one.vm.attachnic', id, 'NIC=[NETWORK=net]');
    await until('RUNNING');
    await one.oneadmin.call('one.vm.detachnic', id, 1);
    await until('RUNNING');
    await one.oneadmin.call('one.vm.action', 'poweroff-hard', id);
    await until('POWEROFF');
    await one.oneadmin.call('one.vm.action', 'resume', id);
    await until('RUNNING');
    expect(await accounts('VM', 'TEMPLATE', 'NIC', 'NIC_ID')).toEqual([['0', '1'], ['0', '1'], ['0', '1'], ['0']]);
    expect(await accounts('VM', 'TEMPLATE', 'NIC', 'ATTACH')).toEqual([['YES'], ['YES'], ['YES'], []]);
  });

  it('shows who owned it', async () => {
    const ada = await one.user('ada');
    await one.oneadmin.call('one.vm.action', 'poweroff-hard', id);
    await until('POWEROFF');
    await one.oneadmin.call('one.vm.action', 'resume', id);
    await until('RUNNING');
    await one.oneadmin.call('one.vm.chown', id, ada.id, -1);
    expect(await accounts('VM', 'UNAME')).toEqual([['oneadmin'], ['ada']]);
  });

  it('writes nothing for a change that was refused', async () => {
    await one.oneadmin.refusal('one.vm.attachnic', id, 'NIC=[NETWORK=none]');
    expect(await accounts('VM', 'TEMPLATE', 'NIC', 'NIC_ID')).toEqual([['0']]);
  });
});
