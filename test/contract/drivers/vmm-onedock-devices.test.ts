import { existsSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DriverRunner } from '../../../src/drivers/contract/driver-runner.ts';
import { ENGINE, noDockerHost } from '../../support/docker-host.ts';
import { WAYS } from '../../support/driver-ways.ts';
import type { TestCloudHost } from '../../support/test-cloud-host.ts';
import { networkDocument } from '../../support/vm-documents.ts';
import { startVmmHost, type VmmDriver, type VmmHost } from '../../support/vmm-driver.ts';

/** Growing means other programs for each. */
const FILE_SYSTEMS = ['ext4', 'xfs'].filter((kind) => existsSync(`/usr/sbin/mkfs.${kind}`));

describe.skipIf(noDockerHost()).each(WAYS)('devices of vmm/onedock, %s', (way) => {
  let started: VmmHost;
  let host: TestCloudHost;
  let drivers: DriverRunner;
  let vmm: VmmDriver;
  let id = 5;

  beforeAll(async () => {
    started = await startVmmHost(way);
    ({ host, drivers, vmm } = started);
    await host.sh(
      'for i in 0 1; do ip link add vmbr$i type bridge forward_delay 0; ip link set vmbr$i up; ip address add 10.$i.0.1/24 dev vmbr$i; done',
    );
  });
  afterAll(() => started?.[Symbol.asyncDispose]());
  beforeEach(() => {
    id++;
  });

  const place = (file: string) => `/var/lib/one/datastores/0/${id}/${file}`;
  const mac = (nic: number) => `02:00:0a:0${nic}:00:${id.toString(16).padStart(2, '0')}`;
  const nic = (number: number) => ({ BRIDGE: `vmbr${number}`, IP: `10.${number}.0.${id}`, MAC: mac(number) });
  const mounted = () => host.inVm(id, 'grep /media/ /proc/mounts | cut -d" " -f2-4 | cut -d, -f1');

  describe('attach_disk and detach_disk', () => {
    const attach = (vm: Parameters<VmmDriver['run']>[1], disk: number) =>
      vmm.run('attach_disk', vm, `/var/lib/one//datastores/0/${id}/disk.${disk}`, 'sdb', '1', 'PFZNLz4=');
    const detach = (vm: Parameters<VmmDriver['run']>[1], disk: number) =>
      vmm.run('detach_disk', vm, place(`disk.${disk}`), 'sdb', '1');

    it('mounts a disk in the running container, and again is no error', async () => {
      await host.placeDisks(id, 'web', { 1: 40 });
      await vmm.deploy({ id });
      for (const _ of [1, 2]) await attach({ id, disks: [{}, {}] }, 1);
      expect(await mounted()).toBe('/media/1 ext4 rw');
      await host.inVm(id, 'echo written >/media/1/file');
      for (const _ of [1, 2]) await detach({ id, disks: [{}, {}] }, 1);
      expect(await host.inVm(id, 'ls /media')).toBe('');
      expect(await host.sh(`debugfs -R 'cat /file' ${place('disk.1')} 2>/dev/null`)).toBe('written');
    });

    it('keeps a disk that only is read from being written', async () => {
      await host.placeDisks(id, 'web', { 1: 40 });
      await host.sh(`mkfs.ext4 -q ${place('disk.1')}`);
      await vmm.deploy({ id });
      await attach({ id, disks: [{}, { READONLY: 'YES' }] }, 1);
      expect(await mounted()).toBe('/media/1 ext4 ro');
      await vmm.run('cancel', { id }, host.address);
    });

    it('says that a disk is in use, and leaves it mounted', async () => {
      await host.placeDisks(id, 'web', { 1: 40 });
      const vm = { id, disks: [{}, {}] };
      await vmm.deploy(vm);
      await host.sh(
        `docker exec -d one-${id} sh -c 'exec sleep 1000 >/media/1/open'; until docker exec one-${id} test -e /media/1/open; do :; done`,
      );
      await expect(detach(vm, 1)).rejects.toThrow(`/media/1 is in use and cannot be unmounted`);
      expect(await mounted()).toBe('/media/1 ext4 rw');
      await vmm.run('cancel', vm, host.address);
    });

    it('refuses a second container image, swap, the root disk, and a VM that does not run', async () => {
      await host.placeDisks(id, 'web', { 1: 40 });
      const image = { SOURCE: 'docker://r/i', TYPE: 'FILE' };
      await expect(attach({ id, disks: [{}, {}] }, 1)).rejects.toThrow('does not run');
      await vmm.deploy({ id });
      await expect(attach({ id, disks: [{}, image] }, 1)).rejects.toThrow(
        'is a container image, but not its first disk',
      );
      await expect(attach({ id, disks: [{}, { TYPE: 'swap' }] }, 1)).rejects.toThrow('no disk that can be mounted');
      await expect(detach({ id, disks: [{}] }, 0)).rejects.toThrow('cannot be detached');
    });
  });

  describe('attach_nic and detach_nic', () => {
    const attach = (vm: Parameters<VmmDriver['run']>[1], number: number) =>
      vmm.run('attach_nic', vm, mac(number).toUpperCase(), `vmbr${number}`, '-', 'bridge', `one-${id}-${number}`);
    const detach = (vm: Parameters<VmmDriver['run']>[1], number: number) => vmm.run('detach_nic', vm, mac(number));

    it('plugs a NIC into the running container with its addresses, and again is no error', async () => {
      await host.placeDisks(id, 'web');
      await vmm.deploy({ id, nics: [nic(0)] });
      const vm = {
        id,
        nics: [nic(0), { ...nic(1), MTU: '1400' }],
        context: { ETH1_ROUTES: '10.77.0.0/16 via 10.1.0.3' },
      };
      for (const _ of [1, 2]) await attach(vm, 1);
      expect(await host.inVm(id, 'ip -o -4 address show dev eth1')).toContain(`inet 10.1.0.${id}/24`);
      expect(await host.inVm(id, 'cat /sys/class/net/eth1/mtu /sys/class/net/eth1/address')).toBe(`1400\n${mac(1)}`);
      expect(await host.inVm(id, 'ip route')).toContain('10.77.0.0/16 via 10.1.0.3 dev eth1');
      expect(await host.sh(`busybox ping -c 1 -W 2 10.1.0.${id} >/dev/null && echo answers`)).toBe('answers');
      for (const _ of [1, 2]) await detach(vm, 1);
      expect(await host.inVm(id, 'ls /sys/class/net')).toBe('eth0\nlo');
      expect(await host.sh(`busybox ping -c 1 -W 2 10.0.0.${id} >/dev/null && echo answers`)).toBe('answers');
    });

    it('says that a bridge is missing', async () => {
      await host.placeDisks(id, 'web');
      await vmm.deploy({ id });
      const vm = { id, nics: [{ ...nic(0), BRIDGE: 'nowhere' }] };
      await expect(attach(vm, 0)).rejects.toThrow('There is no bridge nowhere on this host.');
      await expect(attach({ id }, 0)).rejects.toThrow('has no NIC with the address');
    });
  });

  it('a network that changed reaches the NICs of a running container, which keep their addresses', async () => {
    await host.placeDisks(id, 'web');
    await vmm.deploy({ id, nics: [nic(0)] });
    const changed = { ...nic(0), BRIDGE: 'vmbr1', MTU: '1400', NETWORK_ID: '3' };
    const update = (networkId: string) =>
      drivers.run({
        family: 'vnm',
        driver: 'bridge',
        action: 'update_nic',
        argv: [`one-${id}`, networkId],
        stdin: networkDocument({ id, host: host.address, nics: [changed] }),
      });
    await update('4');
    expect(await host.inVm(id, 'cat /sys/class/net/eth0/mtu')).toBe('1500');
    for (const _ of [1, 2]) await update('3');
    expect(await host.inVm(id, 'cat /sys/class/net/eth0/mtu')).toBe('1400');
    expect(await host.sh(`cat /sys/class/net/one-${id}-0/mtu /sys/class/net/one-${id}-0/master/uevent`)).toMatch(
      /^1400\n(.*\n)*INTERFACE=vmbr1/,
    );
    expect(await host.inVm(id, 'ip -o -4 address show dev eth0')).toContain(`inet 10.0.0.${id}/24`);
  });

  describe('reconfigure', () => {
    it('shows the running container the context that was replaced, and adds its keys', async () => {
      await host.placeDisks(id, 'web');
      await vmm.deploy({ id, context: { DISK_ID: '1', A: 'old', SSH_PUBLIC_KEY: 'ssh-ed25519 OLD' } });
      await host.sh(`mkdir -p ${place('disk.1')}; echo more >${place('disk.1/more')}`);
      const keys = () => host.inVm(id, 'cat /root/.ssh/authorized_keys 2>/dev/null || true');
      await vi.waitFor(async () => expect(await keys()).toBe('ssh-ed25519 OLD'), { timeout: 20_000 });
      const vm = {
        id,
        context: { DISK_ID: '1', A: 'new', SSH_PUBLIC_KEY: 'ssh-ed25519 NEW', START_SCRIPT: 'touch /ran' },
      };
      await vmm.run('prereconfigure', vm, 'hda');
      await vmm.run('reconfigure', vm, 'hda', `/var/lib/one//datastores/0/${id}/disk.1`);
      expect(await host.inVm(id, '. /mnt/context.sh; echo $A; cat /mnt/more')).toBe('new\nmore');
      expect(await host.inVm(id, 'cat /root/.ssh/authorized_keys; ls /ran 2>/dev/null || true')).toBe(
        'ssh-ed25519 OLD\nssh-ed25519 NEW',
      );
    });
  });

  it('reconfigure leaves a VM without context as it is', async () => {
    await host.placeDisks(id, 'web');
    await vmm.deploy({ id });
    await vmm.run('prereconfigure', { id }, '');
    await expect(vmm.run('reconfigure', { id }, '', '')).resolves.toBe('');
  });

  describe('resize and resize_disk', () => {
    it('gives a running container its new limits', async () => {
      await host.placeDisks(id, 'web');
      await vmm.deploy({ id });
      await vmm.run('resize', { id, template: { CPU: '0.25', VCPU: '2', MEMORY: '128' } });
      expect(await host.memoryLimit(`one-${id}`)).toBe(`${128 * 2 ** 20}`);
      if (ENGINE === 'docker') {
        const format = '{{.HostConfig.NanoCpus}} {{.HostConfig.CpuShares}}';
        expect(await host.sh(`docker inspect -f '${format}' one-${id}`)).toBe('2000000000 256');
      }
      await vmm.run('resize', { id, template: { MEMORY: '32' } });
      expect(await host.memoryLimit(`one-${id}`)).toBe(`${32 * 2 ** 20}`);
    });

    it.each(FILE_SYSTEMS)('grows a mounted disk with %s while it is used', async (kind) => {
      const [before, after] = kind === 'xfs' ? [320, 640] : [40, 80];
      await host.placeDisks(id, 'web', { 1: before });
      await host.sh(`mkfs.${kind} -q ${place('disk.1')}`);
      const vm = { id, disks: [{}, {}] };
      await vmm.deploy(vm);
      const sizeMb = async () =>
        Number(await host.inVm(id, "df -m /media/1 | tail -n 1 | awk '{ print $2 }'".replaceAll("'", "'\\''")));
      const [small] = [await sizeMb()];
      await host.inVm(id, 'echo kept >/media/1/file');
      await host.sh(`truncate -s ${after}M ${place('disk.1')}`);
      for (const _ of [1, 2]) await vmm.run('resize_disk', vm, '1', `${after}`, 'PFZNLz4=', host.address);
      expect(await sizeMb()).toBeGreaterThan(small * 1.7);
      expect(await host.inVm(id, 'cat /media/1/file')).toBe('kept');
      await vmm.run('cancel', vm, host.address);
    });
  });
});
