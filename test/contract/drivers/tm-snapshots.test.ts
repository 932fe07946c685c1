import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriverRunner } from '../../../src/drivers/contract/driver-runner.ts';
import type { TmAction } from '../../../src/drivers/contract/families.ts';
import { ImageRegistry } from '../../../src/drivers/registry/image-registry.ts';
import { parseSettings } from '../../../src/drivers/settings.ts';
import { noDockerHost, type TestDockerHost } from '../../support/docker-host.ts';
import { startCloud, type TestCloud } from '../../support/docker-hosts.ts';
import { startDrivers, WAYS } from '../../support/driver-ways.ts';
import { writeOciLayout } from '../../support/images.ts';
import { registryMissing } from '../../support/registry.ts';
import { type VmmDriver, vmmDriver } from '../../support/vmm-driver.ts';

const FRONTEND = hostname();
const ON_HOST = '/var/lib/one/datastores/0';
const SAVE_SUSPEND = 6;

describe.skipIf(noDockerHost() ?? registryMissing()).each(WAYS)('snapshots and copies of disks, %s', (way) => {
  let cloud: TestCloud;
  let registry: ImageRegistry;
  let drivers: DriverRunner;
  let vmm: VmmDriver;
  let here: TestDockerHost;
  let there: TestDockerHost;
  let directory: string;
  let source: string;
  let id = 20;

  beforeAll(async () => {
    cloud = await startCloud(2);
    [here, there] = cloud.hosts as [TestDockerHost, TestDockerHost];
    registry = new ImageRegistry(parseSettings(JSON.stringify(cloud.settings)));
    drivers = await startDrivers(way, { ...cloud.settings, timeouts: { shutdownSeconds: 1 } });
    vmm = vmmDriver(drivers, here.address);
    directory = await mkdtemp(join(tmpdir(), 'onedock-tm-'));
    const applets = ['sh', 'cat', 'sleep', 'rm', 'ls', 'mkdir'].map((name) => [`bin/${name}`, { linkTo: 'busybox' }]);
    await writeOciLayout(join(directory, 'layout'), {
      layers: [{ 'bin/busybox': readFileSync('/bin/busybox'), ...Object.fromEntries(applets) }],
      config: { Cmd: ['sleep', '1000'], Env: ['COLOUR=green'] },
    });
    const image = registry.referenceOfImage(1);
    await registry.copy(`oci:${join(directory, 'layout')}`, image);
    source = `docker://${image.server}/${image.repository}:latest`;
  });
  afterAll(async () => {
    await drivers?.[Symbol.asyncDispose]();
    await registry?.[Symbol.asyncDispose]();
    await cloud?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });
  beforeEach(() => {
    id++;
  });

  const at = (host: TestDockerHost | 'front-end', file?: string) => {
    const place = host === 'front-end' ? `${FRONTEND}:${directory}/datastores/0` : `${host.address}:${ON_HOST}`;
    return [place, id, file].filter((part) => part !== undefined).join('/');
  };
  const tm = (action: TmAction, ...argv: string[]) =>
    drivers.run({ family: 'tm', driver: 'onedock', action, argv: [...argv, `${id}`, '0'], stdin: '<VM/>' });
  const vm = (more: object = {}) => ({ id, disks: [{}, {}], ...more });
  const inVm = (script: string, host = here) => host.sh(`docker exec one-${id} sh -c '${script}'`);
  const write = (text: string) => inVm(`echo ${text} >/state; echo ${text} >/media/1/state`);
  const states = (host = here) => inVm('cat /state /media/1/state', host);
  const start = async () => {
    await tm('clone', source, at(here, 'disk.0'));
    await tm('mkimage', '16', 'raw', at(here, 'disk.1'));
    await vmm.deploy(vm());
  };
  const stop = () => vmm.run('shutdown', vm(), here.address);
  const end = async () => {
    for (const file of ['disk.0', 'disk.1', undefined]) await tm('delete', at(here, file));
  };
  /** What the VM has left anywhere. */
  const leftovers = async () => {
    const onHost = async (host: TestDockerHost) => {
      const script = `docker ps -a --format {{.Names}} | grep one-${id}; docker images --format {{.Repository}} | grep onedock/vm-${id}; ls -d ${ON_HOST}/${id} 2>/dev/null; true`;
      return host.sh(script);
    };
    const names = (await Array.fromAsync(registry.own.repositories())).filter((name) =>
      name.startsWith(`onedock/vm-${id}`),
    );
    const kept = await Promise.all(names.map((name) => registry.own.findDigest(name, 'latest')));
    return [await onHost(here), await onHost(there), ...kept.filter((digest) => digest !== undefined)].join('');
  };

  it('a VM that is off goes back to a snapshot of its disks, and leaves nothing', async () => {
    await start();
    await write('first');
    await stop();
    for (const disk of ['disk.0', 'disk.1']) for (const _ of [1, 2]) await tm('snap_create', at(here, disk), '0');
    await vmm.deploy(vm());
    await write('second');
    await stop();
    for (const disk of ['disk.0', 'disk.1']) for (const _ of [1, 2]) await tm('snap_revert', at(here, disk), '0');
    await vmm.deploy(vm());
    expect(await states()).toBe('first\nfirst');
    await stop();
    await end();
    expect(await leftovers()).toBe('');
  });

  it('snapshots of a running VM are of one moment each, and it goes on', async () => {
    await start();
    await write('first');
    for (const disk of ['disk.0', 'disk.1']) await tm('snap_create_live', at(here, disk), '0');
    expect(await here.sh(`docker inspect -f '{{.State.Status}}' one-${id}`)).toBe('running');
    await write('second');
    await stop();
    for (const disk of ['disk.0', 'disk.1']) await tm('snap_revert', at(here, disk), '0');
    await vmm.deploy(vm());
    expect(await states()).toBe('first\nfirst');
    await stop();
    await end();
  });

  it('a disk that stands on a snapshot gets a further one, and so on', async () => {
    await start();
    for (const snapshot of ['0', '1', '2']) {
      await inVm(`echo ${snapshot} >>/state`);
      await stop();
      await tm('snap_create', at(here, 'disk.0'), snapshot);
      await tm('snap_revert', at(here, 'disk.0'), snapshot);
      await vmm.deploy(vm());
    }
    expect(await inVm('cat /state')).toBe('0\n1\n2');
    await stop();
    await tm('snap_revert', at(here, 'disk.0'), '1');
    await vmm.deploy(vm());
    expect(await inVm('cat /state')).toBe('0\n1');
    await stop();
    await end();
    expect(await leftovers()).toBe('');
  });

  it('a snapshot can be deleted, also the one that the disk stands on', async () => {
    await start();
    await write('first');
    await stop();
    await tm('snap_create', at(here, 'disk.0'), '0');
    await tm('snap_revert', at(here, 'disk.0'), '0');
    await vmm.deploy(vm());
    for (const _ of [1, 2]) await tm('snap_delete', at(here, 'disk.0'), '0');
    await stop();
    await vmm.deploy(vm());
    expect(await states()).toBe('first\nfirst');
    await stop();
    await end();
    expect(await leftovers()).toBe('');
  });

  it('a VM takes its snapshots along to another host', async () => {
    await start();
    await write('first');
    await stop();
    for (const disk of ['disk.0', 'disk.1']) await tm('snap_create', at(here, disk), '0');
    await vmm.deploy(vm());
    await write('second');
    await stop();
    for (const file of ['disk.0', 'disk.1', undefined]) await tm('mv', at(here, file), at('front-end', file));
    for (const file of ['disk.0', 'disk.1', undefined]) await tm('mv', at('front-end', file), at(there, file));
    for (const disk of ['disk.0', 'disk.1']) await tm('snap_revert', at(there, disk), '0');
    const other = vmmDriver(drivers, there.address);
    await other.deploy(vm());
    expect(await states(there)).toBe('first\nfirst');
    await other.run('cancel', vm(), there.address);
    for (const file of ['disk.0', 'disk.1', undefined]) await tm('delete', at(there, file));
    expect(await leftovers()).toBe('');
  });

  it('a snapshot that is not there is refused, and the disk stays', async () => {
    await start();
    await write('first');
    await stop();
    for (const disk of ['disk.0', 'disk.1'])
      await expect(tm('snap_revert', at(here, disk), '3')).rejects.toThrow('There is no snapshot');
    await expect(tm('snap_create', at(here, 'disk.1'), '../x')).rejects.toThrow('is no number of a snapshot');
    await vmm.deploy(vm());
    expect(await states()).toBe('first\nfirst');
    await stop();
    await end();
  });

  it('disks of a running VM, and snapshots of them, are saved as images', async () => {
    await start();
    await write('first');
    for (const disk of ['disk.0', 'disk.1']) await tm('snap_create_live', at(here, disk), '0');
    await write('second');
    const images = [2, 3].map((number) => registry.referenceOfImage(`${id}${number}`));
    const [saved = '', snapshot = ''] = images.map(
      ({ server, repository }) => `docker://${server}/${repository}:latest`,
    );
    await tm('cpds', at(here, 'disk.0'), saved, '-1');
    await tm('cpds', at(here, 'disk.0'), snapshot, '0');
    await tm('cpds', at(here, 'disk.1'), join(directory, `${id}-saved`), '-1');
    await tm('cpds', at(here, 'disk.1'), join(directory, `${id}-snapshot`), '0');
    expect(await states()).toBe('second\nsecond');
    await stop();
    await end();

    for (const [image, text] of [
      [saved, 'second'],
      [snapshot, 'first'],
    ] as const) {
      await tm('clone', image, at(there, 'disk.0'));
      const name = (await there.sh(`cat ${ON_HOST}/${id}/disk.0`)).replace('docker://', '');
      expect(await there.sh(`docker run --rm --network none ${name} cat /state`)).toBe(text);
      expect(await there.sh(`docker image inspect -f '{{.Config.Cmd}} {{.Config.Env}}' ${name}`)).toBe(
        '[sleep 1000] [COLOUR=green]',
      );
    }
    for (const [file, text] of [
      ['saved', 'second'],
      ['snapshot', 'first'],
    ] as const)
      expect(
        await here.sh(
          `e2fsck -fy ${directory}/${id}-${file} >/dev/null 2>&1; debugfs -R 'cat /state' ${directory}/${id}-${file} 2>/dev/null`,
        ),
      ).toBe(text);
    expect(await here.sh(`ls ${ON_HOST}/${id} 2>/dev/null || true`)).toBe('');
  });

  it('a suspended VM can leave its host, with its files', async () => {
    await start();
    await write('kept');
    await vmm.run('save', vm({ lcmState: SAVE_SUSPEND }), '/checkpoint', here.address);
    for (const file of ['disk.1', 'disk.0', undefined]) await tm('mv', at(here, file), at(there, file));
    const other = vmmDriver(drivers, there.address);
    await other.deploy(vm());
    expect(await states(there)).toBe('kept\nkept');
    await other.run('cancel', vm(), there.address);
    for (const file of ['disk.0', 'disk.1', undefined]) await tm('delete', at(there, file));
    expect(await leftovers()).toBe('');
  });

  it('a disk that a running VM holds is not moved away under it', async () => {
    await start();
    await write('kept');
    await expect(tm('mv', at(here, 'disk.1'), at(there, 'disk.1'))).rejects.toThrow('is mounted in a running VM');
    expect(await states()).toBe('kept\nkept');
    await stop();
    await end();
    expect((await readFile('/proc/mounts', 'utf8')).includes(`vms/${id}/`)).toBe(false);
  });
});
