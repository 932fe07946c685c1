/** The life of a sandbox, by the verbs of `onedock`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeSandbox, TestSandbox } from '../support/test-sandbox.ts';

describeSandbox('a sandbox', () => {
  let sandbox: TestSandbox;

  beforeAll(async () => {
    sandbox = await TestSandbox.create();
    await sandbox.ok('up', '--hosts', '1');
  });

  afterAll(() => sandbox?.[Symbol.asyncDispose]());

  it('ends `up` with a VM whose page answers', async () => {
    const { vms } = await sandbox.json('status');
    expect(vms).toMatchObject([{ name: 'web', state: 'RUNNING', host: 'host-1' }]);
    expect(await (await fetch(`http://${vms[0].addresses[0]}/`)).text()).toContain('It works');
  });

  it('is not changed by a second `up`', async () => {
    expect(await sandbox.json('up', '--hosts', '1')).toMatchObject({ changed: false, steps: [] });
  });

  it('gets another host while it runs, which another `up` reports', async () => {
    expect(await sandbox.json('host', 'add')).toMatchObject({ host: 'host-2' });
    const { hosts } = await sandbox.json('status');
    expect(hosts).toMatchObject(
      [{ name: 'host-1' }, { name: 'host-2' }].map((host) => ({ ...host, state: 'MONITORED' })),
    );
    expect(await sandbox.json('up', '--hosts', '1')).toMatchObject({ changed: false, extra: ['host-2'] });
  });

  it('lets a host go that has no VMs, and keeps one that has', async () => {
    await sandbox.ok('host', 'rm', 'host-2');
    expect(await sandbox.run('host', 'rm', 'host-1', '--json')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('HOST_IN_USE'),
    });
    expect((await sandbox.json('status')).hosts).toMatchObject([{ name: 'host-1' }]);
  });

  it('makes a host again whose machine was lost', async () => {
    await sandbox.ok('host', 'add');
    const { stdout } = await sandbox.run('exec', 'host-2', '--', 'poweroff', '--force');
    expect(stdout).toBe('');
    await expect.poll(() => sandbox.run('exec', 'host-2', '--', 'true')).toMatchObject({ exitCode: 1 });
    const { steps, hosts } = await sandbox.json('up');
    expect(steps.map(({ id }: { id: string }) => id)).toContain('machine:host-2');
    expect(hosts).toMatchObject([{ name: 'host-1' }, { name: 'host-2' }]);
    await expect.poll(async () => (await sandbox.json('status')).hosts[1].state, { timeout: 90_000 }).toBe('MONITORED');
  });

  it('gives clients a file that only their user reads', async () => {
    const { ONE_AUTH, ONE_XMLRPC } = await sandbox.json('env');
    expect(await readFile(ONE_AUTH, 'utf8')).toMatch(/^oneadmin:\S{16,}\n$/);
    expect(ONE_XMLRPC).toMatch(/^http:\/\/10\..*:2633\/RPC2$/);
    expect(await sandbox.ok('exec', 'frontend', '--', 'stat', '-c', '%a', '/var/lib/one/.one/one_auth')).toBe('600');
  });

  it('passes on what a command on a machine ends with', async () => {
    expect(await sandbox.run('exec', 'frontend', '--', 'sh', '-c', 'echo out; exit 7')).toEqual({
      stdout: 'out',
      stderr: '',
      exitCode: 7,
    });
    expect(await sandbox.run('one', 'onevm', 'show', '999')).toMatchObject({ exitCode: 255 });
  });

  it('brings an image to this machine, which may be loaded again', async () => {
    const exported = await sandbox.json('image', 'export', 'web', '--to', 'web.tar');
    expect(exported).toMatchObject({ name: 'web', kind: 'docker-archive', file: join(sandbox.folder, 'web.tar') });
    const { stdout } = await execa('tar', ['--list', '--file', exported.file]);
    expect(stdout.split('\n')).toContain('manifest.json');
    expect(await sandbox.json('image', 'load', './web.tar', '--as', 'again')).toMatchObject({ name: 'again' });
    expect(await sandbox.on('frontend', 'find', '/var/tmp', '-name', 'onedock-export-*')).toBe('');
    expect(await sandbox.run('image', 'export', 'nothing', '--json')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('IMAGE_UNKNOWN'),
    });
    await sandbox.one('oneimage', 'delete', 'again');
  });

  it('can stand beside another, with addresses of its own', async () => {
    await using other = await TestSandbox.create('vms: []\n');
    await other.ok('up', '--hosts', '1');
    const [ours, theirs] = await Promise.all([sandbox.json('status'), other.json('status')]);
    expect(theirs.subnets.management).not.toBe(ours.subnets.management);
    await other.ok('down', '--yes');
    expect((await sandbox.json('status')).state).toBe('running');
  });

  it('goes without leaving anything, and without changing this machine', async () => {
    await sandbox.ok('down', '--yes');
    expect(await sandbox.json('status')).toMatchObject({ state: 'absent', machines: [] });
    expect(await sandbox.json('down', '--yes')).toMatchObject({ changed: false });
  });
});
