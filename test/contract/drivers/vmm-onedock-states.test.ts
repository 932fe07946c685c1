import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriverRunner } from '../../../src/drivers/contract/driver-runner.ts';
import { noDockerHost } from '../../support/docker-host.ts';
import { WAYS } from '../../support/driver-ways.ts';
import type { TestCloudHost } from '../../support/test-cloud-host.ts';
import { vmDocument } from '../../support/vm-documents.ts';
import { startVmmHost, type VmmDriver, type VmmHost } from '../../support/vmm-driver.ts';

/** LCM_STATE in which OpenNebula calls an action (include/VirtualMachine.h, 7.4). */
const SAVE_STOP = 5;
const SAVE_SUSPEND = 6;
const BOOT_SUSPENDED = 21;
const BOOT_STOPPED = 22;

describe.skipIf(noDockerHost()).each(WAYS)('states of a vmm/onedock VM, %s', (way) => {
  let started: VmmHost;
  let host: TestCloudHost;
  let drivers: DriverRunner;
  let vmm: VmmDriver;
  let id = 5;

  beforeAll(async () => {
    started = await startVmmHost(way);
    ({ host, drivers, vmm } = started);
    await host.sh(
      'ip link add vmbr0 type bridge forward_delay 0; ip link set vmbr0 up; ip address add 10.9.0.1/24 dev vmbr0',
    );
  });
  afterAll(() => started?.[Symbol.asyncDispose]());
  beforeEach(() => {
    id++;
  });

  const vm = (more: object = {}) => {
    const nics = [{ BRIDGE: 'vmbr0', IP: `10.9.0.${id}`, MAC: `02:00:0a:09:00:${id.toString(16).padStart(2, '0')}` }];
    return { id, nics, disks: [{}, {}], ...more };
  };
  const checkpoint = () => `/var/lib/one/datastores/0/${id}/checkpoint`;
  const save = (lcmState: number) => vmm.run('save', vm({ lcmState }), checkpoint(), host.address);
  const restore = (lcmState: number) =>
    drivers.run({
      family: 'vmm',
      driver: 'onedock',
      action: 'restore',
      argv: [checkpoint(), host.address, `one-${id}`, `${id}`, host.address],
      stdin: vmm.request(vm({ lcmState })),
    });
  const unplug = () => host.sh(`/usr/lib/onedock/onedock-host-helper nic-unplug ${id} one-${id}-0`);
  const state = () => host.sh(`docker inspect -f '{{.State.Status}}' one-${id}`);
  const start = async () => {
    await host.placeDisks(id, 'web', { 1: 40 });
    await vmm.deploy(vm());
    await host.inVm(
      id,
      'echo kept >/kept; echo kept >/media/1/kept; (while :; do echo x >>/counter; sleep 0.02; done) >/dev/null 2>&1 &',
    );
  };
  const count = async () => Number(await host.inVm(id, 'wc -l </counter'));
  const answers = () => host.sh(`busybox ping -c 1 -W 2 10.9.0.${id} >/dev/null && echo answers`);

  it('a suspended VM stands still, and goes on where it was, with its network', async () => {
    await start();
    await host.sh(`until [ "$(docker exec one-${id} sh -c "wc -l </counter")" -gt 5 ]; do sleep 0.05; done`);
    const pid = await host.sh(`docker inspect -f '{{.State.Pid}}' one-${id}`);
    for (const _ of [1, 2]) await save(SAVE_SUSPEND);
    await unplug();
    expect(await state()).toBe('paused');
    const frozen = await host.sh(`wc -l </proc/${pid}/root/counter; sleep 0.3; wc -l </proc/${pid}/root/counter`);
    const [before, after] = frozen.split('\n').map(Number);
    expect(after).toBe(before);

    for (const _ of [1, 2]) await restore(BOOT_SUSPENDED);
    expect(await answers()).toBe('answers');
    expect(await host.sh(`docker inspect -f '{{.State.Pid}}' one-${id}`)).toBe(pid);
    await expect.poll(count).toBeGreaterThan(before as number);
    await vmm.run('cancel', vm(), host.address);
  });

  it('a suspended VM whose host was restarted starts from its disks', async () => {
    await start();
    await save(SAVE_SUSPEND);
    await host.sh(`docker kill one-${id} >/dev/null; /usr/lib/onedock/onedock-host-helper vm-release ${id}`);
    await restore(BOOT_SUSPENDED);
    expect(await host.inVm(id, 'cat /kept /media/1/kept')).toBe('kept\nkept');
    expect(await answers()).toBe('answers');
    await vmm.run('cancel', vm(), host.address);
  });

  it('a VM that is to leave its host is stopped, with its disks whole', async () => {
    await start();
    await save(SAVE_STOP);
    expect(await state()).toBe('exited');
    expect(await host.sh(`grep -c vms/${id}/media/ /proc/self/mountinfo || true`)).toBe('0');
    await restore(BOOT_STOPPED);
    expect(await host.inVm(id, 'cat /kept /media/1/kept')).toBe('kept\nkept');
    await vmm.run('cancel', vm(), host.address);
  });

  it('a suspended VM can be ended', async () => {
    await start();
    await save(SAVE_SUSPEND);
    await vmm.run('cancel', vm(), host.address);
    expect(await state()).toBe('exited');
  });

  it('a VM that does not run is not suspended', async () => {
    await expect(save(SAVE_SUSPEND)).rejects.toThrow('does not run');
  });

  it('a running VM does not leave its host where it cannot, and it is said what is in the way', async () => {
    await start();
    await host.sh('rm -f /etc/criu/runc.conf');
    const argv = [host.address, host.address, `/var/lib/one/datastores/0/${id}`, `${id}`, '0'];
    const stdin = Buffer.from(vmDocument(vm())).toString('base64');
    const refused = await drivers.run({ family: 'tm', driver: 'onedock', action: 'premigrate', argv, stdin }).then(
      () => '',
      (error: Error) => error.message,
    );
    expect(refused).toMatch(/There is no CRIU on|CRIU does not work on|runc.conf on .* lacks|Podman/);
    expect(refused).toContain('Use `onevm migrate` without --live');
    await expect(vmm.run('migrate', vm(), host.address, host.address)).rejects.toThrow('It runs there already');
    expect(await state()).toBe('running');
    await vmm.run('cancel', vm(), host.address);
  });

  describe('snapshots', () => {
    const snapshots = () => host.sh(`docker images -q onedock/vm-${id} | wc -l`);

    it('take the file system of a running VM back, with its addresses; data disks stay', async () => {
      await start();
      await expect(vmm.run('snapshot_create', vm(), '0')).resolves.toBe('snapshot-0');
      await host.inVm(id, 'rm /kept; echo broken >/www/index.html; echo later >/media/1/kept');
      for (const _ of [1, 2]) {
        await vmm.run('snapshot_revert', vm(), 'snapshot-0');
        expect(await host.inVm(id, 'cat /kept /media/1/kept')).toBe('kept\nlater');
      }
      expect(await host.sh(`curl -sf --retry 20 --retry-connrefused --retry-delay 0 http://10.9.0.${id}/`)).toBe(
        'hello',
      );
      await vmm.run('cancel', vm({ systemSnapshots: ['snapshot-0'] }), host.address);
      await vmm.deploy(vm());
      expect(await host.inVm(id, 'cat /kept')).toBe('kept');
      await vmm.run('cancel', vm(), host.address);
    });

    it('go on where a revert was cut short', async () => {
      await start();
      await vmm.run('snapshot_create', vm(), '0');
      await host.inVm(id, 'rm /kept');
      // Both containers are there; then only the one that is to be.
      await host.sh(`docker create --name one-${id}-next ${host.images.web} >/dev/null`);
      await vmm.run('snapshot_revert', vm(), 'snapshot-0');
      expect(await host.inVm(id, 'cat /kept')).toBe('kept');
      await vmm.run('cancel', vm(), host.address);
      await host.sh(`docker rename one-${id} one-${id}-next`);
      await vmm.run('snapshot_revert', vm(), 'snapshot-0');
      expect(await host.inVm(id, 'cat /kept')).toBe('kept');
      await vmm.run('cancel', vm(), host.address);
    });

    it('are removed one by one, and all when the VM is shut down', async () => {
      await start();
      for (const snapshot of ['0', '1', '2']) await vmm.run('snapshot_create', vm(), snapshot);
      for (const _ of [1, 2]) await vmm.run('snapshot_delete', vm(), 'snapshot-1');
      expect(await snapshots()).toBe('2');
      await vmm.run('shutdown', vm({ systemSnapshots: ['snapshot-0', 'snapshot-2'] }), host.address);
      expect(await snapshots()).toBe('0');
    });

    it('that are gone, or none of this driver, are refused', async () => {
      await start();
      await expect(vmm.run('snapshot_revert', vm(), 'snapshot-7')).rejects.toThrow(
        `There is no snapshot-7 of VM ${id}`,
      );
      await expect(vmm.run('snapshot_revert', vm(), 'latest')).rejects.toThrow("'latest' is no snapshot");
      expect(await state()).toBe('running');
      await vmm.run('cancel', vm(), host.address);
    });
  });
});
