/** VMs that stand still, leave their host, and come back, by the commands that a user types. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Vm } from '../../src/opennebula/client/views.ts';
import { CloudCommands } from '../support/cloud-commands.ts';
import { describeSandbox } from '../support/test-sandbox.ts';

const DATA = 'DISK = [ IMAGE = "data" ]\nDISK = [ TYPE = "fs", SIZE = "16", FORMAT = "raw", FS = "ext4" ]';

describeSandbox('VMs that stand still', () => {
  let cloud: CloudCommands;
  let vm: Vm;

  beforeAll(async () => {
    cloud = await CloudCommands.start();
    vm = await cloud.create('web', DATA, '');
    await cloud.inside(vm, 'for place in /www /media/1 /media/2; do echo first >$place/note; done');
  });
  afterAll(() => cloud?.[Symbol.asyncDispose]());

  const notes = () => cloud.inside(vm, 'cat /www/note /media/1/note /media/2/note');
  const page = () =>
    fetch(`http://${vm.addresses[0]}/note`, { signal: AbortSignal.timeout(1000) }).then(
      (answer) => answer.text(),
      String,
    );
  const count = async () => Number(await cloud.inside(vm, 'wc -l </counter'));
  const startCounter = async () => {
    const now = await cloud.client.vm.info(vm.id);
    const script = 'while :; do echo x >>/counter; sleep 0.02; done';
    await cloud.sandbox.on(now.hostName, 'docker', 'exec', '--detach', `one-${vm.id}`, 'sh', '-c', script);
    await expect.poll(count).toBeGreaterThan(0);
  };
  const other = async () => ((await cloud.client.vm.info(vm.id)).hostName === 'host-1' ? 'host-2' : 'host-1');

  it('suspend keeps a counter where it is, and resume lets it go on', async () => {
    await startCounter();
    await cloud.change('SUSPENDED', 'suspend', vm);
    expect(await page()).toContain('Error');
    const before = await cloud.change('RUNNING', 'resume', vm).then(count);
    await expect.poll(count).toBeGreaterThan(before);
    await expect.poll(page).toBe('first\n');
  });

  it('stop takes a VM off its host, and resume brings it back with its files', async () => {
    const host = (await cloud.client.vm.info(vm.id)).hostName;
    await cloud.change('STOPPED', 'stop', vm);
    expect(await cloud.leftovers(host)).toBe('');
    expect(await cloud.sandbox.on('frontend', 'cat', `/var/log/one/${vm.id}.log`)).toContain(
      'The processes of the VM are stopped',
    );
    await cloud.change('RUNNING', 'resume', vm);
    expect(await notes()).toBe('first\nfirst\nfirst');
    await expect.poll(page).toBe('first\n');
  });

  it('stop of a suspended VM does the same', async () => {
    await cloud.inside(vm, 'for place in /www /media/1 /media/2; do echo second >$place/note; done');
    await cloud.change('SUSPENDED', 'suspend', vm);
    await cloud.change('STOPPED', 'stop', vm);
    await cloud.change('RUNNING', 'resume', vm);
    expect(await notes()).toBe('second\nsecond\nsecond');
  });

  it('an undeployed VM goes on on the other host, with files, disks and address', async () => {
    const target = await other();
    await cloud.change('UNDEPLOYED', 'undeploy', vm);
    for (const host of ['host-1', 'host-2']) expect(await cloud.leftovers(host)).toBe('');
    await cloud.change('RUNNING', 'deploy', vm, target);
    const now = await cloud.client.vm.info(vm.id);
    expect([now.hostName, now.addresses]).toEqual([target, vm.addresses]);
    expect(await notes()).toBe('second\nsecond\nsecond');
    await expect.poll(page).toBe('second\n');
  });

  it('a suspended VM can be terminated, and nothing is left', async () => {
    await cloud.change('SUSPENDED', 'suspend', vm);
    await cloud.terminate(vm);
    for (const host of ['host-1', 'host-2']) expect(await cloud.leftovers(host)).toBe('');
    const repositories = await cloud.sandbox.on(
      'frontend',
      'find',
      '/var/lib',
      '-path',
      '*/repositories/onedock/vm-*',
      '-path',
      '*/_manifests/tags/latest/current/link',
    );
    expect(repositories).toBe('');
  });
});
