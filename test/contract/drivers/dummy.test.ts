import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actionContext } from '../../../src/drivers/contract/action.ts';
import type { DriverRunner, MonitorReport } from '../../../src/drivers/contract/driver-runner.ts';
import type { DatastoreAction } from '../../../src/drivers/contract/families.ts';
import { dummyVmm } from '../../../src/drivers/vmm/dummy/index.ts';
import { ToldResults } from '../../../src/drivers/vmm/dummy/told-results.ts';
import { parseTemplate } from '../../../src/opennebula/template.ts';
import { startDrivers, WAYS } from '../../support/driver-ways.ts';

const VM = '<VM><ID>7</ID><NAME><![CDATA[my first vm]]></NAME></VM>';

describe.each(WAYS)('dummy drivers, %s', (way) => {
  let drivers: DriverRunner;
  beforeAll(async () => {
    drivers = await startDrivers(way);
  });
  afterAll(() => drivers[Symbol.asyncDispose]());

  /** What OpenNebula's own dummy scripts print (src/datastore_mad/remotes/dummy, 7.4). */
  it.each([
    ['stat', '1024'],
    ['cp', 'dummy_path dummy_format'],
    ['mkfs', 'dummy_path'],
    ['clone', 'dummy_path'],
    ['rm', ''],
    ['monitor', 'USED_MB=9720\nTOTAL_MB=20480\nFREE_MB=20480'],
  ] satisfies [DatastoreAction, string][])('datastore %s prints %j', async (action, printed) => {
    expect(await drivers.run({ family: 'datastore', driver: 'dummy', action, argv: ['3'], stdin: '<D/>' })).toBe(
      printed,
    );
  });

  it.each(['clone', 'clone.ssh', 'delete', 'mv'])('tm %s prints nothing', async (action) => {
    expect(await drivers.run({ family: 'tm', driver: 'dummy', action, argv: ['a', 'b'] })).toBe('');
  });

  it('deploys a VM under a deploy id of one word', async () => {
    const argv = ['/var/lib/one/datastores/0/7/deployment.0', 'host-1', '7', 'host-1'];
    const deployId = await drivers.run({ family: 'vmm', driver: 'dummy', action: 'deploy', argv, stdin: VM });
    expect(deployId).toBe('host-1:my_first_vm:dummy');
  });

  it('refuses what it cannot do in words', async () => {
    const call = drivers.run({ family: 'datastore', driver: 'dummy', action: 'backup', argv: ['3'], stdin: '<D/>' });
    await expect(call).rejects.toThrow('backup: Operation not supported. This is no backup datastore.');
  });
});

describe('vmm/dummy told what to do', () => {
  let directory: string;
  let vmm: ReturnType<typeof dummyVmm>;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'onedock-told-'));
    vmm = dummyVmm(new ToldResults(directory));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const shutdown = (signal?: AbortSignal) =>
    vmm.shutdown.run(['host-1:vm:dummy', 'host-1'], actionContext(signal ? { signal } : {}));

  it('takes the lines of the file named like the action in turn', async () => {
    await writeFile(join(directory, 'shutdown'), 'failure\nsuccess\n');
    await expect(shutdown()).rejects.toThrow('told to fail');
    await expect(shutdown()).resolves.toBe('');
    await expect(shutdown()).rejects.toThrow('told to fail');
  });

  it('does not answer on "-" until it is given up', async () => {
    await writeFile(join(directory, 'shutdown'), '-\n');
    const given = new AbortController();
    const answer = shutdown(given.signal);
    given.abort(new Error('given up'));
    await expect(answer).rejects.toThrow('given up');
  });
});

describe('im/dummy', () => {
  it('reports host and VMs at once, and ends when it is told to', async () => {
    await using drivers = await startDrivers('in process');
    const end = new AbortController();
    const reports: MonitorReport[] = [];
    const vm = { id: 7, deployId: 'host-1:vm:dummy', cpu: 1, memoryMb: 64 };
    const host = { id: 3, name: 'host-1', datastoreLocation: '/var/lib/one/datastores', systemDatastoreIds: [0] };
    const ended = drivers.monitor(
      'dummy',
      { ...host, runningVms: () => [vm] },
      (report) => {
        reports.push(report);
        if (report.type === 'MONITOR_VM') end.abort();
      },
      end.signal,
    );
    await ended;
    const text = (type: MonitorReport['type']) => parseTemplate(reports.find((each) => each.type === type)?.text ?? '');
    const system = text('SYSTEM_HOST');
    expect([system.get('HOSTNAME'), system.get('TOTALCPU'), system.get('HYPERVISOR')]).toEqual([
      'host-1',
      '800',
      'dummy',
    ]);
    expect(system.vectors('PCI')).toHaveLength(22);
    expect(text('MONITOR_HOST').has('USEDMEMORY')).toBe(true);
    expect(text('MONITOR_VM').vector('VM')).toMatchObject({ ID: '7', DEPLOY_ID: 'host-1:vm:dummy' });
  });
});
