import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriverRunner } from '../../../src/drivers/contract/driver-runner.ts';
import type { TmAction } from '../../../src/drivers/contract/families.ts';
import { parseDiskMarker } from '../../../src/drivers/registry/disk-marker.ts';
import { ImageRegistry } from '../../../src/drivers/registry/image-registry.ts';
import { parseSettings } from '../../../src/drivers/settings.ts';
import { IS_PODMAN, noDockerHost, type TestDockerHost } from '../../support/docker-host.ts';
import { startCloud, type TestCloud } from '../../support/docker-hosts.ts';
import { startDrivers, WAYS } from '../../support/driver-ways.ts';
import { type TestImage, writeOciLayout } from '../../support/images.ts';
import { registryMissing } from '../../support/registry.ts';

const MB = 2 ** 20;
const missing = noDockerHost() ?? registryMissing();
if (missing) console.warn(`Skipped: ${missing}.`);

const COMMAND = ['/bin/busybox', 'sleep', '1000'];
const FRONTEND = hostname();
/** OpenNebula's default has a double slash, which stays in all paths. */
const ON_HOST = '/var/lib/one//datastores/0';

describe.skipIf(missing)('transfer drivers', () => {
  let cloud: TestCloud;
  let registry: ImageRegistry;
  let here: TestDockerHost;
  let there: TestDockerHost;
  let directory: string;
  let nextId = 0;
  let imageId: string;
  let vm: string;

  beforeAll(async () => {
    cloud = await startCloud(2);
    [here, there] = cloud.hosts as [TestDockerHost, TestDockerHost];
    registry = new ImageRegistry(parseSettings(JSON.stringify(cloud.settings)));
    directory = await mkdtemp(join(tmpdir(), 'onedock-tm-'));
    await writeOciLayout(join(directory, 'layout'), image());
  });
  afterAll(async () => {
    await registry[Symbol.asyncDispose]();
    await cloud[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });
  beforeEach(() => {
    vm = String(++nextId);
    imageId = vm;
  });

  const register = () => registry.copy(`oci:${join(directory, 'layout')}`, registry.referenceOfImage(imageId));
  const source = () => `docker://${cloud.registry.server}/onedock/image-${imageId}:latest`;
  const at = (host: TestDockerHost | 'front-end', file?: string) => {
    const folder = host === 'front-end' ? `${FRONTEND}:${directory}/datastores/0` : `${host.address}:${ON_HOST}`;
    return file === undefined ? `${folder}/${vm}` : `${folder}/${vm}/${file}`;
  };
  /** A file of the VM on a host. */
  const cat = (host: TestDockerHost, file: string) => host.sh(`cat ${ON_HOST}/${vm}/${file}`);
  const exists = (host: TestDockerHost, path: string) => host.sh(`[ -e ${path} ] && echo yes || echo no`);
  const containers = (host: TestDockerHost) => host.sh(`docker ps -aq --filter name=^one-${vm}$`);
  const imageOf = async (host: TestDockerHost) => (await cat(host, 'disk.0')).replace('docker://', '');
  /** What DEPLOY, work and SHUTDOWN leave on a host: a container that has ended, with a file that it wrote. */
  const useVm = async (host: TestDockerHost, text: string) => {
    const write = `/bin/busybox sh -c "echo ${text} >>/state"`;
    await host.sh(`docker run --name one-${vm} --network none --entrypoint '' ${await imageOf(host)} ${write}`);
  };
  const stateOf = async (host: TestDockerHost) =>
    host.sh(`docker run --rm --network none --entrypoint '' ${await imageOf(host)} /bin/busybox cat /state`);

  describe.each(WAYS)('%s', (way) => {
    let drivers: DriverRunner;
    beforeAll(async () => {
      drivers = await startDrivers(way, { ...cloud.settings, host: { imagesMb: 0 } });
    });
    afterAll(() => drivers[Symbol.asyncDispose]());

    const run = (
      driver: 'onedock' | 'local',
      action: TmAction | `${TmAction}.local`,
      argv: readonly string[],
      stdin = '',
    ) => drivers.run({ family: 'tm', driver, action, argv: [...argv, vm, '0'], stdin });

    describe('onedock', () => {
      it('clone makes the image ready on the host, and a marker that names it by digest', async () => {
        await register();
        await run('onedock', 'clone.local', [source(), at(here, 'disk.0')]);
        const marker = parseDiskMarker(await cat(here, 'disk.0'));
        expect(marker?.digest).toBe(await registry.findDigest(registry.referenceOfImage(imageId)));
        expect(await here.sh(`docker image inspect -f '{{.Architecture}}' ${await imageOf(here)}`)).toBe('amd64');
      });

      it('clone brings one image to many VMs at once', async () => {
        await register();
        await Promise.all(
          Array.from({ length: 8 }, (_, i) => run('onedock', 'clone', [source(), at(here, `disk.${i}`)])),
        );
        expect(new Set(await Promise.all([0, 7].map((i) => cat(here, `disk.${i}`)))).size).toBe(1);
      });

      it('clone of an image that the host has needs no network of it', async () => {
        await register();
        await run('onedock', 'clone', [source(), at(here, 'disk.0')]);
        const port = cloud.registry.server.split(':').at(-1);
        await here.sh(`nft 'add table inet cut; add chain inet cut out { type filter hook output priority 0; }'
          nft 'add rule inet cut out tcp dport ${port} reject with tcp reset'`);
        try {
          await run('onedock', 'clone', [source(), at(here, 'disk.1')]);
          expect(await cat(here, 'disk.1')).toBe(await cat(here, 'disk.0'));
          imageId = `${imageId}-other`;
          await registry.clone(registry.parse(source().replace('-other', '')), registry.parse(source()));
          await expect(run('onedock', 'clone', [source(), at(here, 'disk.2')])).rejects.toThrow('could not be pulled');
        } finally {
          await here.sh('nft delete table inet cut');
        }
      });

      it('clone has images go that no VM uses and the registry has not, when there are too many', async () => {
        await register();
        await run('onedock', 'clone', [source(), at(here, 'disk.0')]);
        const [used, unused] = [await imageOf(here), `image-${imageId}-other`];
        // One that is as gone from the registry, and on no disk.
        await registry.clone(registry.referenceOfImage(imageId), {
          ...registry.referenceOfImage('gone'),
          tag: 'latest',
        });
        const gone = used.replace(/image-\d+@/, 'image-gone@');
        const login = await registry.credentials();
        await here.sh(
          `docker login -u ${login?.user} -p ${login?.password} ${cloud.registry.server} 2>&1; docker pull -q ${gone}`,
        );
        await registry.delete(registry.referenceOfImage('gone'));
        await registry.delete(registry.referenceOfImage(imageId));
        const images = () => here.sh('docker image inspect --format "{{.RepoDigests}}" $(docker images --quiet)');
        expect(await images()).toContain(gone);

        imageId = unused;
        await register();
        await run('onedock', 'clone', [source(), at(here, 'disk.1')]);
        // Podman takes both names for one image, which is in use.
        if (!IS_PODMAN) expect(await images()).not.toContain(gone);
        expect(await images()).toContain(used);
        expect(await images()).toContain(unused);
      });

      it('clone says that an image is gone', async () => {
        const cloned = run('onedock', 'clone', [source(), at(here, 'disk.0')]);
        await expect(cloned).rejects.toThrow(`image-${imageId}:latest is not in the registry`);
        expect(await exists(here, `${ON_HOST}/${vm}/disk.0`)).toBe('no');
      });

      it('ln brings the file of a data disk, with its holes', async () => {
        await writeFile(join(directory, 'data'), 'begin');
        await truncate(join(directory, 'data'), 8 * MB);
        await run('onedock', 'ln', [`${FRONTEND}:${directory}/data`, at(here, 'disk.1')]);
        expect(await here.sh(`stat -c %s ${ON_HOST}/${vm}/disk.1; head -c 5 ${ON_HOST}/${vm}/disk.1`)).toBe(
          `${8 * MB}\nbegin`,
        );
        expect(Number(await here.sh(`stat -c %b ${ON_HOST}/${vm}/disk.1`)) * 512).toBeLessThan(MB);
      });

      it('delete removes the container with the root disk, and the directory; again is no error', async () => {
        await register();
        await run('onedock', 'clone', [source(), at(here, 'disk.0')]);
        await useVm(here, 'x');
        for (const _ of [1, 2]) {
          await run('onedock', 'delete', [at(here, 'disk.0')]);
          await run('onedock', 'delete', [at(here)]);
        }
        expect(await containers(here)).toBe('');
        expect(await exists(here, `${ON_HOST}/${vm}`)).toBe('no');
      });

      it('delete of a data disk leaves the container alone', async () => {
        await register();
        await run('onedock', 'clone', [source(), at(here, 'disk.0')]);
        await useVm(here, 'x');
        await run('onedock', 'delete', [at(here, 'disk.1')]);
        expect(await containers(here)).not.toBe('');
      });

      it.each(['/etc/passwd', '/var/lib/one/datastores/0', '/var/lib/one/datastores/0/9999/disk.0', '/'])(
        'delete leaves %s alone',
        async (path) => {
          await expect(run('onedock', 'delete', [`${here.address}:${path}`])).rejects.toThrow('is no path of VM');
        },
      );

      it('mv takes a container to the front-end and on to another host, with what it wrote', async () => {
        await register();
        await run('onedock', 'clone', [source(), at(here, 'disk.0')]);
        await useVm(here, 'first');
        for (const _ of [1, 2]) await run('onedock', 'mv', [at(here, 'disk.0'), at('front-end', 'disk.0')]);
        expect(await containers(here)).toBe('');

        for (const _ of [1, 2]) await run('onedock', 'mv', [at('front-end', 'disk.0'), at(there, 'disk.0')]);
        expect(await stateOf(there)).toBe('first');

        await useVm(there, 'second');
        await run('onedock', 'mv', [at(there, 'disk.0'), at(here, 'disk.0')]);
        expect(await stateOf(here)).toBe('first\nsecond');
        expect(await exists(there, `${ON_HOST}/${vm}/disk.0`)).toBe('no');

        await run('onedock', 'delete', [at(here, 'disk.0')]);
        expect(await registry.findDigest(registry.referenceOfVm(vm))).toBeUndefined();
      });

      it('mv of a VM that never ran takes its image to the other host', async () => {
        await register();
        await run('onedock', 'clone', [source(), at(here, 'disk.0')]);
        const marker = await cat(here, 'disk.0');
        await run('onedock', 'mv', [at(here, 'disk.0'), at(there, 'disk.0')]);
        expect(await cat(there, 'disk.0')).toBe(marker);
        expect(await registry.findDigest(registry.referenceOfVm(vm))).toBeUndefined();
      });

      it('mvds writes a container back into its image, which is run as before', async () => {
        await register();
        await run('onedock', 'ln', [source(), at(here, 'disk.0')]);
        const before = await registry.findDigest(registry.referenceOfImage(imageId));
        await useVm(here, 'saved');
        await run('onedock', 'mvds', [at(here, 'disk.0'), source()]);
        const after = await registry.findDigest(registry.referenceOfImage(imageId));
        expect(after).not.toBe(before);
        expect(await containers(here)).toBe('');
        await run('onedock', 'mvds', [at(here, 'disk.0'), source()]);
        expect(await registry.findDigest(registry.referenceOfImage(imageId))).toBe(after);

        await run('onedock', 'ln', [source(), at(there, 'disk.0')]);
        expect(await stateOf(there)).toBe('saved');
        const command = await there.sh(
          `docker image inspect -f '{{json .Config.Cmd}} {{json .Config.Env}}' ${await imageOf(there)}`,
        );
        expect(command).toBe(`${JSON.stringify(COMMAND)} ["COLOUR=green"]`);
      });

      it('mvds sends what the VM has written, and no layer that the registry has', async () => {
        await register();
        await run('onedock', 'ln', [source(), at(here, 'disk.0')]);
        const write = `/bin/busybox sh -c "head -c ${2 * MB} /dev/urandom >/state"`;
        await here.sh(`docker run --name one-${vm} --network none --entrypoint '' ${await imageOf(here)} ${write}`);
        const sent = async () => Number(await here.sh('cat /sys/class/net/eth0/statistics/tx_bytes'));
        const before = await sent();
        await run('onedock', 'mvds', [at(here, 'disk.0'), source()]);
        const bytes = (await sent()) - before;
        expect(bytes).toBeGreaterThan(2 * MB);
        // Headers and conversation are less than half of the image, whose compressed layer is 1 MB.
        expect(bytes).toBeLessThan(2.5 * MB);
      });

      it('mvds saves the state of a VM that was stopped and not started again', async () => {
        await register();
        await run('onedock', 'ln', [source(), at(here, 'disk.0')]);
        await useVm(here, 'stopped');
        await run('onedock', 'mv', [at(here, 'disk.0'), at('front-end', 'disk.0')]);
        await run('onedock', 'mvds', [at('front-end', 'disk.0'), source()]);
        expect(await registry.findDigest(registry.referenceOfVm(vm))).toBeUndefined();
        await run('onedock', 'ln', [source(), at(there, 'disk.0')]);
        expect(await stateOf(there)).toBe('stopped');
      });

      it('resize leaves the root disk of a container alone', async () => {
        await expect(run('onedock', 'resize', [at(here, 'disk.0'), '100'])).rejects.toThrow('Operation not supported');
      });
    });

    describe('local', () => {
      it('mkimage makes a blank disk, or one with the file system that the VM names', async () => {
        const disks = [{ id: 1 }, { id: 2, fs: 'ext4' }];
        const document = `<VM><TEMPLATE>${disks.map(({ id, fs = '' }) => `<DISK><DISK_ID>${id}</DISK_ID><FS>${fs}</FS></DISK>`).join('')}</TEMPLATE></VM>`;
        for (const { id } of disks) await run('local', 'mkimage', ['16', 'raw', at(here, `disk.${id}`)], document);
        expect(await here.sh(`stat -c %s ${ON_HOST}/${vm}/disk.1`)).toBe(String(16 * MB));
        const kinds = await here.sh(
          `for i in 1 2; do blkid -p -o value -s TYPE ${ON_HOST}/${vm}/disk.$i || echo none; done`,
        );
        expect(kinds).toBe('none\next4');
      });

      it('mkimage refuses other formats than raw', async () => {
        await expect(run('local', 'mkimage', ['16', 'qcow2', at(here, 'disk.1')])).rejects.toThrow('of format qcow2');
      });

      it('mkswap makes swap space', async () => {
        await run('local', 'mkswap', ['16', at(here, 'disk.1')]);
        expect(await here.sh(`blkid -p -o value -s TYPE ${ON_HOST}/${vm}/disk.1`)).toBe('swap');
      });

      it('clone, mv and mvds move the file of a disk', async () => {
        await writeFile(join(directory, `image-${vm}`), 'original');
        await run('local', 'clone', [`${FRONTEND}:${directory}/image-${vm}`, at(here, 'disk.1')]);
        await here.sh(`printf changed >${ON_HOST}/${vm}/disk.1`);
        for (const _ of [1, 2]) await run('local', 'mv', [at(here, 'disk.1'), at(there, 'disk.1')]);
        expect(await exists(here, `${ON_HOST}/${vm}/disk.1`)).toBe('no');
        for (const _ of [1, 2]) await run('local', 'mvds', [at(there, 'disk.1'), `${directory}/image-${vm}`]);
        expect(await readFile(join(directory, `image-${vm}`), 'utf8')).toBe('changed');
        expect(await exists(there, `${ON_HOST}/${vm}/disk.1`)).toBe('no');
      });

      it('mv takes what is left of the directory along', async () => {
        const path = `${ON_HOST}/${vm}`;
        await here.sh(
          `mkdir -p ${path}/disk.2 && echo x >${path}/disk.2/context.sh && echo y >${path}/vm.xml && chown -R oneadmin ${path}`,
        );
        for (const _ of [1, 2]) await run('local', 'mv', [at(here), at('front-end')]);
        expect(await readFile(join(directory, 'datastores/0', vm, 'disk.2/context.sh'), 'utf8')).toBe('x\n');
        await run('local', 'mv', [at('front-end'), at(there)]);
        expect(await cat(there, 'vm.xml')).toBe('y');
        expect(await exists(here, path)).toBe('no');
        await expect(stat(join(directory, 'datastores/0', vm))).rejects.toThrow('ENOENT');
      });

      it('mv says that a disk is nowhere', async () => {
        await expect(run('local', 'mv', [at(here, 'disk.1'), at(there, 'disk.1')])).rejects.toThrow('There is no disk');
      });

      it('context brings files under the names that they are to have, in place of earlier ones', async () => {
        await mkdir(join(directory, vm));
        const file = async (name: string, text: string) => {
          await writeFile(join(directory, vm, name), text);
          return join(directory, vm, name);
        };
        const old = await file('old', 'old');
        const contextFile = await file('context.sh', "A='b'\n");
        const init = await file('f00d', '#!/bin/sh\n');
        await run('local', 'context', [old, at(here, 'disk.2')]);
        await run('local', 'context', [contextFile, `${init}:'init.sh'`, at(here, 'disk.2')]);
        expect(await here.sh(`cd ${ON_HOST}/${vm}/disk.2 && head *`)).toBe(
          "==> context.sh <==\nA='b'\n\n==> init.sh <==\n#!/bin/sh",
        );
      });

      it('context brings directories and large files too', async () => {
        const folder = join(directory, vm, 'folder');
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, 'large'), 'x'.repeat(2 * MB));
        await run('local', 'context', [folder, join(folder, 'large'), at(here, 'disk.2')]);
        expect(await here.sh(`cd ${ON_HOST}/${vm}/disk.2 && stat -c '%n %s' large folder/large`)).toBe(
          `large ${2 * MB}\nfolder/large ${2 * MB}`,
        );
      });

      it('context says which file is missing', async () => {
        const delivered = run('local', 'context', [join(directory, 'none'), at(here, 'disk.2')]);
        await expect(delivered).rejects.toThrow(`The context file ${directory}/none cannot be read.`);
      });

      it('resize makes a disk and its file system larger, and never smaller', async () => {
        await run('local', 'mkimage', ['16', 'raw', at(here, 'disk.1')], '<VM/>');
        await here.sh(`mkfs.ext4 -q ${ON_HOST}/${vm}/disk.1`);
        for (const size of ['32', '20']) await run('local', 'resize', [at(here, 'disk.1'), size]);
        expect(await here.sh(`stat -c %s ${ON_HOST}/${vm}/disk.1`)).toBe(String(32 * MB));
        const blocks = await here.sh(
          `dumpe2fs -h ${ON_HOST}/${vm}/disk.1 2>/dev/null | sed -n 's/^Block count: *//p;s/^Block size: *//p'`,
        );
        expect(blocks.split('\n').reduce((product, number) => product * Number(number), 1)).toBe(32 * MB);
      });

      it('delete removes a file or all of the directory; again is no error', async () => {
        await run('local', 'mkswap', ['1', at(here, 'disk.1')]);
        for (const file of ['disk.1', 'disk.1', undefined, undefined]) await run('local', 'delete', [at(here, file)]);
        expect(await exists(here, `${ON_HOST}/${vm}`)).toBe('no');
      });

      it('refuses container images, and what it cannot do', async () => {
        await expect(run('local', 'clone', [source(), at(here, 'disk.0')])).rejects.toThrow('cannot bring docker://');
        await expect(run('local', 'prebackup', ['a', 'b', 'c', 'd'])).rejects.toThrow('Operation not supported');
      });
    });
  });
});

function image(): TestImage {
  return {
    layers: [{ 'bin/busybox': readFileSync('/bin/busybox') }],
    config: { Cmd: COMMAND, Env: ['COLOUR=green'] },
  };
}
