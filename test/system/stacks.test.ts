/** A cloud's contents as code: the tenant project, by Pulumi's own engine, in an OpenNebula with dummy drivers. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Client, createClient } from '../../src/opennebula/client/client.ts';
import { HOST_STATUS } from '../../src/opennebula/client/constants.ts';
import { waitForVm } from '../../src/opennebula/client/wait.ts';
import type { Project } from '../../stacks/runner/projects.ts';
import { type DummyFrontend, startDummyFrontend } from '../support/dummy-frontend.ts';
import { describeStacks, TestStack } from '../support/test-stack.ts';

/** What an administrator declares: the setting `version` renames, rewrites and replaces. */
const INFRASTRUCTURE: Project = {
  name: 'infrastructure',
  summary: 'a cluster with what is in it',
  async load() {
    const [pulumi, { Cluster, Datastore, Host, SecurityGroup }] = await Promise.all([
      import('@pulumi/pulumi'),
      import('../../stacks/resources.ts'),
    ]);
    return {
      default: async () => {
        const version = new pulumi.Config().require('version');
        const cluster = new Cluster('cluster', { name: `row-${version}`, attributes: { RACK: '7' } });
        const clusterId = cluster.id.apply(Number);
        const drivers = { monitoringDriver: 'dummy', virtualizationDriver: 'dummy' };
        const host = new Host('host', { name: `node-${version}`, ...drivers, clusterId });
        new Datastore('files', { name: 'row-files', datastoreDriver: 'dummy', transferDriver: 'dummy', clusterId });
        const rules = [{ protocol: 'TCP', direction: 'INBOUND', ports: `${version}000:${version}999` } as const];
        new SecurityGroup('web', { name: 'web', rules });
        return { state: host.state };
      },
    };
  },
};

await describeStacks('the tenant stack', () => {
  let folder: string;
  let frontend: DummyFrontend;
  let client: Client;
  let stack: TestStack;
  let env: Record<string, string>;
  let before: unknown;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onedock-tenant-'));
    vi.stubEnv('ONEDOCK_DUMMY_ACTIONS', folder);
    frontend = await startDummyFrontend({ hosts: 1 });
    client = createClient(frontend);
    before = await contents();
    const auth = join(folder, 'one_auth');
    await writeFile(auth, `${frontend.session}\n`);
    env = { ONE_XMLRPC: frontend.endpoint, ONE_AUTH: auth };
    stack = await TestStack.create('tenant', env);
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await stack?.[Symbol.asyncDispose]();
    client?.[Symbol.dispose]();
    await frontend?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  /** Names of all that a tenant can have, by kind. */
  async function contents() {
    const pools = [client.grouppool, client.userpool, client.imagepool, client.vnpool, client.templatepool];
    const named = await Promise.all(pools.map(async (pool) => (await pool.info()).objects.map(({ name }) => name)));
    const vms = (await client.vmpool.info()).objects.map(({ name }) => name);
    return { named, vms, rules: (await client.acl.info()).objects.length };
  }

  async function vm(name: string) {
    const found = (await client.vmpool.infoextended()).objects.find((each) => each.name === name);
    if (!found) throw new Error(`There is no VM ${name}.`);
    return found;
  }

  const group = async () => (await client.grouppool.info()).objects.find(({ name }) => name === 'science')?.id ?? -1;

  it('shows in a preview what it would make, and makes nothing', async () => {
    const { changes } = await stack.run('preview', {
      datastore: String(frontend.datastoreId),
      imagePath: '/etc/hostname',
      networkDriver: 'dummy',
      password: 'opensesame',
    });
    expect(changes).toEqual({ create: 10 });
    expect(await contents()).toEqual(before);
  });

  it('makes it, with limits, rights and addresses, and nothing a second time', async () => {
    const { changes, outputs } = await stack.run('up');
    expect(changes).toEqual({ create: 10 });
    const addresses = [(await vm('science-0')).addresses, (await vm('science-1')).addresses];
    expect(outputs).toMatchObject({ group: String(await group()), user: 'science-user', addresses });
    expect((await client.group.info(await group())).text('VM_QUOTA/VM/VMS')).toBe('20');
    expect((await client.acl.info()).objects.map((rule) => rule.text('STRING'))).toEqual(
      expect.arrayContaining(outputs.rights as string[]),
    );
    using user = createClient({ endpoint: frontend.endpoint, session: 'science-user:opensesame' });
    expect((await user.user.info(-1)).name).toBe('science-user');
    expect((await stack.run('up')).changes).toEqual({ same: 10 });
  });

  it('keeps no secret that can be read in its files', async () => {
    const text = await stack.storedText();
    expect(text).toContain('science-user');
    expect(text.includes('opensesame')).toBe(false);
  });

  it('changes what was changed and nothing else', async () => {
    const firstVm = await vm('science-0');
    const { changes } = await stack.run('up', { vms: '3', mostVms: '10', password: 'sesameopen' });
    expect(changes).toEqual({ create: 1, update: 2, same: 8 });
    expect((await client.group.info(await group())).text('NETWORK_QUOTA/NETWORK/LEASES')).toBe('10');
    using user = createClient({ endpoint: frontend.endpoint, session: 'science-user:sesameopen' });
    expect((await user.user.info(-1)).text('VM_QUOTA/VM/VMS')).toBe('5');
    expect((await vm('science-0')).id).toBe(firstVm.id);
  });

  it('finds by refresh what was done behind its back, and `up` mends it', async () => {
    const [{ id: gone }, { id: off }] = [await vm('science-1'), await vm('science-2')];
    await client.vm.action('terminate-hard', gone);
    await waitForVm(client, gone, 'DONE');
    await client.vm.action('poweroff', off);
    await waitForVm(client, off, 'POWEROFF');
    const [rule] = (await client.acl.info()).objects.filter((each) => each.text('STRING').includes('CREATE')).slice(-1);
    await client.acl.delrule(rule?.id ?? -1);
    await client.group.quota(await group(), 'VM = [ VMS = 1 ]');

    expect((await stack.run('refresh')).changes).toEqual({ delete: 2, update: 2, same: 7 });
    expect((await stack.run('up')).changes).toEqual({ create: 2, update: 2, same: 7 });
    expect(await vm('science-2')).toMatchObject({ id: off, isRunning: true });
    expect(await vm('science-1')).toMatchObject({ isRunning: true });
    expect((await client.group.info(await group())).text('VM_QUOTA/VM/VMS')).toBe('10');
    expect((await stack.run('up')).changes).toEqual({ same: 11 });
  });

  it('goes on with a VM whose deployment failed', async () => {
    await writeFile(join(folder, 'deploy'), 'failure\n');
    await expect(stack.run('up', { vms: '4' })).rejects.toThrow(/VM \d+ RUNNING/);
    const failed = await vm('science-3');
    expect(failed.lcmState).toBe('BOOT_FAILURE');

    await rm(join(folder, 'deploy'));
    expect((await stack.run('up')).changes).toEqual({ update: 1, same: 11 });
    expect(await vm('science-3')).toMatchObject({ id: failed.id, isRunning: true });
  });

  it('goes on with a VM for which an interrupted `up` was waiting', async () => {
    const host = (await client.hostpool.info()).objects[0]?.id ?? -1;
    await client.host.status(host, HOST_STATUS.DISABLED);
    const interrupted = new AbortController();
    const up = expect(stack.run('up', { vms: '5' }, interrupted.signal)).rejects.toThrow();
    const waiting = await vi.waitUntil(() => vm('science-4').catch(() => undefined), { timeout: 30_000 });
    interrupted.abort();
    await up;

    await client.host.status(host, HOST_STATUS.ENABLED);
    expect((await stack.run('up')).changes).toEqual({ update: 1, same: 12 });
    expect(await vm('science-4')).toMatchObject({ id: waiting?.id, isRunning: true });
  });

  it('makes, changes, replaces and removes clusters, hosts, datastores and security groups', async () => {
    await using other = await TestStack.create(INFRASTRUCTURE, env);
    const made = await other.run('up', { version: '1' });
    expect(made).toEqual({ changes: { create: 5 }, outputs: { state: 'MONITORED' } });
    const clusters = async () => (await client.clusterpool.info()).objects.map(({ name }) => name);
    const rules = async () =>
      (await client.secgrouppool.info()).objects.map((group) => group.text('TEMPLATE/RULE/RANGE'));
    expect(await clusters()).toContain('row-1');

    expect((await other.run('up', { version: '2' })).changes).toEqual({ update: 2, replace: 1, same: 2 });
    expect(await clusters()).toContain('row-2');
    expect(await rules()).toContain('2000:2999');
    expect((await client.hostpool.info()).objects.map(({ name }) => name).toSorted()).toEqual(['dummy-1', 'node-2']);

    await other.run('destroy');
    expect(await clusters()).toEqual(['default']);
  });

  it('leaves nothing when it is destroyed', async () => {
    expect((await stack.run('destroy')).changes).toEqual({ delete: 13 });
    expect(await contents()).toEqual(before);
  });
});
