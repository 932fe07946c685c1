/** The provider `ssh` with a host that looks like one of RHEL's kin, beside a front-end of Debian. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GivenMachines, startGivenMachines } from '../support/given-machines.ts';
import { describeSandbox, TestSandbox } from '../support/test-sandbox.ts';

describeSandbox("a sandbox with a host of RHEL's kin", () => {
  let given: GivenMachines;
  let sandbox: TestSandbox;

  /** @param numbers  of the given machines, by their names in the sandbox */
  const machines = (numbers: Readonly<Record<string, number>>) => {
    const [server] = given.servers;
    const entries = Object.entries(numbers).map(([name, i]) => `    ${name}: ${given.servers[i - 1]?.host}\n`);
    const login = `  keyFile: ${server?.keyFile}\n  knownHostsFile: ${server?.knownHostsFile}\n`;
    return `hosts: 1\nprovider: ssh\nssh:\n${login}  machines:\n${entries.join('')}`;
  };
  const packages = () => given.run(2, 'sh', '-c', 'rpm --query --all --queryformat "%{NAME}\n" | sort');

  beforeAll(async () => {
    given = await startGivenMachines(`g${randomBytes(4).toString('hex')}`, ['debian', 'rhel'], 92);
    sandbox = await TestSandbox.create(machines({ frontend: 1, 'host-1': 2 }));
  });
  afterAll(async () => {
    await sandbox?.[Symbol.asyncDispose]();
    await given?.[Symbol.asyncDispose]();
  });

  it('is refused as a front-end, and while no repository of its has an Engine or busybox, with nothing changed', async () => {
    await using other = await TestSandbox.create(machines({ frontend: 2, 'host-1': 1 }));
    expect((await other.run('up')).stderr).toMatch(/It runs rocky, which has no package of the registry/);
    await given.run(2, 'mv', '/etc/yum.repos.d', '/etc/yum.repos.away');
    const { exitCode, stderr } = await sandbox.run('up');
    await given.run(2, 'mv', '/etc/yum.repos.away', '/etc/yum.repos.d');
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/rocky, and .*Docker's own.*EPEL/),
    });
    expect(await packages()).toBe('');
  });

  it('is set up by dnf, and runs a VM whose page answers', async () => {
    const { pages } = await sandbox.json('up');
    expect(await (await fetch(pages[0].url)).text()).toContain('It works');
    expect((await packages()).trim().split('\n')).toEqual(
      expect.arrayContaining(['busybox', 'curl-minimal', 'docker-ce', 'docker-ce-cli', 'iproute', 'procps-ng']),
    );
    expect(await sandbox.json('up')).toMatchObject({ changed: false, steps: [] });
  });

  it('is given back with its packages and nothing else of ours', async () => {
    await sandbox.ok('down', '--yes');
    // The home of oneadmin was there before, and empty.
    const ours = 'find /etc/one /etc/onedock /usr/lib/onedock /var/lib/one -mindepth 1 2>/dev/null; :';
    expect(await given.run(2, 'sh', '-c', ours)).toBe('');
    expect(await packages()).toContain('docker-ce');
  });
});
