import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DriverRunner } from '../../../src/drivers/contract/driver-runner.ts';
import type { VnmAction } from '../../../src/drivers/contract/families.ts';
import { noDockerHost, startDockerHost, type TestDockerHost } from '../../support/docker-host.ts';
import { startDrivers, WAYS } from '../../support/driver-ways.ts';
import { networkDocument } from '../../support/vm-documents.ts';

const missing = noDockerHost();

describe.skipIf(missing).each(WAYS)('vnm/bridge, %s', (way) => {
  let host: TestDockerHost;
  let drivers: DriverRunner;

  beforeAll(async () => {
    host = await startDockerHost();
    const { user, port, keyFile, knownHostsFile } = host.ssh;
    drivers = await startDrivers(way, { ssh: { user, port, keyFile, knownHostsFile } });
  });
  afterAll(async () => {
    await drivers?.[Symbol.asyncDispose]();
    await host?.[Symbol.asyncDispose]();
  });

  const run = (action: VnmAction, nics: readonly Record<string, string>[], argv: readonly string[] = []) =>
    drivers.run({
      family: 'vnm',
      driver: 'bridge',
      action,
      argv,
      stdin: networkDocument({ id: 7, host: host.address, nics }),
    });

  it('pre makes the bridge with PHYDEV as a port, and is content when it is there', async () => {
    const nics = [{ BRIDGE: 'vmbr7', PHYDEV: 'eth1' }];
    await expect(run('pre', nics)).resolves.toBe('');
    await expect(run('pre', nics)).resolves.toBe('');
    expect(await host.sh('cat /sys/class/net/vmbr7/bridge/forward_delay')).toBe('0');
    expect(await host.sh('cat /sys/class/net/eth1/master/uevent')).toContain('INTERFACE=vmbr7');
    expect(await host.sh('ip -o link show vmbr7')).toContain('UP');
  });

  it('pre makes one bridge for each, without a port where none is named', async () => {
    await run('pre', [{ BRIDGE: 'a1' }, { BRIDGE: 'a2' }, { BRIDGE: 'a1' }, { BRIDGE: 'other', VN_MAD: 'dummy' }]);
    expect(await host.sh('ls -d /sys/class/net/a1/bridge /sys/class/net/a2/bridge')).toContain('a2');
    expect(await host.sh('ls /sys/class/net')).not.toContain('other');
  });

  it('pre refuses a port that belongs to another bridge, is not there, or is the way to the host', async () => {
    await expect(run('pre', [{ BRIDGE: 'a3', PHYDEV: 'eth1' }])).rejects.toThrow('a port of another bridge');
    await expect(run('pre', [{ BRIDGE: 'a3', PHYDEV: 'eth9' }])).rejects.toThrow('There is no network device eth9');
    await host.sh('ip route add default dev eth0');
    await expect(run('pre', [{ BRIDGE: 'a3', PHYDEV: 'eth0' }])).rejects.toThrow('it would cut the host off');
  });

  it('pre refuses what is on the host and is no bridge', async () => {
    await expect(run('pre', [{ BRIDGE: 'eth1' }])).rejects.toThrow('eth1 is on this host, but it is no bridge.');
  });

  it('post has nothing to do', async () => {
    await expect(run('post', [{ BRIDGE: 'vmbr7' }], ['one-7', host.address])).resolves.toBe('');
  });

  it("clean removes the VM's cables, and nobody else's, and keeps the bridge", async () => {
    await host.sh(
      'for n in one-7-0 one-8-0; do ip link add $n type veth peer name p$n; ip link set $n master vmbr7; done',
    );
    await expect(run('clean', [{ BRIDGE: 'vmbr7' }], [host.address])).resolves.toBe('');
    await expect(run('clean', [{ BRIDGE: 'vmbr7' }], [host.address])).resolves.toBe('');
    const links = await host.sh('ls /sys/class/net');
    expect(links).not.toContain('one-7-0');
    expect(links).toContain('one-8-0');
    expect(links).toContain('vmbr7');
  });

  it('clean is about the host that a VM leaves, when the document names the one that it moves to', async () => {
    await host.sh('ip link add one-7-0 type veth peer name pone-7-0');
    const stdin = networkDocument({ id: 7, host: '192.0.2.1', nics: [{ VN_MAD: 'bridge', BRIDGE: 'vmbr7' }] });
    await drivers.run({ family: 'vnm', driver: 'bridge', action: 'clean', argv: [host.address], stdin });
    expect(await host.sh('ls /sys/class/net')).not.toContain('one-7-0');
  });

  it('clean after a NIC was detached leaves the others', async () => {
    await host.sh('for n in one-7-0 one-7-1; do ip link add $n type veth peer name p$n; done');
    await run('clean', [{ BRIDGE: 'vmbr7' }, { BRIDGE: 'vmbr7', ATTACH: 'YES' }], [host.address]);
    const links = await host.sh('ls /sys/class/net');
    expect(links).toContain('one-7-0');
    expect(links).not.toMatch(/^one-7-1$/m);
  });

  it('has nothing to change of a VM that does not run', async () => {
    const nics = [{ BRIDGE: 'a1', MAC: '02:00:00:00:00:07', NETWORK_ID: '0' }];
    await expect(run('update_nic', nics, ['one-7', '0'])).resolves.toBe('');
  });
});

describe('vnm/dummy', () => {
  it.each(['pre', 'post', 'clean', 'update_sg', 'update_nic'])('%s does nothing', async (action) => {
    await using drivers = await startDrivers('in process');
    await expect(
      drivers.run({ family: 'vnm', driver: 'dummy', action, argv: [], stdin: networkDocument({ id: 7 }) }),
    ).resolves.toBe('');
  });
});
