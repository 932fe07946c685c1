/** The projects by Pulumi's own CLI, as a user calls it in their folders. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { LxcTestbed } from '../../lxc/lxc-testbed.ts';
import { type Client, createClient } from '../../src/opennebula/client/client.ts';
import { HOST_STATUS } from '../../src/opennebula/client/constants.ts';
import { waitForVm } from '../../src/opennebula/client/wait.ts';
import { RESOURCES } from '../../stacks/provider/table.ts';
import { type DummyFrontend, startDummyFrontend } from '../support/dummy-frontend.ts';
import { PulumiCli } from '../support/pulumi-cli.ts';
import { describeSandbox } from '../support/test-sandbox.ts';
import { describeStacks } from '../support/test-stack.ts';

await describeStacks("the tenant stack by Pulumi's CLI", () => {
  let folder: string;
  let frontend: DummyFrontend;
  let client: Client;
  let pulumi: PulumiCli;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onedock-tenant-'));
    vi.stubEnv('ONEDOCK_DUMMY_ACTIONS', folder);
    frontend = await startDummyFrontend({ hosts: 1 });
    client = createClient(frontend);
    const auth = join(folder, 'one_auth');
    await writeFile(auth, `${frontend.session}\n`);
    pulumi = await PulumiCli.create('tenant', { ONE_XMLRPC: frontend.endpoint, ONE_AUTH: auth });
    const settings = { datastore: frontend.datastoreId, imagePath: '/etc/hostname', networkDriver: 'dummy' };
    await pulumi.configure(settings, { password: 'opensesame' });
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await pulumi?.[Symbol.asyncDispose]();
    client?.[Symbol.dispose]();
    await frontend?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const vms = async () => (await client.vmpool.infoextended()).objects;
  const vm = async (name: string) => (await vms()).find((each) => each.name === name);

  it('has a package whose schema tells of every resource', async () => {
    const schema = JSON.parse(await pulumi.ok('package', 'get-schema', '../../bin/pulumi-resource-onedock'));
    expect(schema.name).toBe('onedock');
    expect(Object.keys(schema.resources)).toHaveLength(RESOURCES.length);
  });

  it('shows in a preview what it would make, and makes nothing', async () => {
    expect(await pulumi.ok('preview')).toMatch(/\+ 10 to create/);
    expect(await vms()).toEqual([]);
  });

  it('makes it, and nothing a second time', async () => {
    expect(await pulumi.ok('up', '--yes')).toMatch(/\+ 10 created/);
    expect(await vm('science-1')).toMatchObject({ isRunning: true });
    expect(await pulumi.outputs()).toMatchObject({ user: 'science-user' });
    expect(await pulumi.ok('up', '--yes', '--expect-no-changes')).toMatch(/10 unchanged/);
  });

  it('shows no secret', async () => {
    const shown = [
      await pulumi.ok('config'),
      await pulumi.ok('stack', 'export'),
      await pulumi.ok('preview', '--diff', '--show-sames'),
    ].join('\n');
    expect(shown).toContain('[secret]');
    expect(shown).not.toContain('opensesame');
  });

  it('finds by refresh what was done behind its back, and `up` mends it', async () => {
    const gone = await vm('science-1');
    await client.vm.action('terminate-hard', gone?.id ?? -1);
    await waitForVm(client, gone?.id ?? -1, 'DONE');
    expect(await pulumi.ok('refresh', '--yes')).toMatch(/- 1 deleted/);
    expect(await pulumi.ok('up', '--yes')).toMatch(/\+ 1 created/);
    expect(await vm('science-1')).toMatchObject({ isRunning: true });
  });

  it('takes over what exists', async () => {
    const id = await client.group.allocate('others');
    await pulumi.ok('import', 'onedock:cloud:Group', 'others', String(id), '--yes', '--generate-code=false');
    const { deployment } = JSON.parse(await pulumi.ok('stack', 'export'));
    const imported = deployment.resources.find(({ urn }: { urn: string }) => urn.endsWith('::others'));
    expect(imported).toMatchObject({ id: String(id), protect: true, inputs: { name: 'others' } });
    await pulumi.ok('state', 'delete', '--yes', '--force', imported.urn);
    expect((await client.group.info(id)).name).toBe('others');
  });

  it('goes on with a VM for which an interrupted `up` was waiting', async () => {
    const host = (await client.hostpool.info()).objects[0]?.id ?? -1;
    await client.host.status(host, HOST_STATUS.DISABLED);
    await pulumi.configure({ vms: 3 });
    const up = pulumi.start('up', '--yes');
    const waiting = await vi.waitUntil(() => vm('science-2'), { timeout: 180_000 });
    up.kill('SIGINT');
    expect((await up).exitCode).not.toBe(0);

    await client.host.status(host, HOST_STATUS.ENABLED);
    await pulumi.ok('up', '--yes');
    expect(await vm('science-2')).toMatchObject({ id: waiting?.id, isRunning: true });
  });

  it('leaves no process when it is killed, and lets go of the stack by `cancel`', async () => {
    const killed = pulumi.start('up', '--yes', '--skip-preview');
    await vi.waitUntil(() => pulumi.isLocked(), { timeout: 120_000 });
    killed.kill('SIGKILL');
    await killed;
    await expect.poll(() => pulumi.processes(), { timeout: 60_000 }).toEqual([]);
    expect((await pulumi.start('up', '--yes')).all).toContain('locked');
    await pulumi.ok('cancel', '--yes');
    await pulumi.ok('up', '--yes');
  });

  it('leaves nothing when it is destroyed', async () => {
    await pulumi.ok('destroy', '--yes', '--remove');
    expect(await vms()).toEqual([]);
    expect((await client.userpool.info()).objects.map(({ name }) => name)).not.toContain('science-user');
  });
});

await describeStacks("projects of whole sandboxes by Pulumi's CLI", () => {
  const name = `s${randomBytes(4).toString('hex')}`;

  it.each([
    ['ssh', { 'machines.frontend': '192.0.2.10', 'machines.host-1': '192.0.2.11', 'login.user': 'debian' }],
    ['vagrant', { hosts: 'host-1', 'machines.provider': 'libvirt' }],
  ])('preview what the project %s would make', async (project, settings) => {
    await using pulumi = await PulumiCli.create(project);
    await pulumi.configure({ name, ...settings });
    expect(await pulumi.ok('preview')).toMatch(/\+ 13 to create/);
  });

  describeSandbox('the lxc project', () => {
    const testbed = new LxcTestbed();
    afterAll(() => testbed.removeSandbox(name));

    it('makes a sandbox whose session it keeps secret, and leaves nothing of it', async () => {
      await using pulumi = await PulumiCli.create('lxc');
      await pulumi.configure({ name, hosts: 'host-1', vms: 1 });
      await pulumi.ok('up', '--yes');
      const { session, pages } = await pulumi.outputs();
      expect(session).toBe('[secret]');
      const [page] = pages as string[];
      const answer = () => fetch(String(page)).catch(() => undefined);
      expect(await (await vi.waitUntil(answer, { timeout: 20_000 }))?.text()).toContain('It works');
      await pulumi.ok('destroy', '--yes', '--remove');
      expect(await testbed.audit(name)).toEqual([]);
    });
  });
});
