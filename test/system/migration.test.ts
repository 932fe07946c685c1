/** VMs that move between hosts, by the commands that a user types. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { SuiteResult } from '../../src/acceptance/run.ts';
import type { Vm } from '../../src/opennebula/client/views.ts';
import { CloudCommands } from '../support/cloud-commands.ts';
import { describeSandbox } from '../support/test-sandbox.ts';

describeSandbox('migration of VMs', () => {
  let cloud: CloudCommands;
  let vm: Vm;
  let target: string;
  let round = 0;

  beforeAll(async () => {
    cloud = await CloudCommands.start();
    vm = await cloud.create('web', 'DISK = [ IMAGE = "data" ]');
  });
  afterAll(() => cloud?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    target = (await cloud.client.vm.info(vm.id)).hostName === 'host-1' ? 'host-2' : 'host-1';
    await cloud.inside(vm, `for place in /www /media/1; do echo ${++round} >$place/note; done`);
  });

  const source = () => (target === 'host-1' ? 'host-2' : 'host-1');
  /** It runs where it is to be, answers on its address, has its files, and has left nothing behind. */
  const expectMoved = async () => {
    const now = await cloud.client.vm.info(vm.id);
    expect([now.hostName, now.addresses]).toEqual([target, vm.addresses]);
    expect(await cloud.inside(vm, 'cat /www/note /media/1/note')).toBe(`${round}\n${round}`);
    const page = () => fetch(`http://${vm.addresses[0]}/note`).then((answer) => answer.text(), String);
    await expect.poll(page).toBe(`${round}\n`);
    expect(await cloud.leftovers(source())).toBe('');
  };

  it('a running VM is stopped, moved and started', async () => {
    await cloud.change('RUNNING', 'migrate', vm, target);
    await expectMoved();
    expect(await cloud.sandbox.on('frontend', 'cat', `/var/log/one/${vm.id}.log`)).toContain(
      'The processes of the VM are stopped',
    );
  });

  it('a running VM is powered off, moved and started', async () => {
    await cloud.change('RUNNING', 'migrate', vm, target, '--poff');
    await expectMoved();
  });

  it('a VM that is off is moved, and starts there', async () => {
    await cloud.change('POWEROFF', 'poweroff', vm);
    await cloud.change('POWEROFF', 'migrate', vm, target);
    await cloud.change('RUNNING', 'resume', vm);
    await expectMoved();
  });

  it('a suspended VM is moved, and starts there from its disks', async () => {
    await cloud.change('SUSPENDED', 'suspend', vm);
    await cloud.change('SUSPENDED', 'migrate', vm, target);
    await cloud.change('RUNNING', 'resume', vm);
    await expectMoved();
    expect(await cloud.sandbox.on('frontend', 'cat', `/var/log/one/${vm.id}.log`)).toContain(
      'have ended while it was suspended',
    );
  });

  it('a running VM is not moved live: it is told what to use, and runs on', async () => {
    const began = await cloud.sandbox.on(source(), 'docker', 'inspect', '--format', '{{.State.Pid}}', `one-${vm.id}`);
    await cloud.change('RUNNING', 'migrate', vm, target, '--live');
    expect(await cloud.failed(vm)).toContain('MIGRATE: premigrate: Operation not supported.');
    const log = await cloud.sandbox.on('frontend', 'cat', `/var/log/one/${vm.id}.log`);
    for (const host of [source(), target]) {
      expect(log).toContain(
        `The Docker Engine of ${host} makes no checkpoints: daemon.json lacks "experimental": true.`,
      );
      expect(log).toContain(`There is no CRIU on ${host}.`);
    }
    expect(log).toContain('Use `onevm migrate` without --live');
    expect((await cloud.client.vm.info(vm.id)).hostName).toBe(source());
    expect(await cloud.sandbox.on(source(), 'docker', 'inspect', '--format', '{{.State.Pid}}', `one-${vm.id}`)).toBe(
      began,
    );
    expect(await cloud.leftovers(target)).toBe('');
  });

  it('at the end nothing is left on either host, also of `onedock test`, which tries all of this and more', async () => {
    await cloud.terminate(vm);
    const { trials } = (await cloud.sandbox.json('test')) as SuiteResult;
    expect(trials.filter(({ outcome }) => outcome !== 'passed')).toEqual([
      expect.objectContaining({ name: 'register an image', outcome: 'skipped' }),
    ]);
    expect(trials.find(({ name }) => name === 'power off and resume')?.detail).toBe('its files are kept');
    for (const host of ['host-1', 'host-2']) expect(await cloud.leftovers(host)).toBe('');
  });
});
