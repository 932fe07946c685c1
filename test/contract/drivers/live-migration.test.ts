/** VMs whose processes go from one host to another, by real engines and a real CRIU. */

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriverRunner } from '../../../src/drivers/contract/driver-runner.ts';
import { ImageRegistry } from '../../../src/drivers/registry/image-registry.ts';
import { parseSettings } from '../../../src/drivers/settings.ts';
import { CRIU_CONFIGURATION, criuMissing } from '../../support/criu.ts';
import { ENGINE, noDockerHost, type TestDockerHost } from '../../support/docker-host.ts';
import { startCloud, type TestCloud } from '../../support/docker-hosts.ts';
import { startDrivers } from '../../support/driver-ways.ts';
import { writeOciLayout } from '../../support/images.ts';
import { registryMissing } from '../../support/registry.ts';
import { joinLast, whileJoining } from '../../support/shims.ts';
import { requestDocument, type VmFields, vmDocument } from '../../support/vm-documents.ts';

const missing =
  noDockerHost() ??
  registryMissing() ??
  criuMissing() ??
  (ENGINE === 'docker' ? undefined : `the engine ${ENGINE} makes no checkpoints for us`);
if (missing) console.warn(`Skipped: ${missing}.`);

/** Counts in a variable of a shell, tells how far it is, and holds a file open. */
const COUNT =
  'exec 5>>/held 6>>/media/1/held; n=0; while :; do n=$((n+1)); echo $n >/dev/shm/count; echo $n >&5; echo $n >&6; /bin/busybox sleep 0.02; done';

describe.skipIf(missing)('live migration', () => {
  let cloud: TestCloud;
  let registry: ImageRegistry;
  let drivers: DriverRunner;
  let here: TestDockerHost;
  let there: TestDockerHost;
  let directory: string;
  let id = 40;

  beforeAll(async () => {
    cloud = await startCloud(2);
    [here, there] = cloud.hosts as [TestDockerHost, TestDockerHost];
    registry = new ImageRegistry(parseSettings(JSON.stringify(cloud.settings)));
    directory = await mkdtemp(join(tmpdir(), 'onedock-live-'));
    const layer = { 'bin/busybox': readFileSync('/bin/busybox'), 'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n' };
    await writeOciLayout(join(directory, 'layout'), {
      layers: [layer],
      config: { Cmd: ['/bin/busybox', 'sh', '-c', COUNT] },
    });
    await registry.copy(`oci:${join(directory, 'layout')}`, registry.referenceOfImage('1'));
    drivers = await startDrivers('in process', cloud.settings);
    for (const host of cloud.hosts) {
      await configure(host, CRIU_CONFIGURATION);
      await host.sh(
        'ip link add vmbr0 type bridge forward_delay 0; ip link set vmbr0 up; ip address add 10.9.0.1/24 dev vmbr0',
      );
    }
  });
  afterAll(async () => {
    await drivers?.[Symbol.asyncDispose]();
    await registry?.[Symbol.asyncDispose]();
    await cloud?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  const configure = (host: TestDockerHost, text: string) =>
    host.sh(`mkdir -p /etc/criu && printf '%s' '${text}' >/etc/criu/runc.conf`);
  const fields = (more: Partial<VmFields> = {}): VmFields => fieldsOf(id, more);
  const fieldsOf = (id: number, more: Partial<VmFields> = {}): VmFields => ({
    id,
    host: here.address,
    nics: [{ BRIDGE: 'vmbr0', IP: `10.9.0.${id}`, MAC: `02:00:0a:09:00:${id}` }],
    disks: [{}, {}],
    context: { NAME: 'counter' },
    ...more,
  });
  const vmm = (action: string, argv: readonly string[], stdin = requestDocument(fields())) =>
    drivers.run({ family: 'vmm', driver: 'onedock', action, argv: [...argv, `${id}`, here.address], stdin });
  const migrate = (more: Partial<VmFields> = {}) =>
    vmm('migrate', [`one-${id}`, there.address, here.address], requestDocument(fields(more)));
  const migrateBack = () =>
    vmm('migrate', [`one-${id}`, here.address, there.address], requestDocument(fields({ host: there.address })));
  const premigrate = () =>
    drivers.run({
      family: 'tm',
      driver: 'onedock',
      action: 'premigrate',
      argv: [here.address, there.address, `/var/lib/one/datastores/0/${id}`, `${id}`, '0'],
      stdin: Buffer.from(vmDocument(fields())).toString('base64'),
    });
  const inVm = (host: TestDockerHost, script: string, vm = id) =>
    host.sh(`docker exec one-${vm} /bin/busybox sh -c '${script}'`);
  const count = async (host: TestDockerHost, vm = id) => Number(await inVm(host, 'cat /dev/shm/count', vm));
  const blank = (host: TestDockerHost, disk: number, vm = id) =>
    host.sh(`file=/var/lib/one/datastores/0/${vm}/disk.${disk}; truncate -s 40M $file; chown oneadmin $file`);
  const state = (host: TestDockerHost) =>
    host.sh(`docker inspect -f '{{.State.Status}}' one-${id} 2>/dev/null || echo none`);
  const process = (host: TestDockerHost, vm: number) => host.sh(`docker inspect -f '{{.State.Pid}}' one-${vm}`);
  /** The process of the shim, which has the container's first as its child. */
  const shim = async (host: TestDockerHost, vm: number) =>
    host.sh(`set -- $(cat /proc/${await process(host, vm)}/stat); echo $4`);
  /** It counts on, and says so whenever it is asked, until something else is over. @returns how often it was asked */
  async function answers(host: TestDockerHost, vm: number, until: Promise<unknown>): Promise<number> {
    const over = until.then(() => true);
    let calls = 0;
    for (let last = 0; !(await Promise.race([over, false])); calls++) {
      const now = await count(host, vm);
      expect(now).toBeGreaterThan(last);
      last = now;
    }
    return calls;
  }
  /** What a host has of the VM beside images. */
  const traces = (host: TestDockerHost) =>
    host.sh(`docker ps -aq --filter name=one-${id}; ls -d /var/lib/onedock/vms/${id} /var/lib/one/datastores/0/${id} 2>/dev/null
      grep /vms/${id}/ /proc/self/mountinfo; ls -d /sys/class/net/one-${id}-* 2>/dev/null; :`);
  /** One more VM. */
  async function deploy(vm: number, host: TestDockerHost): Promise<void> {
    const source = `docker://${cloud.registry.server}/onedock/image-1:latest`;
    const disk = `${host.address}:/var/lib/one/datastores/0/${vm}/disk.0`;
    const run = (family: 'tm' | 'vmm', action: string, argv: readonly string[], stdin: string) =>
      drivers.run({ family, driver: 'onedock', action, argv, stdin });
    await run('tm', 'clone', [source, disk, `${vm}`, '0'], '');
    await blank(host, 1, vm);
    const deployment = `/var/lib/one/vms/${vm}/deployment.0`;
    const document = vmDocument(fieldsOf(vm, { host: host.address }));
    await run('vmm', 'deploy', [deployment, host.address, `${vm}`, host.address], document);
  }
  const remove = (vm: number, host: TestDockerHost) =>
    host.sh(
      `docker rm -f one-${vm} >/dev/null 2>&1; /usr/lib/onedock/onedock-host-helper vm-remove ${vm}; rm -rf /var/lib/one/datastores/0/${vm}`,
    );

  beforeEach(async () => {
    id++;
    await deploy(id, here);
    await inVm(here, 'echo kept >/kept; rm /etc/passwd; echo kept >/media/1/kept');
    await expect.poll(() => count(here)).toBeGreaterThan(20);
  });
  afterEach(async () => {
    for (const host of cloud.hosts) await remove(id, host);
  });

  it('its processes go on where they were, with their files, disks, context and addresses', async () => {
    const began = await count(here);
    await premigrate();
    await migrate();
    expect(await state(there)).toBe('running');
    expect(await count(there)).toBeGreaterThan(began);
    const after = await count(there);
    await expect.poll(() => count(there)).toBeGreaterThan(after);
    expect(
      await inVm(there, 'cat /kept /media/1/kept; ls /etc/passwd 2>/dev/null; . /mnt/context.sh; echo $NAME; hostname'),
    ).toBe(`kept\nkept\ncounter\none-${id}`);
    // Each number is there once: nothing was counted twice, and nothing was lost.
    for (const file of ['/held', '/media/1/held']) {
      const held = (await inVm(there, `cat ${file}`)).split('\n').map(Number);
      expect(held).toEqual(held.map((_, i) => i + 1));
    }
    expect(await there.sh(`busybox ping -c 1 -W 2 10.9.0.${id} >/dev/null && echo answers`)).toBe('answers');
    expect(await inVm(there, 'cat /sys/class/net/eth0/address')).toBe(`02:00:0a:09:00:${id}`);
    // Its console is the engine's at hand.
    await inVm(there, 'echo seen >/dev/console');
    await expect.poll(() => there.sh(`docker logs one-${id} 2>&1`)).toContain('seen');
    expect(await traces(here)).toBe('');
  });

  it('what is attached, detached, shut down and started later is so as if it had always been there', async () => {
    await migrate();
    const host = { host: there.address };
    await blank(there, 2);
    const document = requestDocument(fields({ ...host, disks: [{}, {}, {}] }));
    const disk = [`one-${id}`, `/var/lib/one/datastores/0/${id}/disk.2`, 'sdc', '2'];
    const run = (action: string, argv: readonly string[]) =>
      drivers.run({
        family: 'vmm',
        driver: 'onedock',
        action,
        argv: [...argv, `${id}`, there.address],
        stdin: document,
      });
    await run('attach_disk', [...disk, Buffer.from(document).toString('base64')]);
    expect(await inVm(there, 'echo new >/media/2/new; cat /media/2/new')).toBe('new');
    await run('detach_disk', disk);
    expect(await inVm(there, 'ls /media')).toBe('1');
    await run('shutdown', [`one-${id}`, there.address]);
    expect(await there.sh(`grep -c /vms/${id}/media/ /proc/self/mountinfo || :`)).toBe('0');
    await drivers.run({
      family: 'vmm',
      driver: 'onedock',
      action: 'deploy',
      argv: [`/var/lib/one/vms/${id}/deployment.0`, there.address, `${id}`, there.address],
      stdin: vmDocument(fields(host)),
    });
    expect(await inVm(there, 'cat /kept /media/1/kept')).toBe('kept\nkept');
  });

  it('connections do not outlast it, and do not hinder it', async () => {
    await inVm(here, 'echo hold >/dev/null; nc -l -p 99 -e cat </dev/null >/dev/null 2>&1 &');
    await here.sh(`(sleep 30 | busybox nc 10.9.0.${id} 99) >/dev/null 2>&1 &`);
    await migrate();
    expect(await state(there)).toBe('running');
  });

  it('one that cannot go on there goes on where it was, and nothing is left there', async () => {
    await configure(there, `${CRIU_CONFIGURATION}no-such-option\n`);
    const pid = await here.sh(`docker inspect -f '{{.State.Pid}}' one-${id}`);
    try {
      await expect(migrate()).rejects.toThrow(/refused POST .*start/);
    } finally {
      await configure(there, CRIU_CONFIGURATION);
    }
    expect(await here.sh(`docker inspect -f '{{.State.Pid}} {{.State.Status}}' one-${id}`)).toBe(`${pid} running`);
    const after = await count(here);
    await expect.poll(() => count(here)).toBeGreaterThan(after);
    expect(await here.sh(`busybox ping -c 1 -W 2 10.9.0.${id} >/dev/null && echo answers`)).toBe('answers');
    expect(await here.sh(`ls /var/lib/one/datastores/0/${id} | grep live || :`)).toBe('');
    expect(await traces(there)).toBe('');
    // It can be tried again.
    await migrate();
    expect(await count(there)).toBeGreaterThan(after);
  });

  it('one of which two are found, as whoever moved it was lost, goes on where its processes are newer', async () => {
    await migrate();
    await here.sh(
      `docker create --name one-${id} --label org.onedock.vm=${id} --network none --entrypoint /bin/busybox ${cloud.registry.server}/onedock/image-1@$(docker image ls --digests --format '{{.Digest}}' ${cloud.registry.server}/onedock/image-1 | head -n 1) sleep 1000; docker start one-${id}; docker pause one-${id}`,
    );
    const before = await count(there);
    await migrate();
    expect([await state(here), await state(there)]).toEqual(['none', 'running']);
    expect(await count(there)).toBeGreaterThan(before);
  });

  it('others that share its shim, here and there, go on and answer meanwhile and afterwards', async () => {
    const [left, met] = [90, 91];
    await joinLast(here);
    await deploy(left, here);
    await deploy(met, there);
    const pids = async () => [await process(here, left), await process(there, met)];
    const stay = await pids();
    const shims = [await shim(here, left), await shim(there, met)];
    expect(await shim(here, id)).toBe(shims[0]);
    try {
      for (const [to, neighbour, move] of [
        [there, met, migrate],
        [here, left, migrateBack],
      ] as const) {
        const began = await count(to === there ? here : there);
        await joinLast(to);
        const moved = move();
        const calls = await Promise.all([answers(here, left, moved), answers(there, met, moved)]);
        expect(Math.min(...calls)).toBeGreaterThan(1);
        expect(await count(to)).toBeGreaterThan(began);
        expect(await shim(to, id)).toBe(await shim(to, neighbour));
        expect([await shim(here, left), await shim(there, met)]).toEqual(shims);
        expect(await pids()).toEqual(stay);
      }
      // Its end is its own, and is told.
      await here.sh(`docker kill one-${id}; docker wait one-${id}`);
      expect(await state(here)).toBe('exited');
      expect(await pids()).toEqual(stay);
      expect(await count(here, left)).toBeGreaterThan(0);
    } finally {
      await Promise.all([remove(left, here), remove(met, there)]);
    }
  });

  it('a shim that ends while it joins costs it nothing: it finds another', async () => {
    await deploy(92, there);
    await joinLast(there);
    const began = await count(here);
    await whileJoining(there, migrate, () => remove(92, there));
    expect(await count(there)).toBeGreaterThan(began);
    expect(await traces(here)).toBe('');
  });

  it('all that is in the way is said, before anything is done to the VM', async () => {
    await configure(there, 'tcp-close\n');
    try {
      const lacking = `/etc/criu/runc.conf on ${there.address} lacks enable-external-masters, file-locks, shell-job, skip-in-flight, external mnt[].`;
      await expect(premigrate()).rejects.toThrow(`premigrate: Operation not supported. ${lacking} Use`);
      await expect(migrate({ systemSnapshots: ['snapshot-0'] })).rejects.toThrow(
        `migrate: Operation not supported. The system snapshots of the VM lie on its host, and would be lost. ${lacking} Use`,
      );
    } finally {
      await configure(there, CRIU_CONFIGURATION);
    }
    expect(await state(here)).toBe('running');
    expect(await traces(there)).toBe('');
  });
});
