/** A sandbox as code on given machines: the ssh project, by Pulumi's own engine, on machines that the test sets up. */
import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Project } from '../../stacks/runner/projects.ts';
import { type GivenMachines, startGivenMachines } from '../support/given-machines.ts';
import { noSandbox } from '../support/test-sandbox.ts';
import { describeStacks, TestStack } from '../support/test-stack.ts';

const name = `s${randomBytes(4).toString('hex')}`;

/** What of ONEDock a machine has. */
const MADE = 'ls -d /etc/onedock /etc/one /usr/lib/onedock 2>/dev/null; ip -brief link | grep -o "onedock-[a-z]*"';

await describeStacks(
  'the ssh stack',
  () => {
    let given: GivenMachines;
    let stack: TestStack;

    beforeAll(async () => {
      given = await startGivenMachines(`g${randomBytes(4).toString('hex')}`, 3, 94);
      stack = await TestStack.create('ssh');
    });

    afterAll(async () => {
      await stack?.run('destroy').catch(() => {});
      await stack?.[Symbol.asyncDispose]();
      await given?.[Symbol.asyncDispose]();
    });

    const login = () => {
      const [{ keyFile = '', knownHostsFile = '' } = {}] = given.servers;
      return { keyFile, knownHostsFile };
    };
    const machines = (...names: string[]) =>
      Object.fromEntries(names.map((machine, i) => [machine, given.servers[i]?.host ?? '']));
    const settings = (...names: string[]) => ({
      name,
      login: JSON.stringify(login()),
      machines: JSON.stringify(machines(...names)),
    });
    const madeOn = (machine: number) => given.run(machine, 'sh', '-c', `${MADE}; true`);

    it('makes nothing of a machine that is not fit, and goes on when it is', async () => {
      await given.run(2, 'mkdir', '-p', '/etc/docker');
      await given.run(2, 'sh', '-c', 'echo "{}" >/etc/docker/daemon.json');
      await expect(stack.run('up', settings('frontend', 'host-1'))).rejects.toThrow('in use by somebody else');
      expect(await madeOn(2)).toBe('');
      await given.run(2, 'rm', '/etc/docker/daemon.json');
      const { outputs, changes } = await stack.run('up');
      expect(changes.create).toBeGreaterThan(0);
      expect(outputs.hosts).toEqual(['host-1 MONITORED']);
      const [page] = outputs.pages as string[];
      const answer = () => fetch(String(page)).catch(() => undefined);
      expect(await (await vi.waitUntil(answer, { timeout: 20_000 }))?.text()).toContain('It works');
      expect((await stack.run('up')).changes).toEqual({ same: 13 });
    });

    it('gets a machine more: the networks hear of it, and nothing else changes', async () => {
      const { changes, outputs } = await stack.run('up', settings('frontend', 'host-1', 'host-2'));
      expect(changes).toEqual({ create: 2, update: 1, same: 12 });
      expect(outputs.hosts).toEqual(['host-1 MONITORED', 'host-2 MONITORED']);
    });

    it('finds a machine whose Docker was stopped by hand, and starts it again', async () => {
      await given.run(3, 'systemctl', 'stop', 'docker.service', 'docker.socket');
      await stack.run('refresh');
      const { changes } = await stack.run('up');
      expect(changes).toMatchObject({ same: 13 });
      expect(await given.run(3, 'systemctl', 'is-active', 'docker.service')).toBe('active\n');
      expect((await stack.run('up')).changes).toEqual({ same: 15 });
    });

    it('takes over a machine that is in the sandbox, by its sandbox.yaml', async () => {
      const file = join(tmpdir(), `${name}.yaml`);
      const ssh = { ...login(), machines: machines('frontend', 'host-1', 'host-2') };
      await writeFile(file, JSON.stringify({ name, provider: 'ssh', ssh }));
      const project: Project = {
        name: 'import',
        summary: 'one machine',
        async load() {
          const { Machine } = await import('../../stacks/resources.ts');
          const options = { import: `${name}/host-1@${file}`, retainOnDelete: true };
          return {
            default: async () => {
              const sandbox = { name, provider: 'ssh' as const, ssh };
              const { address, id } = new Machine('host', { sandbox, name: 'host-1' }, options);
              return { address, id };
            },
          };
        },
      };
      await using other = await TestStack.create(project);
      const { changes, outputs } = await other.run('up');
      expect(changes).toMatchObject({ import: 1 });
      expect(outputs).toMatchObject({ id: `${name}/host-1` });
      await other.run('destroy');
      expect(await madeOn(2)).not.toBe('');
      await rm(file);
    });

    it('gives all machines back when it is destroyed', async () => {
      await stack.run('destroy');
      for (const machine of [1, 2, 3]) expect(await madeOn(machine)).toBe('');
    });
  },
  noSandbox(),
);
