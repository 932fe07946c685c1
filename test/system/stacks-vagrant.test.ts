/** A sandbox as code on Vagrant's machines: the vagrant project, by Pulumi's own engine. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStacks, TestStack } from '../support/test-stack.ts';
import { noVagrant, VagrantEnvironment } from '../support/vagrant-environment.ts';

const name = `s${randomBytes(4).toString('hex')}`;

await describeStacks(
  'the vagrant stack',
  () => {
    let vagrant: VagrantEnvironment;
    let stack: TestStack;
    let folder: string;

    beforeAll(async () => {
      vagrant = await VagrantEnvironment.create();
      folder = await mkdtemp(join(tmpdir(), 'onedock-vagrant-'));
      vi.stubEnv('VAGRANT_HOME', vagrant.env.VAGRANT_HOME);
      stack = await TestStack.create('vagrant');
    });

    afterAll(async () => {
      await stack?.run('destroy').catch(() => {});
      await stack?.[Symbol.asyncDispose]();
      await vagrant?.[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
      vi.unstubAllEnvs();
    });

    it('has Vagrant make the machines, and makes them a cloud with a page', async () => {
      const machines = JSON.stringify({ ...vagrant.settings, folder });
      const { changes, outputs } = await stack.run('up', { name, hosts: 'host-1', machines });
      expect(changes).toEqual({ create: 13 });
      expect(outputs.hosts).toEqual(['host-1 MONITORED']);
      const [page] = outputs.pages as string[];
      const answer = () => fetch(String(page)).catch(() => undefined);
      expect(await (await vi.waitUntil(answer, { timeout: 20_000 }))?.text()).toContain('It works');
    });

    it('gets a host that is added to the list, and changes nothing else', async () => {
      expect((await stack.run('up', { hosts: 'host-1,host-2' })).changes).toEqual({ create: 2, same: 13 });
      expect(await vagrant.machines(name)).toHaveLength(3);
    });

    it('lets a machine go that is taken from the list', async () => {
      expect((await stack.run('up', { hosts: 'host-1' })).changes).toEqual({ delete: 2, same: 13 });
      expect(await vagrant.machines(name)).toHaveLength(2);
    });

    it('leaves no machine when it is destroyed', async () => {
      await stack.run('destroy');
      expect(await vagrant.machines(name)).toEqual([]);
    });
  },
  noVagrant(),
);
