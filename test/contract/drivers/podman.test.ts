/**
 * Podman in place of Docker: what is different of it, once through the life of a VM. The suites of VMs, monitoring and
 * transfers run on it as a whole with ONEDOCK_TEST_ENGINE=podman.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noDockerHost } from '../../support/docker-host.ts';
import { watchHost } from '../../support/host-watch.ts';
import { startVmmHost, type VmmHost } from '../../support/vmm-driver.ts';

const missing = noDockerHost('podman');
if (missing) console.warn(`Skipped: ${missing}.`);

describe.skipIf(missing)('a host with Podman', () => {
  let at: VmmHost;

  beforeAll(async () => {
    at = await startVmmHost('in process', 'podman');
    await at.host.sh(
      'ip link add vmbr0 type bridge forward_delay 0; ip link set vmbr0 up; ip address add 10.9.0.1/24 dev vmbr0',
    );
  });
  afterAll(() => at?.[Symbol.asyncDispose]());

  const vm = (template: object = {}) => ({
    id: 5,
    template: { MEMORY: '64', ...template },
    disks: [{}, {}],
    nics: [{ BRIDGE: 'vmbr0', IP: '10.9.0.5', MAC: '02:00:0a:09:00:05', DNS: '10.9.0.53' }],
  });

  it('runs a VM with its disk, its network and its name servers', async () => {
    await at.host.placeDisks(5, 'web', { 1: 40 });
    await expect(at.vmm.deploy(vm())).resolves.toBe('one-5');
    expect(await at.host.inVm(5, 'grep -c "^[^ ]* /media/1 ext4 rw" /proc/mounts')).toBe('1');
    expect(await at.host.inVm(5, 'cat /etc/resolv.conf')).toBe('nameserver 10.9.0.53');
    expect(await at.host.sh('busybox ping -c 1 -W 2 10.9.0.5 >/dev/null && echo answers')).toBe('answers');
    await at.host.inVm(5, 'echo kept >/kept; echo kept >/media/1/kept');
  });

  it('changes its limits while it runs, and as it starts again', async () => {
    await at.vmm.run('resize', vm({ MEMORY: '96' }));
    expect(await at.host.memoryLimit('one-5')).toBe(`${96 * 2 ** 20}`);
    await at.vmm.run('shutdown', vm(), at.host.address);
    await at.vmm.deploy(vm({ MEMORY: '128' }));
    expect(await at.host.memoryLimit('one-5')).toBe(`${128 * 2 ** 20}`);
    expect(await at.host.inVm(5, 'cat /kept /media/1/kept')).toBe('kept\nkept');
  });

  it('tells what becomes of it, by its events', async () => {
    await using watch = await watchHost(at.drivers, at.host.address);
    const says = (state: string, from: number) =>
      watch.until(
        ({ type, template }) =>
          type === 'STATE_VM' && template.vectors('VM').some(({ ID, STATE }) => ID === '5' && STATE === state),
        from,
      );
    let from = watch.reports.length;
    await at.host.sh('docker pause one-5');
    await says('SUSPENDED', from);
    from = watch.reports.length;
    await at.host.sh('docker unpause one-5');
    await says('RUNNING', from);
    from = watch.reports.length;
    await at.host.sh('docker rm --force one-5');
    await says('POWEROFF', from);
  });
});
