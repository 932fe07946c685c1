/** What every testbed must do, on every member that this machine can have. Further providers are rows of the table. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LxcTestbed } from '../../lxc/lxc-testbed.ts';
import type { Testbed } from '../../src/sandbox/testbed.ts';
import { LocalTransport } from '../../src/transport/local.ts';
import { testbedSpecification } from '../support/testbed-specification.ts';
import { userConfiguration, whyNoLxc } from '../support/user-machine.ts';

const MEMBERS: readonly { name: string; make: () => Testbed; whyNot: string | undefined }[] = [
  { name: 'lxc', make: () => new LxcTestbed(), whyNot: await whyNoLxc() },
];

const quiet = () => {};
const unique = () => `t${process.pid.toString(36)}${Math.floor(Math.random() * 1000).toString(36)}`;

describe.each(MEMBERS)('testbed $name', ({ make, whyNot }) => {
  describe.skipIf(whyNot !== undefined)(whyNot === undefined ? 'a sandbox' : `skipped: ${whyNot}`, () => {
    const sandbox = unique();
    const { networks, machine } = testbedSpecification(sandbox, 1);
    const testbed = make();
    const on = (name: string) => testbed.transport(sandbox, name);
    const outputOf = async (name: string, ...argv: string[]) => (await on(name).run(argv)).stdout.trim();
    let before: Awaited<ReturnType<typeof userConfiguration>>;

    beforeAll(async () => {
      before = await userConfiguration();
      await testbed.ensureImages(quiet);
      await testbed.ensureNetworks(networks);
      await Promise.all(['frontend', 'host-1'].map((name) => testbed.ensureMachine(machine(name), quiet)));
    });
    afterAll(() => testbed.removeSandbox(sandbox));

    it('is seen as it was asked for', async () => {
      const { networks: found, machines } = await testbed.look(sandbox);
      expect(found).toEqual(networks);
      expect(machines.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
        expect.objectContaining({ name: 'frontend', role: 'frontend', running: true }),
        expect.objectContaining({ name: 'host-1', role: 'host', running: true, address: machine('host-1').address }),
      ]);
      expect(await testbed.sandboxes()).toContain(sandbox);
    });

    it('runs commands on a machine that has its own name', async () => {
      expect(await outputOf('host-1', 'hostname')).toBe('host-1');
    });

    it("runs commands on the user's own terminal", async () => {
      const command = testbed.foregroundCommand(sandbox, 'host-1', ['sh', '-c', 'echo "$HOME on $(hostname)"']);
      expect((await new LocalTransport().run(command)).stdout.trim()).toBe('/root on host-1');
    });

    it('has a Docker that answers on a host, with overlay2', async () => {
      expect(await outputOf('host-1', 'docker', 'info', '--format', '{{.Driver}} {{.LiveRestoreEnabled}}')).toBe(
        'overlay2 true',
      );
    });

    it('lets machines find each other by name', async () => {
      for (const name of ['host-1', 'registry', 'hub']) await on('frontend').run(['ping', '-c1', '-W2', name]);
    });

    it('joins machines on the network of VMs', async () => {
      await on('frontend').run(['ping', '-c1', '-W2', machine('host-1').vmNetworkAddress]);
      expect(await outputOf('host-1', 'cat', '/sys/class/net/eth1/master/uevent')).toContain('INTERFACE=vmbr0');
    });

    it("lets the front-end's oneadmin log in to a host that it has never seen", async () => {
      const asOneadmin = ['runuser', '-u', 'oneadmin', '--'];
      const login = ['ssh', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes', 'host-1', 'id -un; docker ps -q'];
      expect(await outputOf('frontend', ...asOneadmin, ...login)).toBe('oneadmin');
    });

    it("lets the front-end's oneadmin write to the datastores of a host", async () => {
      const write = [
        'ssh',
        'host-1',
        'mkdir -p /var/lib/one/datastores/0/1 && touch /var/lib/one/datastores/0/1/disk.0',
      ];
      await on('frontend').run(['runuser', '-u', 'oneadmin', '--', ...write]);
    });

    it('has a registry with TLS and a password, and a hub without', async () => {
      const ask = (url: string, ...options: string[]) => {
        const status = ['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}'];
        return outputOf('host-1', ...status, '--cacert', '/etc/docker/certs.d/registry:5000/ca.crt', ...options, url);
      };
      const password = await outputOf('frontend', 'cat', '/etc/one/onedock-registry-password');
      expect(await ask('https://registry:5000/v2/')).toBe('401');
      expect(await ask('https://registry:5000/v2/', '-u', `onedock:${password}`)).toBe('200');
      expect(await ask('https://hub:5001/v2/')).toBe('200');
    });

    it('changes nothing when asked for again', async () => {
      const started = await outputOf('host-1', 'stat', '-c', '%Z', '/proc/1');
      const found = await testbed.look(sandbox);
      await testbed.ensureNetworks(networks);
      await testbed.ensureMachine(machine('host-1'), quiet);
      expect(await testbed.look(sandbox)).toEqual(found);
      expect(await outputOf('host-1', 'stat', '-c', '%Z', '/proc/1')).toBe(started);
    });

    it('starts a machine that was shut down, with what it held', async () => {
      await on('host-1').run(['touch', '/root/kept', '/var/lib/docker/kept']);
      await on('host-1').run(['systemctl', '--force', '--force', 'poweroff']).catch(quiet);
      await expect.poll(async () => (await testbed.look(sandbox)).machines.every(({ running }) => running)).toBe(false);
      await testbed.ensureMachine(machine('host-1'), quiet);
      await on('host-1').run(['stat', '/root/kept', '/var/lib/docker/kept']);
    });

    it('makes a machine anew that is wanted otherwise, and keeps its images and store', async () => {
      const fingerprint = async () => (await testbed.look(sandbox)).machines.find(({ name }) => name === 'frontend');
      const former = await fingerprint();
      await on('frontend').run(['touch', '/root/gone', '/var/lib/one/kept', '/var/lib/docker-registry/kept']);
      await testbed.ensureMachine(machine('frontend', { standInHub: false }), quiet);
      expect((await fingerprint())?.fingerprint).not.toBe(former?.fingerprint);
      await on('frontend').run(['stat', '/var/lib/one/kept', '/var/lib/docker-registry/kept']);
      await expect(on('frontend').run(['stat', '/root/gone'])).rejects.toMatchObject({ code: 'COMMAND_FAILED' });
      expect(await outputOf('frontend', 'ss', '-Hltn', 'sport = :5001')).toBe('');
    });

    it('answers at the link address that neighbours have learnt when another machine has come', async () => {
      const gateway = networks.vms.replace('.0/24', '.1');
      const linkAddress = async () => {
        await on('frontend').run(['ping', '-c1', '-W2', gateway]);
        const neighbour = await outputOf('frontend', 'ip', 'neighbour', 'show', gateway);
        return /lladdr (\S+)/.exec(neighbour)?.[1];
      };
      const learnt = await linkAddress();
      expect(learnt).toMatch(/^[0-9a-f:]{17}$/);
      await testbed.ensureMachine(machine('host-3'), quiet);
      await on('frontend').run(['ip', 'neighbour', 'flush', 'all']);
      expect(await linkAddress()).toBe(learnt);
      await testbed.removeMachine(sandbox, 'host-3');
    });

    it('adds a host to those that run, and removes it with its loop devices and links', async () => {
      await testbed.ensureMachine(machine('host-2'), quiet);
      const disk = '/var/lib/one/datastores/disk';
      await on('host-2').run(['truncate', '-s', '1M', disk]);
      await on('host-2').run(['losetup', '-f', disk]);
      await testbed.removeMachine(sandbox, 'host-2');
      const names = (await testbed.look(sandbox)).machines.map(({ name }) => name);
      expect(names.toSorted()).toEqual(['frontend', 'host-1']);
      await on('frontend').run(['ping', '-c1', '-W2', 'host-1']);
    });

    it('says what does not run', async () => {
      await expect(on('host-3').run(['true'])).rejects.toMatchObject({ code: 'MACHINE_NOT_RUNNING' });
    });

    it('keeps sandboxes apart', async () => {
      const other = testbedSpecification(unique(), 2);
      await testbed.ensureNetworks(other.networks);
      await testbed.ensureMachine(other.machine('host-1'), quiet);
      await testbed.removeSandbox(other.networks.sandbox);
      expect(await testbed.audit(other.networks.sandbox)).toEqual([]);
      expect((await testbed.look(sandbox)).machines.every(({ running }) => running)).toBe(true);
    });

    it("is gone without a trace, and the user's own rules, routes, names and containers are as they were", async () => {
      expect((await testbed.audit(sandbox)).map(({ kind }) => kind)).toContain('machine');
      await testbed.removeSandbox(sandbox);
      expect(await testbed.audit(sandbox)).toEqual([]);
      expect(await testbed.sandboxes()).not.toContain(sandbox);
      expect(await userConfiguration()).toEqual(before);
      await testbed.removeSandbox(sandbox);
    });
  });
});

describe.skipIf((await whyNoLxc()) !== undefined)('an LXC sandbox whose maker is killed', () => {
  const testbed = new LxcTestbed();
  const program = new URL('../support/testbed-program.ts', import.meta.url).pathname;
  const sandbox = unique();
  const { machine, networks } = testbedSpecification(sandbox, 3);
  afterAll(() => testbed.removeSandbox(sandbox));

  it.each([0, 40, 100, 180, 300, 500])('after %i ms is removed without a trace', async (delay) => {
    await makeAndKill(delay);
    await testbed.removeSandbox(sandbox);
    expect(await testbed.audit(sandbox)).toEqual([]);
  });

  it.each([60, 150, 250, 400])('after %i ms is completed by the next', async (delay) => {
    await makeAndKill(delay);
    await testbed.ensureNetworks(networks);
    await Promise.all(['frontend', 'host-1'].map((name) => testbed.ensureMachine(machine(name), quiet)));
    await testbed.transport(sandbox, 'host-1').run(['docker', 'info']);
    await testbed.removeSandbox(sandbox);
  });

  async function makeAndKill(delayMs: number): Promise<void> {
    const child = spawn(process.execPath, [program, sandbox, '3'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    await Promise.race([once(child.stdout, 'data'), ended]);
    await sleep(delayMs);
    child.kill('SIGKILL');
    await ended;
  }
});
