/**
 * Docker with userns-remap, whose containers have a root of their own: what is different of it. The suites of VMs, monitoring
 * and transfers run on it as a whole with ONEDOCK_TEST_ENGINE=remapped.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noDockerHost } from '../../support/docker-host.ts';
import { startVmmHost, type VmmHost } from '../../support/vmm-driver.ts';

const missing = noDockerHost('remapped');
if (missing) console.warn(`Skipped: ${missing}.`);

describe.skipIf(missing)('a host whose engine remaps users', () => {
  let at: VmmHost;
  const vm = (disks: readonly Record<string, string>[]) => ({ id: 5, disks });
  const disk = (id: number) => `/var/lib/one/datastores/0/5/disk.${id}`;
  /** Who owns a file of a disk, in the disk's own file system. */
  const ownerOn = (id: number, path: string) =>
    at.host.sh(`debugfs -R 'stat ${path}' ${disk(id)} 2>/dev/null | grep -o 'User: *[0-9]*' | tr -dc 0-9`);

  beforeAll(async () => {
    at = await startVmmHost('in process', 'remapped');
    await at.host.placeDisks(5, 'web', { 1: 40, 2: 40 });
  });
  afterAll(() => at?.[Symbol.asyncDispose]());

  it('runs a VM whose root is nobody of the host’s, and who writes to its disks as root', async () => {
    await at.vmm.deploy(vm([{}, {}]));
    expect(await at.host.inVm(5, 'tr -s " " </proc/self/uid_map')).toMatch(/^0 [1-9]/);
    await at.host.inVm(5, 'echo kept >/media/1/root; echo kept >/media/1/app && chown 1000 /media/1/app');
    expect(await at.host.inVm(5, 'stat -c %u /media/1 /media/1/root /media/1/app')).toBe('0\n0\n1000');
  });

  it('attaches a disk, and lets it grow', async () => {
    await at.vmm.run('attach_disk', vm([{}, {}, {}]), disk(2), 'sdc', '2', '');
    await at.host.sh(`truncate -s 80M ${disk(2)}`);
    await at.vmm.run('resize_disk', vm([{}, {}, {}]), '2', '80', 'PFZNLz4=', at.host.address);
    await at.host.inVm(5, 'dd if=/dev/zero of=/media/2/large bs=1M count=50 2>/dev/null');
    await at.vmm.run('detach_disk', vm([{}, {}, {}]), disk(2), 'sdc', '2');
    expect(await at.host.inVm(5, 'ls /media')).toBe('1');
    expect(await ownerOn(2, '/large')).toBe('0');
  });

  it('leaves disks as other hosts know them', async () => {
    await at.vmm.run('shutdown', vm([{}, {}]), at.host.address);
    expect([await ownerOn(1, '/root'), await ownerOn(1, '/app')]).toEqual(['0', '1000']);
    expect(await at.host.sh('ls /run | grep onedock-disk || true')).toBe('');
  });
});
