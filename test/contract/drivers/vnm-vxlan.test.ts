import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { VnmAction } from '../../../src/drivers/contract/families.ts';
import { noDockerHost, type TestDockerHost } from '../../support/docker-host.ts';
import { startVnmHost, type VnmHost } from '../../support/vnm-host.ts';

const missing = noDockerHost();

const HELPER = '/usr/lib/onedock/onedock-host-helper';
const NIC = { VN_MAD: 'vxlan', NETWORK: 'private', BRIDGE: 'onebr.5', PHYDEV: 'eth1', VLAN_ID: '5' };

/**
 * The host's eth1 leads to `other`, a machine that joins the same VXLANs by the commands of OpenNebula's own driver. A VM is a
 * cable of the name that a VM's has, its other end a network namespace.
 */
describe.skipIf(missing)('vnm/vxlan', () => {
  let at: VnmHost;
  let host: TestDockerHost;

  beforeAll(async () => {
    at = await startVnmHost(`
      ip netns add other && ip link set wire1 netns other name eth1
      ip address add 192.0.2.1/24 dev eth1 && ip -n other address add 192.0.2.2/24 dev eth1
      ip -n other link set eth1 up && ip -n other link set lo up`);
    ({ host } = at);
  });
  afterAll(() => at?.[Symbol.asyncDispose]());
  afterEach(() => host.sh(`${HELPER} vm-remove 7; ${HELPER} vm-remove 8; ip netns del vm 2>/dev/null || true`));

  const run = (
    action: VnmAction,
    nics: readonly Record<string, string>[],
    { id = 7, argv = [] as string[], driver = 'vxlan' } = {},
  ) => at.run(driver, action, { id, nics: nics.map((nic) => ({ ...NIC, ...nic })) }, argv);
  const pre = (nic: Record<string, string> = {}, id = 7) => run('pre', [nic], { id });
  const clean = (nic: Record<string, string> = {}, id = 7) => run('clean', [nic], { id, argv: [host.address] });
  const hasVlans = () =>
    host.sh('ip link add link eth1 name try type vlan id 4000 2>/dev/null && ip link del try').then(
      () => true,
      () => false,
    );
  const links = () => host.sh('ls /sys/class/net');
  const device = (name = 'eth1.5') => host.sh(`ip -d -o link show ${name}`);

  /** A machine elsewhere in the network 10.5.0.0/24, and a VM here. */
  async function plug(elsewhere: string, mtu = 1450) {
    await host.sh(`
      ip -n other link del tunnel 2>/dev/null
      ip -n other link add tunnel type vxlan ${elsewhere} && ip -n other address add 10.5.0.1/24 dev tunnel
      ip -n other link set tunnel up
      ip netns add vm && ip link add one-7-0 mtu ${mtu} type veth peer name eth0 mtu ${mtu} netns vm
      ip -n vm address add 10.5.0.7/24 dev eth0 && ip -n vm link set eth0 up
      ip link set one-7-0 master onebr.5 up`);
  }
  const ping = (size: number) =>
    host.sh(`ip netns exec vm busybox ping -c 1 -W 3 -s ${size} 10.5.0.1 >/dev/null && echo passes || echo stopped`);

  it('pre makes a bridge and a tunnel, and is content when they are there', async () => {
    await expect(pre()).resolves.toBe('');
    await expect(pre()).resolves.toBe('');
    expect(await device()).toMatch(
      /mtu 1450 .*master onebr\.5 .*vxlan id 5 group 239\.0\.0\.5 dev eth1 .*dstport 8472 ttl 16/s,
    );
    expect(await device('onebr.5')).toContain('UP');
  });

  it('by multicast it is one L2 with a host that OpenNebula has made the same on', async () => {
    await pre();
    await plug('id 5 dev eth1 group 239.0.0.5 dstport 8472 ttl 16');
    await expect.poll(() => ping(1450 - 28)).toBe('passes');
  });

  it('unicast reaches the machines that are named, and forgets those that are no more', async () => {
    const conf = (peers: string) => ({ CONF: `vxlan_mode=unicast,vxlan_peers=${peers}` });
    const peers = () => host.sh('bridge fdb show dev eth1.5 | grep ^00:00:00:00:00:00');
    await pre(conf('192.0.2.1 192.0.2.2'));
    expect(await peers()).toMatch(/^00:00:00:00:00:00 dst 192\.0\.2\.2 self permanent$/);
    await plug('id 5 dev eth1 remote 192.0.2.1 dstport 8472');
    await expect.poll(() => ping(1450 - 28)).toBe('passes');
    await pre(conf('192.0.2.1 192.0.2.3 192.0.2.4'));
    expect((await peers()).match(/dst \S+/g)).toEqual(['dst 192.0.2.3', 'dst 192.0.2.4']);
  });

  it('evpn leaves the table of machines to whoever has it', async () => {
    await pre({ VXLAN_MODE: 'evpn', VXLAN_TEP: 'local_ip', IP_LINK_CONF: 'nolearning=,dstport=4789' });
    expect(await device()).toMatch(/mtu 1450 .*vxlan id 5 local 192\.0\.2\.1 .*dstport 4789 nolearning ttl 16/s);
    expect(await host.sh('bridge fdb show dev eth1.5 | grep dst || true')).toBe('');
  });

  it('has the MTU that its network names, as far as PHYDEV carries it', async () => {
    await pre({ MTU: '1300' });
    expect(await device()).toContain('mtu 1300 ');
    await pre({ MTU: '9000', BRIDGE: 'onebr.6', VLAN_ID: '6' }, 8);
    expect(await device('eth1.6')).toContain('mtu 1450 ');
  });

  it('clean removes what no NIC needs any more, and leaves what one does', async () => {
    await pre();
    await pre({}, 8);
    await clean();
    await clean();
    expect(await links()).toMatch(/^eth1\.5$/m);
    await clean({}, 8);
    expect(await links()).not.toMatch(/eth1\.5|onebr/);
    await expect(clean({}, 8)).resolves.toBe('');
  });

  it('clean after a NIC was detached leaves the network of another one', async () => {
    await run('pre', [{}, {}]);
    await run('clean', [{}, { ATTACH: 'YES' }], { argv: [host.address] });
    expect(await links()).toMatch(/^onebr\.5$/m);
    await run('clean', [{ ATTACH: 'YES' }], { argv: [host.address] });
    expect(await links()).not.toContain('onebr');
  });

  it('a VM that comes while another goes finds its network', async () => {
    for (let round = 0; round < 5; round++) {
      await pre();
      await Promise.all([clean(), pre({}, 8)]);
      expect(await links()).toMatch(/^onebr\.5$/m);
      await clean({}, 8);
    }
    expect(await links()).not.toContain('onebr');
  });

  it('leaves a bridge alone that was there, and one with a port of somebody else', async () => {
    await host.sh('ip link add onebr.5 type bridge');
    await pre();
    await clean();
    expect(await links()).toMatch(/^onebr\.5$/m);
    await host.sh('ip link del onebr.5');
    await pre();
    await host.sh('ip link add theirs type veth peer name theirs-2 && ip link set theirs master onebr.5');
    await clean();
    expect(await links()).toMatch(/^eth1\.5$/m);
    await host.sh('ip link del theirs');
    await pre();
    await clean();
    expect(await links()).not.toContain('onebr');
  });

  it('refuses what cannot be, in words', async () => {
    await expect(pre({ PHYDEV: 'eth9' })).rejects.toThrow('There is no network device eth9 on this host');
    await expect(pre({ PHYDEV: '' })).rejects.toThrow('Network private has no PHYDEV.');
    await expect(pre({ VLAN_ID: '16777216' })).rejects.toThrow("'16777216' is no number of a VXLAN.");
    await expect(pre({ PHYDEV: 'enp130s0f1np1', VLAN_ID: '100' })).rejects.toThrow('which has at most 15 letters');
    await expect(pre({ IP_LINK_CONF: 'group=evil' })).rejects.toThrow("'flag=group' is no property of a VXLAN.");
    await pre();
    await expect(pre({ VLAN_ID: '6' }, 8)).rejects.toThrow('onebr.5 leads over eth1.5 on this host');
    await host.sh('ip link add eth1.9 type veth peer name eth1.8');
    await expect(pre({ VLAN_ID: '9', BRIDGE: 'onebr.9' }, 8)).rejects.toThrow('it is no vxlan with the number 9');
    await clean({ VLAN_ID: '9', BRIDGE: 'onebr.9' }, 8);
    expect(await links()).toMatch(/^eth1\.9$/m);
    await host.sh('ip link del eth1.9');
  });

  it('802.1Q makes a tagged device, or says that the kernel has none', async () => {
    const vlan = { VN_MAD: '802.1Q', BRIDGE: 'onebr.12', VLAN_ID: '12' };
    const made = run('pre', [vlan], { driver: '802.1Q' });
    if (await hasVlans()) {
      await made;
      expect(await device('eth1.12')).toMatch(/master onebr\.12 .*vlan protocol 802\.1Q id 12/s);
    } else await expect(made).rejects.toThrow('The kernel of this host has no 802.1Q VLANs');
    await run('clean', [vlan], { driver: '802.1Q', argv: [host.address] });
    expect(await links()).not.toContain('onebr.12');
  });

  it('leaves nothing of what it could not make', async () => {
    await host.sh('ip link add theirs type vxlan id 5 dstport 8472 dev eth1');
    await expect(pre()).rejects.toThrow('eth1.5 could not be made on this host');
    await clean();
    await host.sh('ip link del theirs');
    expect(await links()).not.toMatch(/onebr|eth1\.5/);
    expect(await host.sh(`${HELPER} status`)).toBe('');
  });
});
