import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepLabel, keptLabel, madeMachines, readServers } from '../../../../src/sandbox/vagrant/machine-access.ts';

const LABEL = {
  sandbox: 'demo',
  machine: 'host-1',
  role: 'host',
  address: '10.0.0.11',
  management: '10.0.0.0/24',
  vms: '10.1.0.0/20',
  fingerprint: 'abc',
} as const;

describe('the folder in which Vagrant keeps machines', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onedock-vagrant-'));
    for (const machine of ['frontend', 'host-1', 'host-2']) {
      await mkdir(join(folder, 'machines', machine, 'lxc'), { recursive: true });
    }
    await mkdir(join(folder, 'onedock'));
    await writeFile(join(folder, 'machines/host-1/lxc/id'), 'vagrant-demo-host-1');
    await writeFile(join(folder, 'machines/frontend/lxc/id'), 'vagrant-demo-frontend');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('tells which were made: those with an id', async () => {
    expect(await madeMachines(folder)).toEqual(['frontend', 'host-1']);
  });

  it('has how each is reached, with the key that was pinned', async () => {
    const access = {
      host: '127.0.0.1',
      port: 2222,
      user: 'vagrant',
      keyFile: '/k',
      knownHostsFile: '/h',
      peerAddress: '192.168.56.11',
    };
    await writeFile(join(folder, 'onedock/host-1.json'), JSON.stringify(access));
    await writeFile(join(folder, 'onedock/host-1.known_hosts'), '[127.0.0.1]:2222 ssh-ed25519 AAAA');
    const servers = await readServers(folder);
    expect([...servers.keys()]).toEqual(['host-1']);
    expect(servers.get('host-1')).toMatchObject(access);
  });

  it('keeps a machine’s label for when the machine is off', async () => {
    await keepLabel(folder, 'host-1', LABEL);
    expect(await keptLabel(folder, 'host-1')).toEqual(LABEL);
    expect(await keptLabel(folder, 'frontend')).toBeUndefined();
  });

  it('has no machines where it does not exist', async () => {
    expect(await madeMachines(join(folder, 'none'))).toEqual([]);
    expect(await readServers(join(folder, 'none'))).toEqual(new Map());
  });
});
