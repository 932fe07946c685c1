/** CPU and memory of VMs that change, by the commands that a user types. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Vm } from '../../src/opennebula/client/views.ts';
import { CloudCommands } from '../support/cloud-commands.ts';
import { describeSandbox } from '../support/test-sandbox.ts';

describeSandbox('capacity of VMs', () => {
  let cloud: CloudCommands;
  let vm: Vm;

  beforeAll(async () => {
    cloud = await CloudCommands.start();
    vm = await cloud.create('web');
  });
  afterAll(() => cloud?.[Symbol.asyncDispose]());

  const limits = () =>
    cloud.sandbox.on(
      'host-1',
      'docker',
      'inspect',
      '--format',
      '{{.HostConfig.Memory}} {{.HostConfig.CpuShares}} {{.State.Pid}}',
      `one-${vm.id}`,
    );

  it('changes while the VM runs, which goes on', async () => {
    const [, , pid] = (await limits()).split(' ');
    await cloud.change('RUNNING', 'resize', vm, '--cpu', '0.5', '--memory', '96');
    await expect.poll(limits).toBe(`${96 * 2 ** 20} 512 ${pid}`);
    await cloud.change('RUNNING', 'resize', vm, '--memory', '48');
    await expect.poll(limits).toBe(`${48 * 2 ** 20} 512 ${pid}`);
  });

  it('changes while the VM is off', async () => {
    await cloud.change('POWEROFF', 'poweroff', vm);
    await cloud.change('POWEROFF', 'resize', vm, '--cpu', '0.25', '--memory', '64');
    await cloud.change('RUNNING', 'resume', vm);
    expect((await limits()).split(' ').slice(0, 2)).toEqual([`${64 * 2 ** 20}`, '256']);
  });
});
