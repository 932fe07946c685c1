/** Engines and hosts that are restarted: what runs on them is known again, and what ended with them starts again. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Vm } from '../../src/opennebula/client/views.ts';
import { waitUntil } from '../../src/opennebula/client/wait.ts';
import { CloudCommands } from '../support/cloud-commands.ts';
import { describeSandbox } from '../support/test-sandbox.ts';

describeSandbox('restarts', () => {
  let cloud: CloudCommands;
  let vm: Vm;

  beforeAll(async () => {
    cloud = await CloudCommands.start();
    vm = await cloud.create('web', 'DISK = [ IMAGE = "data" ]');
    await cloud.inside(vm, 'echo kept >/kept; echo kept >/media/1/kept');
  });
  afterAll(() => cloud?.[Symbol.asyncDispose]());

  const on = (machine: string, script: string) => cloud.sandbox.on(machine, 'sh', '-c', script);
  /** The page of the VM: its cable is plugged in. */
  const page = async () => {
    const address = /ETH0_IP="([^"]+)"/.exec(await cloud.sandbox.one('onevm', 'show', String(vm.id)))?.[1] ?? '';
    return (await fetch(`http://${address}/`, { signal: AbortSignal.timeout(10_000) })).text();
  };
  const startedAt = () => on('host-1', `docker inspect -f '{{.State.StartedAt}}' one-${vm.id}`);
  const hostIs = (state: string) =>
    waitUntil({
      awaited: `host-1 ${state}`,
      look: async () => (await cloud.client.hostpool.info()).objects.find(({ name }) => name === 'host-1'),
      done: (host) => host?.state === state,
      describe: (host) => host?.state ?? 'no host',
    });

  it('the engine is restarted: its VMs go on, and are seen to', async () => {
    const before = await startedAt();
    await on('host-1', 'systemctl restart docker');
    await hostIs('MONITORED');
    await cloud.reach(vm, 'RUNNING');
    expect(await startedAt()).toBe(before);
    expect(await page()).toContain('It works');
    // What follows events of the engine follows those of the new one.
    await on('host-1', `docker stop one-${vm.id}`);
    await cloud.reach(vm, 'POWEROFF');
    await cloud.change('RUNNING', 'resume', vm);
    expect(await cloud.inside(vm, 'cat /kept /media/1/kept')).toBe('kept\nkept');
  });

  it('the connection is lost: the host fails, and comes back with its VMs', async () => {
    const before = await startedAt();
    await on('host-1', 'systemctl stop ssh; pkill -KILL -u oneadmin -x sshd; true');
    await hostIs('ERROR');
    await waitUntil({
      awaited: `VM ${vm.id} UNKNOWN`,
      look: () => cloud.client.vm.info(vm.id),
      done: ({ lcmState }) => lcmState === 'UNKNOWN',
      describe: ({ lcmState }) => lcmState,
    });
    await on('host-1', 'systemctl start ssh');
    await cloud.reach(vm, 'RUNNING');
    expect(await startedAt()).toBe(before);
  });

  it('the host is restarted: its VMs are off, and start again with what they had', async () => {
    const before = await on('host-1', 'stat -c %Y /proc/1');
    await on('host-1', 'systemctl reboot').catch(() => '');
    await cloud.reach(vm, 'POWEROFF');
    expect(await on('host-1', 'stat -c %Y /proc/1')).not.toBe(before);
    await cloud.change('RUNNING', 'resume', vm);
    expect(await cloud.inside(vm, 'cat /kept /media/1/kept')).toBe('kept\nkept');
    expect(await page()).toContain('It works');
  });

  it('a container of the host becomes a VM where it is, and outlives it', async () => {
    const image = await on('host-1', `docker inspect -f '{{.Image}}' one-${vm.id}`);
    await on(
      'host-1',
      `docker run -d --name wild --memory 32m --network none --entrypoint /bin/sh ${image} -c 'sleep 100000'`,
    );
    const wild = await waitUntil({
      awaited: 'a wild VM of host-1',
      look: () => cloud.sandbox.one('onehost', 'show', 'host-1', '--json'),
      done: (shown) => /"VM_NAME": *"wild"/.test(shown),
      describe: (shown) => /"WILDS": *"[^"]*"/.exec(shown)?.[0] ?? 'none',
    });
    const { VM: told } = JSON.parse(wild).HOST.TEMPLATE;
    const template = Buffer.from(told.IMPORT_TEMPLATE, 'base64').toString();
    const imported = await cloud.createOf(template);
    await cloud.reach(imported, 'RUNNING');
    expect(await on('host-1', "docker inspect -f '{{.State.Status}}' wild")).toBe('running');
    for (const [verb, goal] of [
      ['poweroff', 'POWEROFF'],
      ['resume', 'RUNNING'],
      ['suspend', 'SUSPENDED'],
      ['resume', 'RUNNING'],
    ] as const)
      await cloud.change(goal, verb, { id: imported });
    await cloud.onevm('undeploy', { id: imported });
    expect(await cloud.failed({ id: imported })).toContain('was imported');
    await cloud.reach(imported, 'RUNNING');
    await on('host-1', 'docker kill wild');
    await cloud.reach(imported, 'POWEROFF');
    expect(await on('frontend', `cat /var/log/one/${imported}.log`)).toContain('exit code 137, by signal 9');
    await cloud.change('DONE', 'terminate', { id: imported });
    expect(await on('host-1', "docker inspect -f '{{.State.Status}}' wild")).toBe('exited');
    await on('host-1', 'docker rm wild');
    await cloud.terminate(vm);
    for (const host of ['host-1', 'host-2']) expect(await cloud.leftovers(host)).toBe('');
  });
});
