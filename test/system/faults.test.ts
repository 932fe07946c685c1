/** What fails in the midst of something: VMs end in the state where OpenNebula puts them, and recover, and nothing is left. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Vm } from '../../src/opennebula/client/views.ts';
import { waitUntil } from '../../src/opennebula/client/wait.ts';
import { CloudCommands } from '../support/cloud-commands.ts';
import { blows, sustain } from '../support/crowd-under-faults.ts';
import { describeSandbox } from '../support/test-sandbox.ts';

describeSandbox('faults', () => {
  let cloud: CloudCommands;

  beforeAll(async () => {
    cloud = await CloudCommands.start();
  });
  afterAll(() => cloud?.[Symbol.asyncDispose]());

  const on = (machine: string, script: string) => cloud.sandbox.on(machine, 'sh', '-c', script);
  /** Waits until a VM runs, or has failed. */
  const settled = (id: number): Promise<Vm> =>
    waitUntil({
      awaited: `VM ${id} running or failed`,
      look: () => cloud.client.vm.info(id),
      done: (vm) => vm.isRunning || vm.hasFailed,
      describe: ({ lcmState }) => lcmState,
    });
  const leftNothing = async () => {
    for (const host of ['host-1', 'host-2']) expect(await cloud.leftovers(host)).toBe('');
    expect((await cloud.client.vnpool.info()).objects[0]?.usedLeases).toBe(0);
    for (const image of (await cloud.client.imagepool.info()).objects) expect(image.state).toBe('READY');
  };

  it('the registry is down while an image is brought: the VM waits in PROLOG_FAILURE, and recovers', async () => {
    await on('frontend', 'systemctl stop docker-registry');
    const vm = await settled(await cloud.submit('unlucky', '', 'host-2'));
    expect([vm.lcmState, vm.error]).toEqual(['PROLOG_FAILURE', expect.stringContaining('registry:5000')]);
    await on('frontend', 'systemctl start docker-registry');
    await cloud.change('RUNNING', 'recover', vm, '--retry');
    await cloud.terminate(vm);
    await leftNothing();
  });

  it('a host has no space for a disk: the VM waits in PROLOG_FAILURE, and recovers when there is', async () => {
    const place = '/var/lib/one/datastores/0';
    await on('host-2', `mount -t tmpfs -o size=64k,mode=0755,uid=9869,gid=9869 tmpfs ${place}`);
    const vm = await settled(await cloud.submit('full', 'DISK = [ IMAGE = "data" ]', 'host-2'));
    await on('host-2', `umount ${place}`);
    expect([vm.lcmState, vm.error]).toEqual(['PROLOG_FAILURE', expect.stringContaining('no space left on host-2')]);
    await cloud.change('RUNNING', 'recover', vm, '--retry');
    await cloud.terminate(vm);
    await leftNothing();
  });

  it('the Docker Engine is killed while VMs start: they run or wait in a failure, and recover', async () => {
    const ids = await Promise.all(['a', 'b', 'c', 'd'].map((name) => cloud.submit(name, '', 'host-1')));
    await on(
      'host-1',
      'until docker ps --all --quiet | grep -q .; do sleep 0.01; done; systemctl kill --signal KILL docker',
    );
    const vms = await Promise.all(ids.map(settled));
    for (const { lcmState } of vms) expect(['RUNNING', 'BOOT_FAILURE', 'PROLOG_FAILURE']).toContain(lcmState);
    await on('host-1', 'systemctl start docker; until docker info >/dev/null 2>&1; do sleep 0.05; done');
    const failed = vms.filter(({ hasFailed }) => hasFailed);
    for (const vm of failed) await cloud.change('RUNNING', 'recover', vm, '--retry');
    // What ended with the engine is seen to be off, and starts again.
    for (const vm of vms) {
      const now = await waitUntil({
        awaited: `VM ${vm.id} at rest`,
        look: () => cloud.client.vm.info(vm.id),
        done: ({ isRunning, state }) => isRunning || state === 'POWEROFF',
        describe: ({ lcmState }) => lcmState,
      });
      if (now.state === 'POWEROFF') await cloud.change('RUNNING', 'resume', vm);
      await expect.poll(() => cloud.inside(vm, 'echo alive').catch(String)).toBe('alive');
    }
    await cloud.terminate(...vms);
    await leftNothing();
  });

  it('the engine is killed while VMs start, and they are deleted: nothing is left', async () => {
    const ids = await Promise.all(
      ['a', 'b', 'c'].map((name) => cloud.submit(name, 'DISK = [ IMAGE = "data" ]', 'host-1')),
    );
    await on(
      'host-1',
      'until docker ps --all --quiet | grep -q .; do sleep 0.01; done; systemctl kill --signal KILL docker',
    );
    const vms = await Promise.all(ids.map(settled));
    await on('host-1', 'systemctl start docker; until docker info >/dev/null 2>&1; do sleep 0.05; done');
    for (const vm of vms) await cloud.change('DONE', 'recover', vm, '--delete');
    await expect.poll(() => cloud.leftovers('host-1')).toBe('');
    await leftNothing();
  });

  it('the front-end is killed while VMs start: it goes on where it was', async () => {
    const ids = await Promise.all(['a', 'b', 'c'].map((name) => cloud.submit(name, 'DISK = [ IMAGE = "data" ]')));
    await on('frontend', 'systemctl kill --signal KILL opennebula; systemctl restart opennebula');
    const vms = await Promise.all(ids.map((id) => cloud.reach(id, 'RUNNING')));
    for (const vm of vms) expect(await cloud.inside(vm, 'grep -c /media/ /proc/mounts')).toBe('1');
    await cloud.terminate(...vms);
    await leftNothing();
  });

  it('an engine that was killed has left a VM in containerd: that is ended, and the VM starts', async () => {
    const vm = await cloud.create('left', '', 'host-1');
    await cloud.change('POWEROFF', 'poweroff', vm, '--hard');
    // As it leaves it: a process of the VM runs, of which the engine learns only after its restart. systemd counts how often it
    // was started within a minute, by the tests before this one too.
    await on(
      'host-1',
      `set -e
      id=$(docker inspect -f '{{.Id}}' one-${vm.id}) shim=/var/lib/onedock/vms/${vm.id}/shim
      mkdir -p /run/left/bin /run/left/.onedock && cp /bin/busybox /run/left/bin
      systemctl stop docker.socket docker
      ctr -n moby run --detach --rootfs --mount type=bind,src=$shim,dst=/.onedock,options=bind:ro \
        /run/left "$id" /bin/busybox sleep 1000
      systemctl reset-failed docker
      systemctl start docker`,
    );
    const left = () => on('host-1', 'pgrep -fx "/bin/busybox sleep 1000" || true');
    expect(await left()).not.toBe('');
    await cloud.change('RUNNING', 'resume', vm);
    expect(await cloud.inside(vm, 'echo alive')).toBe('alive');
    expect(await left()).toBe('');
    await cloud.terminate(vm);
    await leftNothing();
  });

  it('front-end, an engine and a helper are killed while many VMs start: all run in the end', async () => {
    const ids = await cloud.submitMany('crowd', 24);
    const strikes = blows((machine, ...argv) => cloud.sandbox.on(machine, ...argv));
    expect(await sustain(cloud.client, ids, strikes)).toMatchObject({ running: ids.length });
    await cloud.terminate(...ids.map((id) => ({ id })));
    await leftNothing();
  });

  it('a host is out of reach while a disk is attached: the VM keeps what it had, and takes the disk later', async () => {
    const vm = await cloud.create('web', '', 'host-2');
    const cut = 'systemctl stop ssh; pkill -KILL -u oneadmin -x sshd; true';
    await Promise.all([cloud.onevm('disk-attach', vm, '--image', 'data').catch(() => ''), on('host-2', cut)]);
    await on('host-2', 'systemctl start ssh');
    await cloud.reach(vm, 'RUNNING');
    const mounted = await cloud.inside(vm, 'ls /media');
    if (mounted === '') await cloud.change('RUNNING', 'disk-attach', vm, '--image', 'data');
    const [disk] = (await cloud.inside(vm, 'ls /media')).split('\n');
    await cloud.inside(vm, `echo written >/media/${disk}/note`);
    await cloud.terminate(vm);
    await leftNothing();
  });
});
