/**
 * Podman that runs without root: what is different of it, once through the life of a VM. The suites of VMs, monitoring and
 * transfers run on it as a whole with ONEDOCK_TEST_ENGINE=rootless, but for what takes control groups: a test host has no systemd
 * that would delegate them.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noDockerHost } from '../../support/docker-host.ts';
import { startDrivers } from '../../support/driver-ways.ts';
import { watchHost } from '../../support/host-watch.ts';
import { startVmmHost, type VmmHost, vmmDriver } from '../../support/vmm-driver.ts';

const missing = noDockerHost('rootless');
if (missing) console.warn(`Skipped: ${missing}.`);

describe.skipIf(missing)('a host with Podman that runs without root', () => {
  let at: VmmHost;

  beforeAll(async () => {
    at = await startVmmHost('in process', 'rootless');
    await at.host.sh(
      'ip link add vmbr0 type bridge forward_delay 0; ip link set vmbr0 up; ip address add 10.9.0.1/24 dev vmbr0',
    );
    await at.host.placeDisks(5, 'web', { 1: 40, 2: 40 });
  });
  afterAll(() => at?.[Symbol.asyncDispose]());

  const vm = (disks: readonly Record<string, string>[] = [{}, {}]) => ({
    id: 5,
    template: { MEMORY: '64' },
    disks,
    nics: [{ BRIDGE: 'vmbr0', IP: '10.9.0.5', MAC: '02:00:0a:09:00:05', DNS: '10.9.0.53' }],
  });
  const disk = (id: number) => `/var/lib/one/datastores/0/5/disk.${id}`;
  /** Who owns a file of a disk, in the disk's own file system. */
  const ownerOn = (id: number, path: string) =>
    at.host.sh(`debugfs -R 'stat ${path}' ${disk(id)} 2>/dev/null | grep -o 'User: *[0-9]*' | tr -dc 0-9`);

  it('runs no VM that it cannot hold to its limits, unless the settings accept that', async () => {
    await using drivers = await startDrivers('in process', { ...at.host.settings, host: {} });
    await expect(vmmDriver(drivers, at.host.address).deploy(vm())).rejects.toThrow('to their memory and processors');
    expect(await at.host.sh('docker ps --all --quiet')).toBe('');
  });

  it('runs a VM with its network, its name servers and its disk, as no user of the host’s root', async () => {
    await expect(at.vmm.deploy(vm())).resolves.toBe('one-5');
    expect(await at.host.inVm(5, 'tr -s " " </proc/self/uid_map')).toMatch(/^0 [1-9]\d* 1\n ?1 [1-9]\d+ 65536$/);
    expect(await at.host.inVm(5, 'cat /sys/class/net/eth0/address')).toBe('02:00:0a:09:00:05');
    expect(await at.host.sh('busybox ping -c 1 -W 2 10.9.0.5 >/dev/null && echo answers')).toBe('answers');
    expect(await at.host.sh('busybox wget -q -O - http://10.9.0.5/')).toBe('hello');
    await at.host.inVm(5, 'echo nameserver 10.9.0.54 >>/etc/resolv.conf');
    expect(await at.host.inVm(5, 'cat /etc/resolv.conf')).toBe('nameserver 10.9.0.53\nnameserver 10.9.0.54');
    await at.host.inVm(
      5,
      'echo kept >/media/1/root; echo kept >/media/1/app && chown 1000 /media/1/app; echo kept >/kept',
    );
    expect(await at.host.inVm(5, 'stat -c %u /media/1 /media/1/root /media/1/app')).toBe('0\n0\n1000');
  });

  it('attaches a disk to a VM that runs, and detaches it', async () => {
    await at.vmm.run('attach_disk', vm([{}, {}, {}]), disk(2), 'sdc', '2', '');
    await at.host.inVm(5, 'echo kept >/media/2/root');
    await at.vmm.run('detach_disk', vm([{}, {}, {}]), disk(2), 'sdc', '2');
    expect(await at.host.inVm(5, 'ls /media')).toBe('1');
    expect(await ownerOn(2, '/root')).toBe('0');
  });

  it('says what takes control groups: it neither stands still nor has other limits', async () => {
    await expect(at.vmm.run('save', vm(), '/checkpoint', at.host.address)).rejects.toThrow(
      'cannot be made to stand still',
    );
    await expect(at.vmm.run('snapshot_create', vm(), '0')).rejects.toThrow('cannot be made to stand still');
    await expect(at.vmm.run('resize', vm())).rejects.toThrow('cannot be changed');
  });

  it('is monitored, and the host says that it keeps no limits', async () => {
    await using watch = await watchHost(at.drivers, at.host.address);
    const system = await watch.until(({ type }) => type === 'SYSTEM_HOST');
    expect(system.template.get('ERROR')).toContain('held to no limits');
    const figures = await watch.until(({ type }) => type === 'MONITOR_VM');
    const [{ MONITOR = '' } = {}] = figures.template.vectors('VM');
    const sample = Buffer.from(MONITOR, 'base64').toString();
    expect(sample).toMatch(/NETRX="?[1-9]/);
    expect(sample).not.toMatch(/CPU|MEMORY/);
  });

  it('keeps its files while it is off, and leaves disks as other hosts know them', async () => {
    await at.vmm.run('shutdown', vm(), at.host.address);
    expect([await ownerOn(1, '/root'), await ownerOn(1, '/app')]).toEqual(['0', '1000']);
    await at.vmm.deploy(vm());
    expect(await at.host.inVm(5, 'cat /kept /media/1/root')).toBe('kept\nkept');
    await at.vmm.run('cancel', vm(), at.host.address);
    expect(await at.host.sh('grep onedock/vms/5 /proc/self/mounts || true')).toBe('');
  });
});
