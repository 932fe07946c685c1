/** A whole cloud on two hosts, by the commands that a user types: images, networks, disks, context, life cycle. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from '../../src/opennebula/client/client.ts';
import type { Vm } from '../../src/opennebula/client/views.ts';
import { type VmGoal, waitForVm } from '../../src/opennebula/client/wait.ts';
import { busyboxImage } from '../support/busybox-image.ts';
import { saveAsDocker25, writeOciLayout } from '../support/images.ts';
import { PATIENCE } from '../support/patience.ts';
import { describeSandbox, TestSandbox } from '../support/test-sandbox.ts';

const CONFIGURATION = `
hub: stand-in
networks:
  - { name: vms, size: 50 }
images:
  - { name: hub, path: sample }
  - { name: archive, path: archive.tar }
  - { name: layout, path: layout }
  - { name: data, type: DATABLOCK, sizeMb: 16, attributes: 'FSTYPE = "ext4"' }
templates: []
vms: []
`;

/** With every kind of disk, on host-1. */
const STORE = `
NAME = "store"
CPU = "0.1"
MEMORY = "64"
DISK = [ IMAGE = "archive" ]
DISK = [ IMAGE = "data" ]
DISK = [ TYPE = "fs", SIZE = "16", FORMAT = "raw", FS = "ext4" ]
NIC = [ NETWORK = "vms" ]
CONTEXT = [ NETWORK = "YES" ]
SCHED_REQUIREMENTS = "NAME = \\"host-1\\""
`;

/** With context, on host-2. */
const GREETER = `
NAME = "greeter"
CPU = "0.1"
MEMORY = "64"
DISK = [ IMAGE = "layout" ]
NIC = [ NETWORK = "vms" ]
CONTEXT = [
  NETWORK = "YES",
  SET_HOSTNAME = "greeter",
  SSH_PUBLIC_KEY = "ssh-ed25519 AAAATEST somebody",
  START_SCRIPT = "echo ready > /www/ready",
  GREETING = "good morning" ]
SCHED_REQUIREMENTS = "NAME = \\"host-2\\""
`;

const ONE_OF_MANY = `
CPU = "0.01"
MEMORY = "16"
DISK = [ IMAGE = "hub" ]
NIC = [ NETWORK = "vms" ]
SCHED_REQUIREMENTS = "NAME = \\"host-2\\""
`;

const WAIT = { timeoutSeconds: 120 * PATIENCE };

describeSandbox('a cloud', () => {
  let sandbox: TestSandbox;
  let client: Client;
  let store: Vm;
  let greeter: Vm;

  const create = async (template: string): Promise<Vm> => {
    const file = join(sandbox.folder, `${randomUUID()}.tmpl`);
    await writeFile(file, template);
    const [, id] = /ID: (\d+)/.exec(await sandbox.one('onevm', 'create', file)) ?? [];
    return waitForVm(client, Number(id), 'RUNNING', WAIT);
  };
  const reach = (vm: Vm, goal: VmGoal) => waitForVm(client, vm.id, goal, WAIT);
  const page = (vm: Vm, path = '') => `http://${vm.addresses[0]}/${path}`;
  /** As a page of this machine's browser; a guest that has just started may need a moment. */
  const fetchPage = (vm: Vm, path = '') =>
    expect.poll(() => fetch(page(vm, path)).then((answer) => answer.text(), String));

  beforeAll(async () => {
    sandbox = await TestSandbox.create(CONFIGURATION);
    const image = await busyboxImage();
    await writeFile(join(sandbox.folder, 'archive.tar'), saveAsDocker25(image, ['team/archive:1']));
    await writeOciLayout(join(sandbox.folder, 'layout'), image);
    await sandbox.ok('up');
    client = await sandbox.client();
    [store, greeter] = await Promise.all([create(STORE), create(GREETER)]);
  });

  afterAll(async () => {
    client?.[Symbol.dispose]();
    await sandbox?.[Symbol.asyncDispose]();
  });

  it('has images from the hub, from an archive and from a layout, and knows their sizes', async () => {
    const images = (await client.imagepool.info()).objects;
    expect(images.map(({ name }) => name).toSorted()).toEqual(['archive', 'data', 'hub', 'layout']);
    for (const { name, sizeMb } of images) expect([name, sizeMb > 0 && sizeMb < 50]).toEqual([name, true]);
  });

  it('has VMs where they were asked for, with addresses of the network', () => {
    expect([store.hostName, greeter.hostName]).toEqual(['host-1', 'host-2']);
    expect(new Set([store.addresses[0], greeter.addresses[0]]).size).toBe(2);
  });

  it('has VMs that this machine reaches by their own addresses', async () => {
    await fetchPage(store).toBe('hello\n');
    await fetchPage(greeter).toBe('hello\n');
  });

  it('has VMs that the front-end and each other reach, on the other host too', async () => {
    const address = store.addresses[0] as string;
    await sandbox.on('frontend', 'ping', '-c1', '-W5', address);
    expect(await sandbox.on('frontend', 'curl', '--fail', '--silent', page(store))).toBe('hello');
    const pid = await sandbox.on('host-2', 'docker', 'inspect', '--format', '{{.State.Pid}}', `one-${greeter.id}`);
    // With the host's program: busybox's own asks for a right that VMs do not have.
    await sandbox.on('host-2', 'nsenter', '--net', `--target=${pid}`, 'ping', '-c1', '-W5', address);
    expect(await sandbox.inside(greeter, 'wget', '-q', '-O-', page(store))).toBe('hello');
  });

  it('gives a VM its context', async () => {
    expect(await sandbox.inside(greeter, 'hostname')).toBe('greeter');
    expect(await sandbox.inside(greeter, 'cat', '/root/.ssh/authorized_keys')).toContain('AAAATEST');
    expect(await sandbox.inside(greeter, 'cat', '/mnt/context.sh')).toContain("GREETING='good morning'");
    await fetchPage(greeter, 'ready').toBe('ready\n');
  });

  it('gives a VM its disks, with a file system that it can write', async () => {
    for (const disk of ['/media/1', '/media/2']) {
      await sandbox.inside(store, 'sh', '-c', `echo kept > ${disk}/file`);
      expect(await sandbox.inside(store, 'stat', '-f', '-c', '%T', disk)).toMatch(/ext/);
    }
  });

  it('runs a command in a VM, and tells how it has ended', async () => {
    const command = `sh -c 'read name; echo "hello, $name"; exit 4'`;
    await sandbox.one('onevm', 'exec', String(store.id), command, '--stdin', 'world');
    const execution = async () =>
      JSON.parse(await sandbox.one('onevm', 'show', String(store.id), '--json')).VM.TEMPLATE.QEMU_GA_EXEC;
    await expect.poll(execution).toMatchObject({
      STATUS: 'DONE',
      RETURN_CODE: '4',
      STDOUT: Buffer.from('hello, world\n').toString('base64'),
    });
  });

  it('limits the memory of a VM', async () => {
    const inspect = ['docker', 'inspect', '--format', '{{.HostConfig.Memory}}', `one-${store.id}`];
    expect(await sandbox.on('host-1', ...inspect)).toBe(String(64 * 2 ** 20));
  });

  it('reboots a VM, which keeps its files and address', async () => {
    await sandbox.inside(store, 'sh', '-c', 'echo before > /www/reboot');
    await sandbox.one('onevm', 'reboot', String(store.id));
    await fetchPage(store, 'reboot').toBe('before\n');
    expect((await reach(store, 'RUNNING')).addresses).toEqual(store.addresses);
  });

  it('powers a VM off and on again, which keeps its files, disks and address', async () => {
    await sandbox.inside(store, 'sh', '-c', 'echo before > /www/poweroff');
    await sandbox.one('onevm', 'poweroff', String(store.id));
    await reach(store, 'POWEROFF');
    await expect(fetch(page(store), { signal: AbortSignal.timeout(500) })).rejects.toThrow();
    await sandbox.one('onevm', 'resume', String(store.id));
    expect((await reach(store, 'RUNNING')).addresses).toEqual(store.addresses);
    await fetchPage(store, 'poweroff').toBe('before\n');
    expect(await sandbox.inside(store, 'cat', '/media/1/file', '/media/2/file')).toBe('kept\nkept');
  });

  it('runs twenty VMs of one image that are asked for at once on one host', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => client.vm.allocate(ONE_OF_MANY)));
    // An emulated processor needs seconds for each.
    const reachAll = (goal: VmGoal) =>
      Promise.all(ids.map((id) => waitForVm(client, id, goal, { timeoutSeconds: 600 })));
    const vms = await reachAll('RUNNING');
    expect(new Set(vms.flatMap(({ addresses }) => addresses)).size).toBe(20);
    await Promise.all(ids.map((id) => client.vm.action('terminate-hard', id)));
    await reachAll('DONE');
  }, 1_500_000);

  it('leaves nothing on a host of VMs that were terminated', async () => {
    await sandbox.one('onevm', 'terminate', `${store.id},${greeter.id}`);
    await Promise.all([reach(store, 'DONE'), reach(greeter, 'DONE')]);
    for (const host of ['host-1', 'host-2']) {
      expect(await sandbox.on(host, 'docker', 'ps', '--all', '--quiet')).toBe('');
      const ports = JSON.parse(await sandbox.on(host, 'ip', '-json', 'link', 'show', 'master', 'vmbr0')) as object[];
      expect(ports).toMatchObject([{ ifname: 'eth1' }]);
      const mounts = await sandbox.on(host, 'cat', '/proc/self/mountinfo');
      expect(mounts.split('\n').filter((line) => line.includes('/datastores/'))).toEqual([]);
      const left = ['find', '/var/lib/one/datastores', '-mindepth', '2', '-not', '-path', '*/.*'];
      expect(await sandbox.on(host, ...left)).toBe('');
    }
  });

  it('gives leases and images back', async () => {
    const [network] = (await client.vnpool.info()).objects;
    expect(network?.usedLeases).toBe(0);
    for (const image of (await client.imagepool.info()).objects) expect(image.state).toBe('READY');
  });
});
