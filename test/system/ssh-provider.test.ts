/** The provider `ssh`: a sandbox on machines that somebody else has set up, reached over SSH alone. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GivenMachines, ORDINARY_USER, startGivenMachines } from '../support/given-machines.ts';
import { describeSandbox, TestSandbox } from '../support/test-sandbox.ts';

/** What of a machine a sandbox may change; it is the same afterwards. */
const OWN_STATE = [
  'cat /etc/hosts /etc/hostname /etc/resolv.conf /root/.ssh/authorized_keys /etc/ssh/ssh_host_ed25519_key.pub',
  'ls /etc/ssh/sshd_config.d /etc/sudoers.d /usr/bin/one* /etc/one /etc/onedock /usr/lib/one* 2>/dev/null',
  'ip -brief link | cut -d " " -f 1',
  'systemctl list-units --failed --no-legend',
].join('; ');

describeSandbox('a sandbox on given machines', () => {
  let given: GivenMachines;
  let sandbox: TestSandbox;
  let before: string[];

  const machines = (first: number, names: readonly string[], more = '') => {
    const [server] = given.servers;
    const entries = names.map((name, i) => {
      const user = name === 'host-2' ? `, user: ${ORDINARY_USER}` : '';
      return `    ${name}: { address: ${given.servers[first + i]?.host}${user} }\n`;
    });
    const login = `  keyFile: ${server?.keyFile}\n  knownHostsFile: ${server?.knownHostsFile}\n`;
    return `provider: ssh\nssh:\n${login}${more}  machines:\n${entries.join('')}`;
  };
  const ownStates = () => Promise.all([1, 2, 3].map((machine) => given.run(machine, 'sh', '-c', OWN_STATE)));
  const addressOf = async (vm: string) =>
    (await sandbox.json('status')).vms.find(({ name }: { name: string }) => name === vm).addresses[0];

  beforeAll(async () => {
    given = await startGivenMachines(`g${randomBytes(4).toString('hex')}`, 3, 91);
    before = await ownStates();
    sandbox = await TestSandbox.create(machines(0, ['frontend', 'host-1', 'host-2']));
    await sandbox.ok('up');
  });
  afterAll(async () => {
    await sandbox?.[Symbol.asyncDispose]();
    await given?.[Symbol.asyncDispose]();
  });

  it('ends `up` with a VM whose page answers on its own address', async () => {
    const { provider, machines } = await sandbox.json('status');
    expect(provider).toBe('ssh');
    expect(machines.map(({ name }: { name: string }) => name)).toEqual(['frontend', 'host-1', 'host-2']);
    expect(await (await fetch(`http://${await addressOf('web')}/`)).text()).toContain('It works');
  });

  it('is not changed by a second `up`', async () => {
    expect(await sandbox.json('up')).toMatchObject({ changed: false, steps: [] });
  });

  it('joins VMs on different machines in one network', async () => {
    const { vms } = await sandbox.json('status');
    const other = vms[0].host === 'host-1' ? 'host-2' : 'host-1';
    const requirement = `SCHED_REQUIREMENTS="NAME=\\"${other}\\""`;
    await sandbox.ok('one', 'onetemplate', 'instantiate', 'web', '--name', 'second', '--raw', requirement);
    await expect.poll(async () => (await sandbox.json('status')).vms[1]?.state, { timeout: 30_000 }).toBe('RUNNING');
    expect((await sandbox.json('status')).vms[1].host).toBe(other);
    const container = `one-${vms[0].id}`;
    const fetched = ['exec', vms[0].host, '--', 'docker', 'exec', container, '/bin/busybox', 'wget', '-qO-'];
    expect(await sandbox.ok(...fetched, `http://${await addressOf('second')}/`)).toContain('It works');
  });

  it('starts again what was stopped on a machine', async () => {
    await sandbox.ok('exec', 'host-2', '--', 'systemctl', 'stop', 'docker.service', 'docker.socket');
    const { steps } = await sandbox.json('up');
    expect(steps.map(({ id }: { id: string }) => id)).toContain('machine:host-2');
    expect(await sandbox.ok('exec', 'host-2', '--', 'systemctl', 'is-active', 'docker.service')).toContain('active');
  });

  it('keeps a machine from another sandbox', async () => {
    await using other = await TestSandbox.create(machines(0, ['frontend', 'host-1']));
    const { exitCode, stderr } = await other.run('up');
    expect(exitCode).toBe(1);
    // Whichever of the two was looked at first.
    expect(stderr).toMatch(new RegExp(`It is a machine of a sandbox already \\(${sandbox.name}, (frontend|host-1)\\)`));
    expect((await sandbox.json('status')).state).toBe('running');
  });

  it('has no machine for a host that is not given', async () => {
    expect((await sandbox.run('host', 'add')).stderr).toContain('ssh.machines');
  });

  it('lets a host go with its VMs, as it was, and takes it in again', async () => {
    const refused = await sandbox.run('host', 'rm', 'host-2');
    expect(refused.stderr).toContain('HOST_IN_USE');
    await sandbox.ok('host', 'rm', 'host-2', '--force');
    expect((await ownStates())[2]).toBe(before[2]);
    await sandbox.ok('host', 'add');
    const { machines, vms } = await sandbox.json('status');
    expect(machines.map(({ name }: { name: string }) => name)).toEqual(['frontend', 'host-1', 'host-2']);
    expect(await sandbox.one('onehost', 'show', 'host-2')).toMatch(/STATE +: MONITORED/);
    expect(vms.filter(({ host }: { host: string }) => host === 'host-2')).toEqual([]);
  });

  it('has no dealings with a machine that shows another key than the one that is known', async () => {
    await using other = await TestSandbox.create();
    const [server] = given.servers;
    const [type, key = ''] = (await given.run(1, 'cat', '/etc/ssh/ssh_host_ed25519_key.pub')).split(' ');
    const forged = `${key.slice(0, -4)}AAAA`;
    await writeFile(join(other.folder, 'known_hosts'), `${server?.host} ${type} ${forged}\n`);
    const login = `keyFile: ${server?.keyFile}, knownHostsFile: known_hosts`;
    await writeFile(
      join(other.folder, 'sandbox.yaml'),
      `name: ${other.name}\nhosts: 0\nprovider: ssh\nssh: { ${login}, machines: { frontend: ${server?.host} } }\n`,
    );
    const { exitCode, stderr } = await other.run('up');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('SSH_HOST_NOT_TRUSTED');
  });

  it('gives machines back as they were', async () => {
    await sandbox.ok('down', '--yes');
    expect(await ownStates()).toEqual(before);
  });

  it('is reached by way of a jump host, where there is no other way', async () => {
    const jump = `  jump: { address: ${given.servers[0]?.host} }\n`;
    await using behind = await TestSandbox.create(machines(1, ['frontend', 'host-1'], jump));
    const { pages } = await behind.json('up');
    expect(pages).toHaveLength(1);
    expect(await behind.ok('one', 'onevm', 'list')).toContain('web');
    expect((await behind.run('env')).stderr).toContain('API_OUT_OF_REACH');
    await behind.ok('down', '--yes');
    expect(await ownStates()).toEqual(before);
  });
});
