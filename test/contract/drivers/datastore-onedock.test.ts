import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriverRunner } from '../../../src/drivers/contract/driver-runner.ts';
import type { DatastoreAction } from '../../../src/drivers/contract/families.ts';
import { toMegabytes } from '../../../src/drivers/registry/image-description.ts';
import { ImageRegistry } from '../../../src/drivers/registry/image-registry.ts';
import { describeRemoteImage } from '../../../src/drivers/registry/remote-image.ts';
import { parseSettings } from '../../../src/drivers/settings.ts';
import { IMAGE_TYPE } from '../../../src/opennebula/numbers.ts';
import { findText, parseXml } from '../../../src/opennebula/xml.ts';
import { type DatastoreFields, datastoreRequest, type ImageFields } from '../../support/datastore-requests.ts';
import { startDrivers, WAYS } from '../../support/driver-ways.ts';
import {
  saveAsDocker19,
  saveAsDocker20,
  saveAsDocker25,
  type TestImage,
  tar,
  writeOciLayout,
} from '../../support/images.ts';
import { registryMissing, startRegistry, storedBytes, type TestRegistry } from '../../support/registry.ts';
import { startWebServer, type WebServer } from '../../support/web-server.ts';

const { OS, DATABLOCK, CDROM } = IMAGE_TYPE;
const MB = 2 ** 20;
const missing = registryMissing();

const IMAGE: TestImage = {
  layers: [
    { 'bin/app': randomBytes(1.5 * MB) },
    { 'etc/app.conf': 'x'.repeat(MB) },
    { 'etc/app.conf': 'x'.repeat(MB) },
  ],
};
/** Two megabytes of text and one and a half of noise, and what tar adds. */
const IMAGE_MB = '4';
const MOST_DOWNLOAD_MB = 6;

describe.skipIf(missing).each(WAYS)('datastore/onedock, %s', (way) => {
  let own: TestRegistry;
  let hub: TestRegistry;
  let web: WebServer;
  let registry: ImageRegistry;
  let drivers: DriverRunner;
  let directory: string;
  let datastore: DatastoreFields;
  let nextId = 1;
  let id: string;

  beforeAll(async () => {
    [own, hub, web, directory] = await Promise.all([
      startRegistry(),
      startRegistry({ password: false }),
      startWebServer(),
      mkdtemp(join(tmpdir(), 'onedock-datastore-')),
    ]);
    const { server, caFile, user, passwordFile, dataDirectory, collectorFolder } = own;
    const settings = {
      registry: { server, caFile, user, passwordFile, dataDirectory, collectorFolder },
      hub: { server: hub.server, caFile: hub.caFile },
      images: { downloadMb: MOST_DOWNLOAD_MB },
    };
    registry = new ImageRegistry(parseSettings(JSON.stringify(settings)));
    drivers = await startDrivers(way, settings);
    datastore = {
      BASE_PATH: `${directory}//datastores/100`,
      TEMPLATE: { SAFE_DIRS: `${directory}/safe`, RESTRICTED_DIRS: '/' },
    };
    await mkdir(join(directory, 'safe'));
    await writeOciLayout(safe('layout'), IMAGE);
    await pushToHub('test/app:1', IMAGE);
  });
  afterAll(async () => {
    await drivers[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
    await Promise.all([own, hub, web].map((server) => server[Symbol.asyncDispose]()));
    await rm(directory, { recursive: true });
  });
  beforeEach(() => {
    id = String(nextId++);
  });

  const safe = (name: string) => join(directory, 'safe', name);
  const run = (action: DatastoreAction, image?: ImageFields) =>
    drivers.run({
      family: 'datastore',
      driver: 'onedock',
      action,
      argv: [id],
      stdin: datastoreRequest(datastore, image),
    });
  const sourceOf = (imageId: string) => `docker://${own.server}/onedock/image-${imageId}:latest`;
  const digestOf = (imageId: string) => registry.own.findDigest(`onedock/image-${imageId}`, 'latest');

  async function pushToHub(name: string, image: TestImage) {
    const layout = await mkdtemp(join(directory, 'layout-'));
    const toHub = { server: hub.server, caFile: hub.caFile };
    await using pushing = new ImageRegistry(parseSettings(JSON.stringify({ registry: toHub, hub: toHub })));
    await writeOciLayout(layout, image);
    await pushing.copy(`oci:${layout}`, pushing.parse(name));
  }

  describe('cp', () => {
    it.each([
      ['an image of the hub', async () => 'docker://test/app:1'],
      [
        'an image by its digest',
        async () => `docker://test/app@${await registry.client(hub.server).findDigest('test/app', '1')}`,
      ],
      ['an image with its server', async () => `docker://${hub.server}/test/app:1`],
      ["a URL of OpenNebula's retired marketplace", async () => 'docker://test/app?size=256&format=raw&tag=1'],
      [
        'a `docker save` archive of Docker 20',
        async () => file('d20.tar', saveAsDocker20(IMAGE, ['app:1', 'app:latest'])),
      ],
      ['a `docker save` archive of Docker 25', async () => file('d25.tar', saveAsDocker25(IMAGE))],
      ['a compressed archive', async () => file('d20.tar.gz', gzipSync(saveAsDocker20(IMAGE)))],
      ['an OCI layout directory', async () => safe('layout')],
    ])('brings %s into the registry, with its true size', async (_, path) => {
      const PATH = await path();
      expect(await run('stat', { PATH })).toBe(IMAGE_MB);
      expect(await run('cp', { PATH, TYPE: OS })).toBe(`${sourceOf(id)} raw`);
      expect(await digestOf(id)).toMatch(/^sha256:/);
    });

    it('makes the volumes of an image part of the root disk, and leaves the rest of its configuration', async () => {
      await writeOciLayout(safe(`volumes-${id}`), {
        ...IMAGE,
        config: { Cmd: ['/bin/app'], Volumes: { '/data': {} } },
      });
      await run('cp', { PATH: safe(`volumes-${id}`), TYPE: OS });
      const manifest = await registry.own.findManifest(`onedock/image-${id}`, 'latest');
      const { digest } = JSON.parse(`${manifest?.body}`).config;
      const document = JSON.parse(`${await registry.own.readBlob({ repository: `onedock/image-${id}`, digest })}`);
      expect(document.config).toEqual({ Cmd: ['/bin/app'] });
    });

    it('replaces what an earlier image of the same id left', async () => {
      await run('cp', { PATH: safe('layout'), TYPE: OS });
      const before = await digestOf(id);
      await pushToHub('test/other:1', { layers: [{ a: 'other' }] });
      await run('cp', { PATH: 'docker://test/other:1', TYPE: OS });
      expect(await digestOf(id)).not.toBe(before);
    });

    it('refuses an image for another architecture, and leaves nothing', async () => {
      await pushToHub('test/foreign:1', { architecture: 's390x', layers: [{ a: 'b' }] });
      const image = { PATH: 'docker://test/foreign:1', TYPE: OS };
      await expect(run('stat', image)).rejects.toThrow('is made for linux/s390x, and the hosts are linux/amd64');
      await expect(run('cp', image)).rejects.toThrow('is made for linux/s390x');
      expect(await digestOf(id)).toBeUndefined();
    });

    it.each([
      ['an image that the hub has not', async () => 'docker://test/none:1', 'There is no image'],
      ['the image of somebody else', async () => sourceOf('1'), 'may not be named here'],
      ['a name that is none', async () => 'docker://Test/App', "'Test/App'"],
      ['a registry that does not answer', async () => 'docker://localhost:1/app', 'cannot be reached'],
      ['a file outside SAFE_DIRS', async () => '/etc/hostname', 'check RESTRICTED_DIRS in your datastore'],
      ['a link out of SAFE_DIRS', async () => safe('../safe/../../../etc/hostname'), 'check RESTRICTED_DIRS'],
      ['a file that is not there', async () => safe('none.tar'), 'Cannot read'],
      ['a file that is no image', async () => file('noise', randomBytes(1000)), 'it is no container image'],
      ['a tar archive of something else', async () => file('other.tar', tar({ a: 'b' })), 'it is no container image'],
      ['an archive of Docker before 1.10', async () => file('d19.tar', saveAsDocker19(IMAGE)), 'older than 1.10'],
      ['an archive without its layers', async () => file('hollow.tar', hollow()), 'could not be copied'],
    ])('refuses %s, and leaves nothing', async (_, path, message) => {
      await expect(run('cp', { PATH: await path(), TYPE: OS })).rejects.toThrow(message);
      expect(await digestOf(id)).toBeUndefined();
    });

    it.each([
      ['a `docker save` archive', () => saveAsDocker20(IMAGE)],
      ['a compressed one', () => gzipSync(saveAsDocker25(IMAGE))],
      ['an archive of an OCI layout', async () => layoutArchive()],
    ])('fetches %s from a web address, and keeps no copy', async (_, archive) => {
      const content = await archive();
      const PATH = web.serve(`/${id}.tar`, content);
      const TEMPLATE = { MD5: sum('md5', content), SHA1: sum('sha1', content).toUpperCase() };
      expect(await run('stat', { PATH })).toBe(String(Math.ceil(content.length / MB)));
      expect(await run('cp', { PATH, TYPE: OS, TEMPLATE })).toBe(`${sourceOf(id)} raw`);
      expect(await digestOf(id)).toMatch(/^sha256:/);
      expect(await filesOfDatastore()).not.toContain(`image-${id}.fetched`);
    });

    it('fetches again over what a killed one left', async () => {
      await mkdir(join(directory, 'datastores/100'), { recursive: true });
      await writeFile(join(directory, 'datastores/100', `image-${id}.fetched`), randomBytes(6 * MB));
      const PATH = web.serve(`/${id}.tar`, saveAsDocker20(IMAGE));
      await run('cp', { PATH, TYPE: OS });
      expect(await digestOf(id)).toMatch(/^sha256:/);
      expect(await filesOfDatastore()).not.toContain(`image-${id}.fetched`);
    });

    it.each([
      ['one with another checksum', saveAsDocker20(IMAGE), { SHA1: '0'.repeat(40) }, 'has not the SHA1 checksum 000'],
      ['one that is larger than the settings let', randomBytes(7 * MB), {}, 'is larger than 6 MB and was not fetched'],
      ['one that is no image', Buffer.from('<html>'), {}, 'it is no container image'],
    ])('refuses of what it fetches %s, and leaves nothing', async (_, content, TEMPLATE, message) => {
      const PATH = web.serve(`/${id}.tar`, content);
      await expect(run('cp', { PATH, TYPE: OS, TEMPLATE })).rejects.toThrow(message);
      expect(await digestOf(id)).toBeUndefined();
      expect(await filesOfDatastore()).not.toContain(`image-${id}.fetched`);
    });

    it('says what the web server answered', async () => {
      const image = { PATH: web.addressOf('/none.tar'), TYPE: OS };
      await expect(run('stat', image)).rejects.toThrow('could not be fetched: the server answered 404');
      await expect(run('cp', image)).rejects.toThrow('could not be fetched: the server answered 404');
    });

    it('says that a fetch broke off, and leaves nothing', async () => {
      const PATH = web.serveHalf(`/${id}.tar`, saveAsDocker20(IMAGE));
      await expect(run('cp', { PATH, TYPE: OS })).rejects.toThrow(`${PATH} could not be fetched`);
      expect(await filesOfDatastore()).not.toContain(`image-${id}.fetched`);
    });

    it('compares the checksums of a file of the front-end', async () => {
      const content = saveAsDocker20(IMAGE);
      const PATH = await file(`sum-${id}.tar`, content);
      await run('cp', { PATH, TYPE: OS, TEMPLATE: { SHA1: sum('sha1', content) } });
      const wrong = run('cp', { PATH, TYPE: OS, TEMPLATE: { MD5: '0'.repeat(32) } });
      await expect(wrong).rejects.toThrow(`has not the MD5 checksum`);
    });

    it.each([['docker://test/app:1'], ['the layout directory']])('refuses a checksum of %s', async (path) => {
      const PATH = path.startsWith('docker:') ? path : safe('layout');
      const cp = run('cp', { PATH, TYPE: OS, TEMPLATE: { MD5: '0'.repeat(32) } });
      await expect(cp).rejects.toThrow(`cannot be compared, since ${PATH} is no file`);
      expect(await digestOf(id)).toBeUndefined();
    });

    it('refuses a type that no container can have', async () => {
      await expect(run('cp', { PATH: safe('layout'), TYPE: CDROM })).rejects.toThrow('no images of TYPE CDROM');
    });
  });

  describe('rm', () => {
    it('deletes the image, whose space comes back when garbage is collected, and no other', async () => {
      const noise = { layers: [{ a: randomBytes(2 * MB) }] };
      await writeOciLayout(safe(`noise-${id}`), noise);
      await run('cp', { PATH: safe(`noise-${id}`), TYPE: OS });
      const kept = id;
      id = String(nextId++);
      await run('cp', { PATH: safe('layout'), TYPE: OS });
      const before = await storedBytes(own);

      id = kept;
      await run('rm', { SOURCE: sourceOf(id), TYPE: OS });
      expect(await own.collectGarbage()).toBe(0);
      expect(before - (await storedBytes(own))).toBeGreaterThan(2 * MB);
      expect(await digestOf(id)).toBeUndefined();
      expect(await digestOf(String(nextId - 1))).toMatch(/^sha256:/);
    });

    it('succeeds when nothing is there', async () => {
      expect(await run('rm', { SOURCE: sourceOf('999'), TYPE: OS })).toBe('');
    });

    it('leaves alone what lies elsewhere', async () => {
      await run('rm', { SOURCE: `docker://${hub.server}/test/app:1`, TYPE: OS });
      expect(await registry.client(hub.server).findDigest('test/app', '1')).toMatch(/^sha256:/);
    });
  });

  describe('clone', () => {
    it('makes an image that outlives the original, and moves no layer', async () => {
      await run('cp', { PATH: safe('layout'), TYPE: OS });
      const original = id;
      const before = await storedBytes(own);
      id = String(nextId++);
      expect(await run('clone', { PATH: sourceOf(original), TYPE: OS })).toBe(`${sourceOf(id)} raw`);
      expect(await digestOf(id)).toBe(await digestOf(original));
      expect((await storedBytes(own)) - before).toBeLessThan(MB / 10);

      const copy = id;
      id = original;
      await run('rm', { SOURCE: sourceOf(original), TYPE: OS });
      await own.collectGarbage();
      const described = await describeRemoteImage(registry.own, registry.referenceOfImage(copy), 'amd64');
      expect(String(toMegabytes(await described.uncompressedBytes()))).toBe(IMAGE_MB);
    });

    it('refuses an original that is gone', async () => {
      await expect(run('clone', { PATH: sourceOf('999'), TYPE: OS })).rejects.toThrow('There is no image');
    });
  });

  describe('export', () => {
    it('makes an archive that can be registered again, and tells a marketplace of it', async () => {
      await run('cp', { PATH: safe('layout'), TYPE: OS });
      const SOURCE = sourceOf(id);
      const told = parseXml(await run('export', { SOURCE, TYPE: OS, SIZE: 4, FORMAT: 'raw' }));
      const value = (name: string) => findText(told, name);
      const archive = join(directory, 'datastores/100', `export-${id}.tar`);
      expect(value('IMPORT_SOURCE')).toBe(archive);
      expect([value('SIZE'), value('FORMAT'), value('DISPOSE')]).toEqual(['4', 'raw', 'YES']);
      expect(value('DISPOSE_CMD')).toBe(`rm -f ${archive}`);
      const content = await readFile(archive);
      expect(value('MD5')).toBe(sum('md5', content));
      const PATH = await file(`exported-${id}.tar`, content);
      id = String(nextId++);
      expect(await run('stat', { PATH })).toBe(IMAGE_MB);
      expect(await run('cp', { PATH, TYPE: OS })).toBe(`${sourceOf(id)} raw`);
    });

    it('says that an image is gone', async () => {
      await expect(run('export', { SOURCE: sourceOf('999'), TYPE: OS })).rejects.toThrow('could not be copied');
    });

    it('tells where the file of a data disk lies', async () => {
      const SOURCE = await run('mkfs', { TYPE: DATABLOCK, SIZE: 1, FORMAT: 'raw' });
      const told = parseXml(await run('export', { SOURCE, TYPE: DATABLOCK, SIZE: 1, FORMAT: 'raw' }));
      expect([findText(told, 'IMPORT_SOURCE'), findText(told, 'DISPOSE')]).toEqual([SOURCE, 'NO']);
      expect(findText(told, 'MD5')).toBe(sum('md5', Buffer.alloc(MB)));
    });
  });

  describe('data disks', () => {
    it('are empty raw files with a file system, and take no space until they are written to', async () => {
      const path = await run('mkfs', { TYPE: DATABLOCK, SIZE: 64, FORMAT: 'raw', TEMPLATE: { FSTYPE: 'ext4' } });
      expect(path).toBe(join(directory, 'datastores/100', `image-${id}`));
      const { size, blocks } = await stat(path);
      expect(size).toBe(64 * MB);
      expect(blocks * 512).toBeLessThan(8 * MB);
      await run('rm', { SOURCE: path, TYPE: DATABLOCK });
      await run('rm', { SOURCE: path, TYPE: DATABLOCK });
      expect(await readdir(join(directory, 'datastores/100'))).not.toContain(`image-${id}`);
    });

    it('are made of files', async () => {
      const PATH = await file('disk.raw', Buffer.alloc(3 * MB));
      expect(await run('stat', { PATH })).toBe('3');
      const printed = await run('cp', { PATH, TYPE: DATABLOCK });
      expect(printed).toBe(`${join(directory, 'datastores/100', `image-${id}`)} raw`);
    });

    it('are cloned as files', async () => {
      const original = await run('mkfs', { TYPE: DATABLOCK, SIZE: 8, FORMAT: 'raw' });
      id = String(nextId++);
      const [copy = ''] = (await run('clone', { PATH: original, TYPE: DATABLOCK })).split(' ');
      expect((await stat(copy)).size).toBe(8 * MB);
      expect(copy).not.toBe(original);
    });

    it('refuse a file system that nobody knows, and leave nothing', async () => {
      const image = { TYPE: DATABLOCK, SIZE: 8, FORMAT: 'raw', TEMPLATE: { FSTYPE: 'befs' } };
      await expect(run('mkfs', image)).rejects.toThrow('Unsupported file system type: befs.');
      expect(await readdir(join(directory, 'datastores/100'))).not.toContain(`image-${id}.new`);
    });
  });

  it('only invents where disk-saveas is to write', async () => {
    expect(await run('mkfs', { TYPE: OS, SIZE: 8, FORMAT: 'save_as' })).toBe(sourceOf(id));
    expect(await digestOf(id)).toBeUndefined();
  });

  it('reports the space of the disk that the registry has', async () => {
    expect(await run('monitor')).toMatch(/^USED_MB=\d+\nTOTAL_MB=[1-9]\d*\nFREE_MB=\d+$/);
  });

  it('refuses snapshots and backups in words', async () => {
    await expect(run('snap_revert', { SOURCE: sourceOf(id) })).rejects.toThrow('snap_revert: Operation not supported.');
  });

  const filesOfDatastore = () => readdir(join(directory, 'datastores/100')).catch(() => []);

  async function layoutArchive(): Promise<Buffer> {
    const paths = await readdir(safe('layout'), { recursive: true, withFileTypes: true });
    const files = paths.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
    const members = files.map(async (each) => [relative(safe('layout'), each), await readFile(each)] as const);
    return tar(Object.fromEntries(await Promise.all(members)));
  }

  async function file(name: string, content: Buffer): Promise<string> {
    await writeFile(safe(name), content);
    return safe(name);
  }
});

function sum(algorithm: 'md5' | 'sha1', content: Buffer): string {
  return createHash(algorithm).update(content).digest('hex');
}

/** An archive whose manifest names a layer that is not in it. */
function hollow(): Buffer {
  const config = JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } });
  const manifest = JSON.stringify([{ Config: 'config.json', RepoTags: null, Layers: ['layer.tar'] }]);
  return tar({ 'manifest.json': manifest, 'config.json': config });
}
