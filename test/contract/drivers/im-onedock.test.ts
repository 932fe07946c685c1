import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriverRunner } from '../../../src/drivers/contract/driver-runner.ts';
import { parseTemplate, type Template } from '../../../src/opennebula/template.ts';
import { IS_PODMAN, noDockerHost } from '../../support/docker-host.ts';
import { startDrivers } from '../../support/driver-ways.ts';
import { type HostWatch, watchHost } from '../../support/host-watch.ts';
import { type ImageName, startTestCloudHost, type TestCloudHost } from '../../support/test-cloud-host.ts';
import { requestDocument, vmDocument } from '../../support/vm-documents.ts';

const missing = noDockerHost();
/** Podman has no event for it. */
const SAYS_NOTHING_OF_MEMORY = IS_PODMAN;

describe.skipIf(missing)('im/onedock', () => {
  let host: TestCloudHost;
  let drivers: DriverRunner;
  let nextId = 5;
  let id: number;

  beforeAll(async () => {
    host = await startTestCloudHost();
    drivers = await startDrivers('in process', host.settings);
    await host.sh('ip link add vmbr0 type bridge forward_delay 0; ip link set vmbr0 up');
  });
  afterAll(async () => {
    await drivers?.[Symbol.asyncDispose]();
    await host?.[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    id = nextId++;
  });

  const vm = () => ({
    id,
    host: host.address,
    disks: [{}, {}],
    nics: [{ BRIDGE: 'vmbr0', IP: `10.9.0.${id}`, MAC: `02:00:0a:09:00:${id.toString(16).padStart(2, '0')}` }],
  });
  const vmm = (action: string, argv: readonly string[], stdin: string) =>
    drivers.run({ family: 'vmm', driver: 'onedock', action, argv, stdin });
  const deploy = async (image: ImageName) => {
    await host.placeDisks(id, image, { 1: 40 });
    await vmm('deploy', [`/var/lib/one/datastores/0/${id}/deployment.0`, host.address], vmDocument(vm()));
  };
  const act = (action: string) => vmm(action, [`one-${id}`, host.address], requestDocument(vm()));

  const watch = () => watchHost(drivers, host.address);
  const statesOf = (watcher: HostWatch, from = 0) =>
    watcher.reports.slice(from).flatMap(({ type, template }) =>
      type === 'STATE_VM'
        ? template
            .vectors('VM')
            .filter(({ ID }) => ID === `${id}`)
            .map(({ STATE }) => STATE)
        : [],
    );
  const says =
    (state: string) =>
    ({ type, template }: { type: string; template: Template }) =>
      type === 'STATE_VM' && template.vectors('VM').some((each) => each.ID === `${id}` && each.STATE === state);

  describe('at the start', () => {
    it('describes the host, in the right units', async () => {
      await using watcher = await watch();
      const { template } = await watcher.until(({ type }) => type === 'SYSTEM_HOST');
      const processors = Number(await host.sh('nproc'));
      const memory = Number(await host.sh("awk '/MemTotal/ { print $2 }' /proc/meminfo"));
      expect(template.get('HYPERVISOR')).toBe('docker');
      expect(template.get('TOTALCPU')).toBe(`${processors * 100}`);
      expect(template.get('TOTALMEMORY')).toBe(`${memory}`);
      expect(template.get('ARCH')).toBe(await host.sh('uname -m'));
      expect(template.get('CGROUPS_VERSION')).toMatch(/^[12]$/);
      const totalMb = Number(await host.sh('df -BM --output=size /var/lib/one/datastores | tail -1 | tr -dc 0-9'));
      expect(template.get('DS_LOCATION_TOTAL_MB')).toBe(`${totalMb}`);
      expect(template.vectors('DS').map(({ ID, TOTAL_MB }) => [ID, TOTAL_MB])).toEqual([
        ['0', `${totalMb}`],
        ['100', `${totalMb}`],
      ]);
    });

    it('says what is amiss: nothing, or that the programs there are of another release', async () => {
      const errorOf = async () => {
        await using watcher = await watch();
        return (await watcher.until(({ type }) => type === 'SYSTEM_HOST')).template.get('ERROR');
      };
      expect(await errorOf()).toBeUndefined();
      await host.sh('cd /usr/lib/onedock && cp onedock-nics nics.kept && echo >>onedock-nics');
      expect(await errorOf()).toMatch(/^Its programs are of release .* `onedock host prepare /);
      await host.sh('cd /usr/lib/onedock && mv nics.kept onedock-nics');
    });

    it('tells what is in use', async () => {
      await using watcher = await watch();
      const { template } = await watcher.until(({ type }) => type === 'MONITOR_HOST');
      const number = (name: string) => Number(template.get(name));
      expect(number('USEDCPU') + number('FREECPU')).toBe(Number(await host.sh('nproc')) * 100);
      expect(number('USEDMEMORY')).toBeGreaterThan(0);
      expect(number('FREEMEMORY')).toBeGreaterThan(0);
      expect(number('NETRX')).toBeGreaterThan(0);
    });

    it('names all VMs in one complete report', async () => {
      await deploy('web');
      await using watcher = await watch();
      const { template } = await watcher.until(({ type }) => type === 'STATE_VM');
      expect(template.get('SYNC_STATE')).toBe('yes');
      expect(template.get('MISSING_STATE')).toBe('POWEROFF');
      expect(template.vectors('VM')).toContainEqual({ ID: `${id}`, DEPLOY_ID: `one-${id}`, STATE: 'RUNNING' });
    });

    it('measures VMs', async () => {
      await deploy('web');
      await host.inVm(id, 'busybox dd if=/dev/urandom of=/media/1/f bs=1M count=8 2>/dev/null');
      await host.sh('sync');
      await using watcher = await watch();
      const { template } = await watcher.until(({ type }) => type === 'MONITOR_VM');
      const entry = template.vectors('VM').find(({ ID }) => ID === `${id}`);
      const figures = parseTemplate(Buffer.from(entry?.MONITOR ?? '', 'base64').toString());
      expect(Number(figures.get('CPU'))).toBeGreaterThan(0);
      expect(Number(figures.get('MEMORY'))).toBeGreaterThan(100);
      expect(Number(figures.get('MEMORY'))).toBeLessThan(64 * 1024);
      expect(figures.get('NETTX')).toMatch(/^\d+$/);
      expect(Number(figures.vectors('DISK_SIZE').find(({ ID }) => ID === '1')?.SIZE)).toBeGreaterThanOrEqual(8);
    });

    it('lets go of the disks of a VM that ended while nobody followed', async () => {
      await deploy('short');
      await host.sh(`docker wait one-${id}`);
      expect(await host.sh('/usr/lib/onedock/onedock-host-helper status')).toContain(`vms/${id}/media/1`);
      await using watcher = await watch();
      await watcher.until((report) => says('POWEROFF')(report) && !report.template.has('SYNC_STATE'));
      expect(await host.sh('/usr/lib/onedock/onedock-host-helper status')).not.toContain(`vms/${id}/media/1`);
    });
  });

  it('reports a container that ends by itself as POWEROFF without a pass over all, its disks whole', async () => {
    await deploy('web');
    await using watcher = await watch();
    await host.inVm(id, 'echo data >/media/1/file');
    const from = watcher.reports.length;
    await host.sh(`docker kill one-${id} >/dev/null`);
    const poweroff = await watcher.until(says('POWEROFF'), from);
    const types = watcher.reports.slice(from, watcher.reports.indexOf(poweroff)).map(({ type }) => type);
    expect(types).not.toContain('MONITOR_HOST');
    expect(await host.sh('/usr/lib/onedock/onedock-host-helper status')).not.toContain(`vms/${id}/media`);
    expect(await host.sh(`debugfs -R 'cat /file' /var/lib/one/datastores/0/${id}/disk.1 2>/dev/null`)).toBe('data');
  });

  describe('says how a container has ended', () => {
    const end = async (image: ImageName, command: string) => {
      await deploy(image);
      await using watcher = await watch();
      const from = watcher.reports.length;
      await host.sh(command);
      const { template } = await watcher.until(says('POWEROFF'), from);
      // Samples of the usual kind come as well.
      const figuresOf = (report: { readonly template: Template }) =>
        parseTemplate(Buffer.from(report.template.vectors('VM')[0]?.MONITOR ?? '', 'base64').toString());
      const figures = figuresOf(
        await watcher.until(
          (report) =>
            report.type === 'MONITOR_VM' &&
            report.text.includes(`ID="${id}"`) &&
            figuresOf(report).has('LAST_EXIT_CODE'),
          from,
        ),
      );
      return {
        reason: template.vectors('VM')[0]?.REASON,
        exitCode: figures.get('LAST_EXIT_CODE'),
        outOfMemory: figures.get('LAST_EXIT_OOM'),
      };
    };

    it('by its exit code', async () => {
      await expect(end('web', `docker stop --time 10 one-${id}`)).resolves.toEqual({
        exitCode: '0',
        outOfMemory: 'NO',
        reason: 'The container has ended with exit code 0.',
      });
    });

    it('by a signal', async () => {
      await expect(end('web', `docker kill --signal KILL one-${id}`)).resolves.toEqual({
        exitCode: '137',
        outOfMemory: 'NO',
        reason: 'The container has ended with exit code 137, by signal 9.',
      });
    });

    it.skipIf(SAYS_NOTHING_OF_MEMORY)('by its hunger for memory', async () => {
      await expect(
        end(
          'web',
          `docker exec one-${id} /bin/busybox sh -c 'echo -1000 >/proc/self/oom_score_adj; tail /dev/zero' || docker kill one-${id}`,
        ),
      ).resolves.toMatchObject({ outOfMemory: 'YES', reason: expect.stringContaining('memory was used up (MEMORY)') });
    });
  });

  it.skipIf(SAYS_NOTHING_OF_MEMORY)(
    'tells of a process that was killed for want of memory in a VM that goes on',
    async () => {
      await deploy('web');
      await using watcher = await watch();
      await host.sh(`docker exec one-${id} /bin/busybox tail /dev/zero || true`);
      const isSaid = ({ text }: { text: string }) => text.includes(`ID="${id}"`) && text.includes('memory was used up');
      const { template } = await watcher.until(isSaid);
      expect(template.vectors('VM')).toMatchObject([{ ID: `${id}`, STATE: 'UNKNOWN' }]);
      expect(await host.sh(`docker inspect -f '{{.State.Running}}' one-${id}`)).toBe('true');
    },
  );

  it('reports SUSPENDED and RUNNING', async () => {
    await deploy('web');
    await using watcher = await watch();
    await host.sh(`docker pause one-${id}`);
    await watcher.until(says('SUSPENDED'));
    const from = watcher.reports.length;
    await host.sh(`docker unpause one-${id}`);
    await watcher.until(says('RUNNING'), from);
  });

  it('reports a container that somebody removed as POWEROFF', async () => {
    await deploy('web');
    await using watcher = await watch();
    await host.sh(`docker rm -f one-${id}`);
    await watcher.until(says('POWEROFF'));
  });

  it('does not take a reboot for the end of a VM', async () => {
    await deploy('web');
    await using watcher = await watch();
    const from = watcher.reports.length;
    await act('reboot');
    await watcher.until(says('RUNNING'), from);
    await act('reset');
    await watcher.until(says('RUNNING'), watcher.reports.length);
    expect(statesOf(watcher, from)).not.toContain('POWEROFF');
  });

  it('says nothing of a VM before the shutdown that works on it has ended', async () => {
    await deploy('bare');
    await using watcher = await watch();
    const from = watcher.reports.length;
    let ended = false;
    const shutdown = act('shutdown').then(() => {
      ended = true;
    });
    const { at } = await watcher.until(
      (report) => says('POWEROFF')(report) && !report.template.has('SYNC_STATE'),
      from,
    );
    expect(ended).toBe(true);
    await shutdown;
    expect(at).toBeLessThanOrEqual(Date.now());
  });

  it('says nothing of containers that are none of ours', async () => {
    await host.sh(`docker run -d --name one-999 --network none ${host.images.web} sleep 1000`);
    await using watcher = await watch();
    await host.sh('docker rm -f one-999');
    await deploy('web');
    await watcher.until(says('RUNNING'));
    expect(watcher.reports.some(({ text }) => text.includes('one-999'))).toBe(false);
  });

  it('ends with an error when the engine goes away', async () => {
    await using other = await startTestCloudHost();
    await using otherDrivers = await startDrivers('in process', other.settings);
    const { promise: first, resolve } = Promise.withResolvers<void>();
    const watched = {
      id: 2,
      name: other.address,
      datastoreLocation: '/var/lib/one/datastores',
      systemDatastoreIds: [],
    };
    const ended = otherDrivers.monitor('onedock', watched, () => resolve(), new AbortController().signal);
    // It may end before the command has that ends the engine.
    const hasThrown = expect(ended).rejects.toThrow();
    await first;
    await other.sh('kill -9 $(cat /run/docker.pid)');
    await hasThrown;
  });

  it('ends with an error when the host cannot be reached', async () => {
    const watched = { id: 3, name: '127.0.0.1', datastoreLocation: '/', systemDatastoreIds: [] };
    const ended = drivers.monitor('onedock', watched, () => {}, new AbortController().signal);
    await expect(ended).rejects.toThrow();
  });
});

describe.skipIf(missing)('im/onedock, as executables', () => {
  it('has a probe for each message', async () => {
    await using host = await startTestCloudHost();
    await using drivers = await startDrivers('as an executable', host.settings);
    await host.sh(
      'ip link add vmbr0 type bridge; mkdir -p /var/lib/one/datastores/0; echo local >/var/lib/one/datastores/0/.monitor',
    );
    await host.placeDisks(5, 'web');
    const call = (family: 'im' | 'vmm', action: string, argv: string[], stdin: string) =>
      drivers.run({ family, driver: 'onedock', action, argv, stdin });
    await call(
      'vmm',
      'deploy',
      ['/var/lib/one/datastores/0/5/deployment.0', host.address],
      vmDocument({ id: 5, host: host.address }),
    );
    const configuration =
      '<MONITOR_CONFIGURATION><DATASTORE_LOCATION><![CDATA[/var/lib/one//datastores]]></DATASTORE_LOCATION></MONITOR_CONFIGURATION>';
    const probe = async (name: string) =>
      parseTemplate(`${await call('im', name, ['onedock', '1', host.address], configuration)}\n`);
    const [system, monitor, state, vms] = await Promise.all(['system', 'monitor', 'state', 'vms'].map(probe));
    expect(system?.get('HYPERVISOR')).toBe('docker');
    expect(system?.vectors('DS').map(({ ID }) => ID)).toEqual(['0']);
    expect(Number(monitor?.get('FREEMEMORY'))).toBeGreaterThan(0);
    expect(state?.get('SYNC_STATE')).toBe('yes');
    expect(state?.vectors('VM')).toEqual([{ ID: '5', DEPLOY_ID: 'one-5', STATE: 'RUNNING' }]);
    expect(vms?.vectors('VM').map(({ ID }) => ID)).toEqual(['5']);
  });
});
