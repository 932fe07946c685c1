/** `vagrant up` with the repository's Vagrantfile, on machines of Vagrant's provider lxc made of our own box. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Client } from '../../src/opennebula/client/client.ts';
import { type VmGoal, waitForVm } from '../../src/opennebula/client/wait.ts';
import { TestSandbox } from '../support/test-sandbox.ts';
import { noVagrant, VagrantEnvironment } from '../support/vagrant-environment.ts';

const reason = noVagrant();
const title = 'a sandbox that `vagrant up` makes';

describe.skipIf(reason !== undefined)(reason === undefined ? title : `${title} (skipped: ${reason})`, () => {
  let vagrant: VagrantEnvironment;
  let sandbox: TestSandbox;
  let client: Client;
  let page: string;

  const machineNames = async (): Promise<string[]> =>
    (await sandbox.json('status')).machines.map(({ name }: { name: string }) => name).toSorted();
  const answers = () => expect.poll(() => fetch(page).then((answer) => answer.text(), String)).toContain('It works');
  const reach = (goal: VmGoal) => waitForVm(client, 0, goal);

  beforeAll(async () => {
    vagrant = await VagrantEnvironment.create();
    vi.stubEnv('VAGRANT_HOME', vagrant.env.VAGRANT_HOME);
    sandbox = await TestSandbox.create(`provider: vagrant\nhosts: 1\nvagrant: ${JSON.stringify(vagrant.settings)}\n`);
    await vagrant.run(sandbox.folder, 'up', '--provider=lxc');
    client = await sandbox.client();
  });

  afterAll(async () => {
    client?.[Symbol.dispose]();
    await sandbox?.[Symbol.asyncDispose]();
    await vagrant?.[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
  });

  it('is the cloud of sandbox.yaml, with a VM whose page answers on its own address', async () => {
    const status = await sandbox.json('status');
    expect(status).toMatchObject({ provider: 'vagrant', state: 'running' });
    expect(await machineNames()).toEqual(['frontend', 'host-1']);
    page = `http://${status.vms[0].addresses[0]}/`;
    await answers();
  });

  it('is not changed by a second `onedock up`', async () => {
    expect(await sandbox.json('up')).toMatchObject({ changed: false });
  });

  it('gets a host that `onedock host add` has Vagrant make', async () => {
    await sandbox.ok('host', 'add');
    expect(await machineNames()).toEqual(['frontend', 'host-1', 'host-2']);
    expect(await vagrant.machines(sandbox.name)).toHaveLength(3);
  });

  it('takes a VM through its life, and to the other machine and back to its address', async () => {
    await sandbox.one('onevm', 'suspend', '0');
    await reach('SUSPENDED');
    await sandbox.one('onevm', 'resume', '0');
    await reach('RUNNING');
    await sandbox.one('onevm', 'poweroff', '0');
    await reach('POWEROFF');
    await sandbox.one('onevm', 'resume', '0');
    const { hostName } = await reach('RUNNING');
    const other = hostName === 'host-1' ? 'host-2' : 'host-1';
    await sandbox.one('onevm', 'migrate', '0', other);
    await expect.poll(async () => (await client.vm.info(0)).hostName, { timeout: 30_000 }).toBe(other);
    await reach('RUNNING');
    await answers();
    await sandbox.one('onevm', 'terminate', '--hard', '0');
    await reach('DONE');
  });

  it('makes a machine that is off start again, as it was', async () => {
    await vagrant.run(sandbox.folder, 'halt', '--force', 'host-1');
    const { machines } = await sandbox.json('status');
    expect(machines.find(({ name }: { name: string }) => name === 'host-1')).toMatchObject({ running: false });
    await sandbox.ok('up');
    expect((await sandbox.json('status')).state).toBe('running');
  });

  it('leaves nothing when `vagrant destroy` has taken its machines', async () => {
    const said = await vagrant.run(sandbox.folder, 'destroy', '--force');
    expect(said).toContain(`Sandbox ${sandbox.name} is gone`);
    expect(await vagrant.machines(sandbox.name)).toEqual([]);
    expect(await sandbox.json('down', '--yes')).toMatchObject({ changed: false });
  });
});
