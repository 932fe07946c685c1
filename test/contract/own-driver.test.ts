/** The driver of docs/how-to/write-a-driver.md, run by a front-end from a remotes folder. */
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createFrontend, type Frontend } from 'onedock/frontend';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/opennebula/client/client.ts';
import { waitForHost, waitForVm } from '../../src/opennebula/client/wait.ts';
import { readSource } from '../support/source-files.ts';

const BLOCK = /^```(?:bash|text)\n((?:#!\/bin\/sh\n)?# (\S+)\n.*?)^```/gms;

let dataFolder: string;
let frontend: Frontend;
let client: Client;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'onedock-driver-'));
  for (const [, text = '', name = ''] of readSource('docs/how-to/write-a-driver.md').matchAll(BLOCK)) {
    const path = join(dataFolder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await chmod(path, 0o755);
  }
  frontend = await createFrontend({ dummyHosts: 1, dataFolder });
  client = createClient({ endpoint: frontend.url, session: frontend.session });
});

afterAll(async () => {
  client?.[Symbol.dispose]();
  await frontend?.[Symbol.asyncDispose]();
  await rm(dataFolder, { recursive: true });
});

const pidOf = async (id: number) => Number(await readFile(join(dataFolder, `vms/${id}/process.pid`), 'utf8'));
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a driver of one’s own', () => {
  it('monitors a host by its probes', async () => {
    const id = await client.host.allocate('localhost', 'process', 'process');
    const host = await waitForHost(client, id, 'MONITORED');
    expect(host.text('TEMPLATE/HYPERVISOR')).toBe('process');
  });

  it('runs VMs, sees that one has ended, starts it again and ends it', async () => {
    const id = await client.vm.allocate(
      'NAME = "p"\nCPU = "0.1"\nMEMORY = "1"\nSCHED_REQUIREMENTS = "HYPERVISOR = process"\n',
    );
    const vm = await waitForVm(client, id, 'RUNNING');
    expect(vm).toMatchObject({ hostName: 'localhost', deployId: `process-${id}` });
    const first = await pidOf(id);
    expect(isAlive(first)).toBe(true);

    process.kill(first);
    await waitForVm(client, id, 'POWEROFF');
    await client.vm.action('resume', id);
    await waitForVm(client, id, 'RUNNING');
    const second = await pidOf(id);
    expect(second).not.toBe(first);

    await client.vm.action('terminate', id);
    await waitForVm(client, id, 'DONE');
    await expect.poll(() => isAlive(second)).toBe(false);
  });

  it('tells the user what went wrong, in its own words', async () => {
    const deploy = join(dataFolder, 'remotes/vmm/process/deploy');
    await writeFile(deploy, '#!/bin/sh\necho "INFO: deploy: trying" >&2\necho "No process today." >&2\nexit 1\n');
    const id = await client.vm.allocate(
      'NAME = "q"\nCPU = "0.1"\nMEMORY = "1"\nSCHED_REQUIREMENTS = "HYPERVISOR = process"\n',
    );
    await expect(waitForVm(client, id, 'RUNNING')).rejects.toThrow();
    expect((await client.vm.info(id)).error).toContain('DEPLOY: No process today.');
  });
});
