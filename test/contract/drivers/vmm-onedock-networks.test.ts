import { existsSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DriverRunner } from '../../../src/drivers/contract/driver-runner.ts';
import { noDockerHost } from '../../support/docker-host.ts';
import type { TestCloudHost } from '../../support/test-cloud-host.ts';
import { networkDocument, type VmFields } from '../../support/vm-documents.ts';
import { startVmmHost, type VmmDriver, type VmmHost } from '../../support/vmm-driver.ts';

/** VMs of one network with a machine at 10.0.0.1 and 2001:db8::1, which is the host itself. */
describe.skipIf(noDockerHost())('networks of vmm/onedock', () => {
  let started: VmmHost;
  let host: TestCloudHost;
  let drivers: DriverRunner;
  let vmm: VmmDriver;
  let id = 5;

  beforeAll(async () => {
    started = await startVmmHost('in process');
    ({ host, drivers, vmm } = started);
    await host.sh(`
      ip link add vmbr0 type bridge forward_delay 0 && ip link set vmbr0 up
      ip address add 10.0.0.1/24 dev vmbr0 && ip address add 2001:db8::1/64 dev vmbr0 nodad`);
  });
  afterAll(() => started?.[Symbol.asyncDispose]());
  beforeEach(() => {
    id++;
  });

  const nic = (number = 0) => ({
    BRIDGE: 'vmbr0',
    IP: `10.0.${number}.${id}`,
    MAC: `02:00:0a:0${number}:00:${id.toString(16).padStart(2, '0')}`,
    NETWORK_ID: `${number}`,
  });
  const deploy = async (vm: Omit<VmFields, 'id'>) => {
    await host.placeDisks(id, 'web');
    await vmm.deploy({ id, ...vm });
  };
  const addresses = (device = 'eth0') => host.inVm(id, `ip -o address show dev ${device}`);
  const answers = (address: string) =>
    host.sh(`busybox ping -c 1 -W 2 ${address} >/dev/null && echo answers || echo silent`);
  /** A command in the network of the VM, with the programs of the host. */
  const inNetwork = (command: string) =>
    host.sh(`nsenter -t "$(docker inspect -f '{{.State.Pid}}' one-${id})" -n ${command}`);

  describe('how fast a NIC may be', () => {
    const KB = 600;
    /** Bytes a second at which a file of KB thousand bytes is fetched from the VM, and by the VM. */
    const speed = async (url: string, run = host.sh as (command: string) => Promise<string>) =>
      Number(await run(`curl --noproxy "*" -sf -o /dev/null -w %{speed_download} http://${url}/file`));
    const outwards = () => speed(`10.0.0.${id}`);
    const inwards = () => speed('10.0.0.1:8000', inNetwork);
    const qdiscs = async () => [
      await host.sh(`tc qdisc show dev one-${id}-0`),
      await inNetwork('tc qdisc show dev eth0'),
    ];
    const update = (more: Record<string, string>) =>
      drivers.run({
        family: 'vnm',
        driver: 'bridge',
        action: 'update_nic',
        argv: [`one-${id}`, '0'],
        stdin: networkDocument({ id, host: host.address, nics: [{ ...nic(), ...more }] }),
      });
    const LIMITS = { INBOUND_AVG_BW: '200', OUTBOUND_AVG_BW: '150', OUTBOUND_PEAK_BW: '300', OUTBOUND_PEAK_KB: '100' };

    beforeAll(() =>
      host.sh(
        `mkdir -p /run/www && head -c ${KB}000 /dev/zero >/run/www/file && busybox httpd -p 10.0.0.1:8000 -h /run/www`,
      ),
    );

    it('is what its network says, in each direction, changes while the VM runs, and goes with the NIC', async () => {
      await deploy({ nics: [{ ...nic(), ...LIMITS }] });
      await host.inVm(id, `head -c ${KB}000 /dev/zero >/www/file`);
      await vi.waitFor(() => host.sh(`curl --noproxy "*" -sf http://10.0.0.${id}/`), 20_000);
      // What passes at once makes it a little more than the average. A machine that is busy makes it less.
      expect(await inwards()).toBeLessThan(260_000);
      expect(await outwards()).toBeLessThan(260_000);
      expect(await inwards()).toBeGreaterThan(50_000);

      await update({ INBOUND_AVG_BW: '100000' });
      await expect.poll(inwards).toBeGreaterThan(400_000);
      const [inbound, outbound] = await qdiscs();
      expect(inbound).toContain('tbf');
      expect(outbound).not.toContain('tbf');

      await update({});
      expect((await qdiscs()).join()).not.toContain('tbf');
      expect(await addresses()).toContain(`10.0.0.${id}/24`);
    });

    it('says what the host lacks', async () => {
      await host.sh('mount --bind /bin/false /usr/sbin/tc');
      try {
        await expect(deploy({ nics: [{ ...nic(), ...LIMITS }] })).rejects.toThrow(
          `The rate of NIC one-${id}-0 could not be limited`,
        );
      } finally {
        await host.sh('umount /usr/sbin/tc');
      }
      expect(await host.sh(`docker ps -aq -f name=one-${id}; ls /sys/class/net | grep one-${id} || true`)).toBe('');
    });
  });

  it('a VXLAN gives its VMs an MTU that fits, and takes them along when it is changed', async () => {
    const network = { ...nic(), VN_MAD: 'vxlan', BRIDGE: 'onebr9', PHYDEV: 'eth1' };
    const run = (action: 'pre' | 'update_nic' | 'clean', more: Record<string, string>, ...argv: string[]) =>
      drivers.run({
        family: 'vnm',
        driver: 'vxlan',
        action,
        argv,
        stdin: networkDocument({ id, host: host.address, nics: [{ ...network, ...more }] }),
      });
    await run('pre', { VLAN_ID: '9' });
    await deploy({ nics: [{ ...network, VLAN_ID: '9', MTU: '9000' }] });
    expect(await host.inVm(id, 'cat /sys/class/net/eth0/mtu')).toBe('1450');
    for (const _ of [1, 2]) await run('update_nic', { VLAN_ID: '10', MTU: '1300' }, `one-${id}`, '0');
    expect(await host.inVm(id, 'cat /sys/class/net/eth0/mtu')).toBe('1300');
    expect(await host.sh('ls /sys/class/net/onebr9/brif')).toBe(`eth1.10\none-${id}-0`);
    expect(await host.sh('ls /sys/class/net')).not.toContain('eth1.9');
    await vmm.run('cancel', { id }, host.address);
    await run('clean', {}, host.address);
    expect(await host.sh('ls /sys/class/net')).not.toMatch(/eth1\.|onebr/);
  });

  describe('IPv6', () => {
    it('is there beside IPv4 before the VM starts, with its prefix and gateway', async () => {
      await deploy({
        nics: [{ ...nic(), IP6: `2001:db8:0::${id}`, GATEWAY: '10.0.0.1', IP6_LINK: 'fe80::1' }],
        context: { ETH0_IP6_PREFIX_LENGTH: '56', ETH0_IP6_GATEWAY: '2001:db8::1', ETH0_IP6_METRIC: '7' },
      });
      expect(await addresses()).toContain(`inet6 2001:db8::${id}/56`);
      expect(await host.inVm(id, 'ip route')).toContain('default via 10.0.0.1 dev eth0');
      expect(await inNetwork('ip -6 route')).toMatch(/default via 2001:db8::1 dev eth0 metric 7/);
      await expect.poll(() => answers(`2001:db8::${id}`)).toBe('answers');
      await expect.poll(() => answers(`10.0.0.${id}`)).toBe('answers');
    });

    it('takes what a router tells where the network asks for that, or is off', async () => {
      await deploy({
        nics: [
          { ...nic(), IP6_GLOBAL: '2001:db8::99', IP6_METHOD: 'auto' },
          { ...nic(1), IP6_GLOBAL: '2001:db8:1::99', IP6_METHOD: 'disable' },
        ],
      });
      expect(await inNetwork('cat /proc/sys/net/ipv6/conf/eth0/disable_ipv6')).toBe('0');
      expect(await inNetwork('cat /proc/sys/net/ipv6/conf/eth0/accept_ra')).toBe('1');
      expect(await addresses()).not.toContain('2001:db8::99');
      expect(await addresses('eth1')).not.toContain('inet6');
    });
  });

  it('several NICs with gateways have one default route of the least metric', async () => {
    await deploy({
      nics: [
        { ...nic(), GATEWAY: '10.0.0.1', METRIC: '200' },
        { ...nic(1), GATEWAY: '10.0.1.1', METRIC: '50' },
      ],
      context: { ETH0_ROUTES: '10.9.0.0/16 via 10.0.0.1' },
    });
    expect(await inNetwork('ip route get 192.0.2.1')).toContain('via 10.0.1.1 dev eth1');
    expect(await inNetwork('ip route get 10.9.1.1')).toContain('via 10.0.0.1 dev eth0');
  });

  it('a NIC of METHOD skip has a cable and no address', async () => {
    await deploy({ nics: [{ ...nic(), METHOD: 'skip', GATEWAY: '10.0.0.1' }] });
    expect(await addresses()).toBe('');
    expect(await inNetwork('ip -o link show eth0')).toContain(nic().MAC);
    expect(await inNetwork('ip route')).toBe('');
  });

  it('addresses of aliases come to a running VM by its context, and go again', async () => {
    const alias = { PARENT_ID: '0', NIC_ID: '2', ALIAS_ID: '0', IP: '10.7.0.9', IP6: '2001:db8:7::9' };
    const vm = (ALIAS_IDS: string) => ({
      id,
      nics: [{ ...nic(), ALIAS_IDS }],
      aliases: [{ ...alias, ATTACH: 'YES' }],
      context: { DISK_ID: '1', ETH0_ALIAS0_MASK: '255.255.0.0' },
    });
    const reconfigure = (ALIAS_IDS: string) =>
      vmm.run('reconfigure', vm(ALIAS_IDS), 'hda', `/var/lib/one/datastores/0/${id}/disk.1`);
    await deploy({ nics: [nic()] });
    for (const _ of [1, 2]) await reconfigure('2');
    expect(await addresses()).toContain('inet 10.7.0.9/16');
    expect(await addresses()).toContain('inet6 2001:db8:7::9/64');
    for (const _ of [1, 2]) await reconfigure('');
    expect(await addresses()).not.toMatch(/10\.7\.0\.9|2001:db8:7::9/);
    expect(await addresses()).toContain(`inet 10.0.0.${id}/24`);
    await expect.poll(() => answers(`10.0.0.${id}`)).toBe('answers');
  });

  it('a context that changes while a NIC is being detached does not plug that in again', async () => {
    await deploy({ nics: [nic()] });
    const nics = [nic(), { ...nic(1), ATTACH: 'YES' }];
    await vmm.run('reconfigure', { id, nics, context: { A: 'b' } }, 'hda', '/var/lib/one/datastores/0/x');
    expect(await host.inVm(id, 'ls /sys/class/net')).toBe('eth0\nlo');
  });

  describe.skipIf(!existsSync('/usr/sbin/dnsmasq'))('a NIC of METHOD dhcp', () => {
    const clients = () => host.sh('pgrep -fa "busybox udhcpc" || true');

    beforeAll(() =>
      host.sh(`
        ip link add dhcp0 type bridge forward_delay 0 && ip link set dhcp0 up && ip address add 10.66.0.1/24 dev dhcp0
        ip address add 2001:db8:66::1/64 dev dhcp0 nodad
        ip link add quiet0 type bridge forward_delay 0 && ip link set quiet0 up
        dnsmasq --no-daemon --conf-file=/dev/null --port=0 --interface=dhcp0 --bind-interfaces --user=root \\
          --dhcp-range=10.66.0.50,10.66.0.99,255.255.255.0,2m --dhcp-option=3,10.66.0.1 \\
          --enable-ra --dhcp-range=2001:db8:66::,ra-only \\
          --dhcp-leasefile=/run/leases >/run/dnsmasq.log 2>&1 &`),
    );

    it('has the address that a server of its network gives, before the VM starts, and keeps asking', async () => {
      await deploy({ nics: [{ ...nic(), BRIDGE: 'dhcp0', METHOD: 'dhcp' }] });
      const [, address = ''] = /inet (10\.66\.0\.\d+)\/24/.exec(await addresses()) ?? [];
      await expect.poll(() => answers(address)).toBe('answers');
      expect(await inNetwork('ip route')).toContain('default via 10.66.0.1 dev eth0');
      expect(await host.sh('cat /run/leases')).toMatch(new RegExp(`${nic().MAC} ${address} one-${id} `));
      expect(await clients()).toContain(`/run/onedock-dhcp/one-${id}-0`);
      // It may do nothing but change networks.
      const status = await host.sh(`cat /proc/$(cat /run/onedock-dhcp/one-${id}-0)/status`);
      expect(status).toMatch(/Uid:\t65534\t65534\t/);
      expect(status).toMatch(/CapEff:\t0000000000003400\n/);
      expect(status).toMatch(/CapBnd:\t0000000000003400\n/);
    });

    it('lets go of the client with the VM, and with the NIC', async () => {
      await deploy({ nics: [nic(), { ...nic(1), BRIDGE: 'dhcp0', METHOD: 'dhcp' }] });
      expect(await addresses('eth1')).toContain('inet 10.66.0.');
      await vmm.run('detach_nic', { id, nics: [nic(), { ...nic(1), BRIDGE: 'dhcp0', METHOD: 'dhcp' }] }, nic(1).MAC);
      expect(await clients()).not.toContain(`one-${id}-1`);
      id++;
      await deploy({ nics: [{ ...nic(), BRIDGE: 'dhcp0', METHOD: 'dhcp' }] });
      expect(await clients()).toContain(`one-${id}-0`);
      await vmm.run('cancel', { id }, host.address);
      expect(await clients()).not.toContain(`one-${id}-0`);
      expect(await host.sh('ls /sys/class/net')).not.toContain(`one-${id}-0`);
    });

    it('has IPv6 as a router tells it, which a changed context leaves alone', async () => {
      const vm = { id, nics: [{ ...nic(), BRIDGE: 'dhcp0', METHOD: 'dhcp', IP6_METHOD: 'auto' }], context: { A: 'b' } };
      await deploy(vm);
      const told = /inet6 2001:db8:66:[0-9a-f:]+\/64 .* dynamic/;
      await vi.waitFor(async () => expect(await addresses()).toMatch(told), { timeout: 30_000, interval: 200 });
      await vmm.run('reconfigure', vm, 'hda', '/var/lib/one/datastores/0/x');
      expect(await addresses()).toMatch(told);
      expect(await addresses()).toContain('inet 10.66.0.');
    });

    it('starts without an address where no server answers, and has it when one does', async () => {
      await deploy({ nics: [{ ...nic(), BRIDGE: 'quiet0', METHOD: 'dhcp' }] });
      expect(await addresses()).not.toContain('inet ');
      await host.sh(`ip link set one-${id}-0 master dhcp0`);
      await vi.waitFor(async () => expect(await addresses()).toContain('inet 10.66.0.'), { timeout: 40_000 });
    });
  });

  it('METHODs that containers do not know are refused', async () => {
    await expect(deploy({ nics: [{ ...nic(), IP6_METHOD: 'dhcp' }] })).rejects.toThrow(
      `NIC 0 of VM ${id} cannot come to its addresses by the method dhcp.`,
    );
  });
});
