/** A sandbox as code: the lxc project, by Pulumi's own engine, on real machines. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { LxcTestbed } from '../../lxc/lxc-testbed.ts';
import { createClient } from '../../src/opennebula/client/client.ts';
import { look } from '../../src/sandbox/look.ts';
import type { Project } from '../../stacks/runner/projects.ts';
import { noSandbox } from '../support/test-sandbox.ts';
import { describeStacks, TestStack } from '../support/test-stack.ts';

const name = `s${randomBytes(4).toString('hex')}`;

/** Another program that takes over one machine, and lets it be when it ends. */
const IMPORT: Project = {
  name: 'import',
  summary: 'one machine',
  async load() {
    const { Machine } = await import('../../stacks/resources.ts');
    const options = { import: `${name}/host-1`, retainOnDelete: true };
    return {
      default: async () => {
        const { address } = new Machine('host', { sandbox: { name }, name: 'host-1' }, options);
        return { address };
      },
    };
  },
};

await describeStacks(
  'the lxc stack',
  () => {
    const testbed = new LxcTestbed();
    let stack: TestStack;

    beforeAll(async () => {
      stack = await TestStack.create('lxc');
    });

    afterAll(async () => {
      await stack?.[Symbol.asyncDispose]();
      await testbed.removeSandbox(name);
    });

    const pageOf = async ({ outputs }: Awaited<ReturnType<TestStack['run']>>) => {
      const [page] = outputs.pages as string[];
      // The VM runs before its server listens.
      const answer = () => fetch(String(page)).catch(() => undefined);
      return (await vi.waitUntil(answer, { timeout: 20_000 }))?.text();
    };

    /** As OpenNebula sees the VM. */
    async function vmState(): Promise<string | undefined> {
      const services = { testbed, connect: (endpoint: string, session: string) => createClient({ endpoint, session }) };
      return (await look(services, name)).cloud?.vms.find((vm) => vm.name === 'web-0')?.state;
    }

    /** The machine that has a container. */
    async function hostOf(container: string): Promise<string> {
      for (const { name: machine, role } of (await testbed.look(name)).machines) {
        if (role !== 'host') continue;
        await using host = testbed.transport(name, machine);
        const { stdout } = await host.run(['docker', 'ps', '--all', '--format', '{{.Names}}']);
        if (stdout.split('\n').includes(container)) return machine;
      }
      throw new Error(`No host has ${container}.`);
    }

    it('makes a sandbox with a VM whose page answers, and nothing a second time', async () => {
      expect((await stack.run('preview', { name, hosts: 'host-1' })).changes).toEqual({ create: 13 });
      expect((await testbed.look(name)).machines).toEqual([]);
      const made = await stack.run('up');
      expect(made.changes).toEqual({ create: 13 });
      expect(await pageOf(made)).toContain('It works');
      expect((await stack.run('up')).changes).toEqual({ same: 13 });
    });

    it('gets a host that is added to the list, and changes nothing else', async () => {
      const { changes, outputs } = await stack.run('up', { hosts: 'host-1,host-3' });
      expect(changes).toEqual({ create: 2, same: 13 });
      expect(outputs.hosts).toEqual(['host-1 MONITORED', 'host-3 MONITORED']);
    });

    it('takes over a machine that exists, as it is', async () => {
      await using other = await TestStack.create(IMPORT);
      const { changes, outputs } = await other.run('up');
      expect(changes).toMatchObject({ import: 1 });
      const found = (await testbed.look(name)).machines.find((machine) => machine.name === 'host-1');
      expect(outputs).toEqual({ address: found?.address });
      expect((await other.run('up')).changes).toEqual({ same: 2 });
      await other.run('destroy');
      expect((await testbed.look(name)).machines.find((machine) => machine.name === 'host-1')).toEqual(found);
    });

    it('finds a container and a machine that were removed by hand, and makes them again', async () => {
      const host = await hostOf('one-0');
      const spare = host === 'host-1' ? 'host-3' : 'host-1';
      await using machine = testbed.transport(name, host);
      await machine.run(['docker', 'rm', '--force', 'one-0']);
      await testbed.removeMachine(name, spare);
      await expect.poll(vmState, { timeout: 60_000 }).toBe('POWEROFF');

      const { changes } = await stack.run('refresh');
      expect(changes).toMatchObject({ delete: 2, update: 1 });
      const mended = await stack.run('up');
      expect(mended.changes).toEqual({ create: 2, update: 1, same: 12 });
      expect(await pageOf(mended)).toContain('It works');
      expect((await stack.run('up')).changes).toEqual({ same: 15 });
    });

    it('lets a host go that is taken from the list', async () => {
      const host = await hostOf('one-0');
      expect((await stack.run('up', { hosts: host })).changes).toEqual({ delete: 2, same: 13 });
      const machines = (await testbed.look(name)).machines.map((machine) => machine.name);
      expect(machines.toSorted()).toEqual(['frontend', host]);
    });

    it('makes the contents of its cloud anew when the front-end was lost', async () => {
      await testbed.removeMachine(name, 'frontend');
      await stack.run('refresh');
      expect(await pageOf(await stack.run('up'))).toContain('It works');
    });

    it('leaves nothing when it is destroyed', async () => {
      await stack.run('destroy');
      expect(await testbed.audit(name)).toEqual([]);
      expect(await testbed.sandboxes()).not.toContain(name);
    });
  },
  noSandbox(),
);
