/** Drivers that are killed in the midst of an action: what they leave can be completed, and removed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noDockerHost } from '../../support/docker-host.ts';
import { bundleDrivers } from '../../support/driver-ways.ts';
import type { TestCloudHost } from '../../support/test-cloud-host.ts';
import { vmDocument } from '../../support/vm-documents.ts';
import { startVmmHost, type VmmDriver, type VmmHost } from '../../support/vmm-driver.ts';

describe.skipIf(noDockerHost())('a driver that is killed', () => {
  let started: VmmHost;
  let host: TestCloudHost;
  let vmm: VmmDriver;
  let directory: string;
  let id = 5;

  beforeAll(async () => {
    started = await startVmmHost('as an executable');
    ({ host, vmm } = started);
    directory = await mkdtemp(join(tmpdir(), 'onedock-killed-'));
    await writeFile(join(directory, 'onedock.yaml'), JSON.stringify(host.settings));
    await bundleDrivers(join(directory, 'drivers.cjs'));
    await host.sh(
      'ip link add vmbr0 type bridge forward_delay 0; ip link set vmbr0 up; ip address add 10.9.0.1/24 dev vmbr0',
    );
  });
  afterAll(async () => {
    await started?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });
  beforeEach(() => {
    id++;
  });

  const vm = () => ({
    id,
    host: host.address,
    disks: [{}, {}],
    nics: [{ BRIDGE: 'vmbr0', IP: `10.9.0.${id}`, MAC: `02:00:0a:09:00:${id.toString(16).padStart(2, '0')}` }],
  });
  const start = (action: string, argv: readonly string[], stdin: string): ChildProcess => {
    const words = [join(directory, 'drivers.cjs'), 'vmm', 'onedock', action, ...argv, `${id}`, host.address];
    const env = { ...process.env, ONEDOCK_SETTINGS: join(directory, 'onedock.yaml') };
    const child = spawn(process.execPath, words, { env, stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin?.end(stdin);
    return child;
  };
  /** Kills it as soon as something is to be seen on the host, or after it has ended. */
  const killWhen = async (child: ChildProcess, sign: string) => {
    const ended = once(child, 'exit');
    await Promise.race([host.sh(`until ${sign}; do sleep 0.005; done`), ended]);
    child.kill('SIGKILL');
    await ended;
  };
  const leftovers = () =>
    host.sh(
      `docker ps -aq --filter name=one-${id}; /usr/lib/onedock/onedock-host-helper status | grep -E '(/| |-)${id}(/|-|$)' || true`,
    );
  const page = () => host.sh(`curl -sf --retry 20 --retry-connrefused --retry-delay 0 http://10.9.0.${id}/`);
  const deployment = () => [`/var/lib/one/datastores/0/${id}/deployment.0`, host.address];

  const signs = (vmId: number) => ({
    'while places are made': `[ -d /var/lib/onedock/vms/${vmId}/shim ]`,
    'when its disks are mounted': `grep -q vms/${vmId}/media /proc/self/mountinfo`,
    'when the container is made': `docker inspect one-${vmId} >/dev/null 2>&1`,
    'when the container is started': `[ "$(docker inspect -f '{{.State.Running}}' one-${vmId} 2>/dev/null)" = true ]`,
    'when its cable is plugged in': `[ -d /sys/class/net/one-${vmId}-0 ]`,
  });

  it.each(Object.keys(signs(0)) as (keyof ReturnType<typeof signs>)[])(
    'in a deploy, %s, is completed by the next',
    async (when) => {
      await host.placeDisks(id, 'web', { 1: 40 });
      await killWhen(start('deploy', deployment(), vmDocument(vm())), signs(id)[when]);
      await expect(vmm.deploy(vm())).resolves.toBe(`one-${id}`);
      expect(await page()).toBe('hello');
      expect(await host.inVm(id, 'grep -c /media/1 /proc/mounts')).toBe('1');
      await vmm.run('cancel', vm(), host.address);
      await host.sh(`docker rm one-${id} >/dev/null; /usr/lib/onedock/onedock-host-helper vm-remove ${id}`);
      expect(await leftovers()).toBe('');
    },
  );

  it.each(Object.keys(signs(0)) as (keyof ReturnType<typeof signs>)[])(
    'in a deploy, %s, leaves nothing that a clean-up does not remove',
    async (when) => {
      await host.placeDisks(id, 'web', { 1: 40 });
      await killWhen(start('deploy', deployment(), vmDocument(vm())), signs(id)[when]);
      await vmm.run('cancel', vm(), host.address);
      await host.sh(`docker rm one-${id} >/dev/null 2>&1; /usr/lib/onedock/onedock-host-helper vm-remove ${id}`);
      expect(await leftovers()).toBe('');
    },
  );

  it('gives the lock of its VM back', async () => {
    await host.placeDisks(id, 'web', { 1: 40 });
    await killWhen(start('deploy', deployment(), vmDocument(vm())), `[ -d /var/lib/onedock/vms/${id}/shim ]`);
    expect(await host.sh(`exec 9</run/lock/onedock-one-${id}; flock --wait 10 9 && echo free`)).toBe('free');
  });

  it('in a shutdown is completed by the next, which finds the VM off', async () => {
    await host.placeDisks(id, 'web', { 1: 40 });
    await vmm.deploy(vm());
    const stopping = start('shutdown', [`one-${id}`, host.address], vmm.request(vm()));
    await killWhen(stopping, `[ "$(docker inspect -f '{{.State.Running}}' one-${id})" = false ]`);
    await vmm.run('shutdown', vm(), host.address);
    expect(await host.sh(`grep -c vms/${id}/media /proc/self/mountinfo || true`)).toBe('0');
  });
});
