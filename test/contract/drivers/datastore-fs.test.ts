import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriverRunner } from '../../../src/drivers/contract/driver-runner.ts';
import type { DatastoreAction } from '../../../src/drivers/contract/families.ts';
import { DATASTORE_TYPE } from '../../../src/opennebula/numbers.ts';
import { type DatastoreFields, datastoreRequest, type ImageFields } from '../../support/datastore-requests.ts';
import { startDrivers, WAYS } from '../../support/driver-ways.ts';

const MB = 2 ** 20;
/** Ten megabytes with something at both ends. */
const DISK = Buffer.concat([Buffer.from('begin'), Buffer.alloc(10 * MB - 8), Buffer.from('end')]);

describe.each(WAYS)('datastore/fs, %s', (way) => {
  let drivers: DriverRunner;
  let directory: string;
  let datastore: DatastoreFields;
  let web: Server;
  let id = 0;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'onedock-fs-'));
    await mkdir(join(directory, 'safe'));
    drivers = await startDrivers(way);
    datastore = {
      BASE_PATH: `${directory}//datastores/1`,
      TYPE: DATASTORE_TYPE.IMAGE_DS,
      TEMPLATE: { SAFE_DIRS: `${directory}/safe /srv`, RESTRICTED_DIRS: '/' },
    };
    web = createServer((request, reply) => {
      if (request.url !== '/disk.raw') return reply.writeHead(404).end();
      return reply.writeHead(200, { 'content-length': DISK.length }).end(request.method === 'HEAD' ? undefined : DISK);
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await drivers[Symbol.asyncDispose]();
    web.close();
    await rm(directory, { recursive: true });
  });
  beforeEach(() => {
    id++;
  });

  const run = (action: DatastoreAction, image?: ImageFields, at = datastore) =>
    drivers.run({ family: 'datastore', driver: 'fs', action, argv: [`${id}`], stdin: datastoreRequest(at, image) });
  const stored = () => join(directory, 'datastores/1', `image-${id}`);
  const url = (path: string) => `http://127.0.0.1:${(web.address() as AddressInfo).port}${path}`;

  async function file(name: string, content: Buffer | string): Promise<string> {
    const path = join(directory, 'safe', name);
    await writeFile(path, content);
    return path;
  }

  it.each([
    ['a file', () => file('disk.raw', DISK)],
    ['a compressed file', () => file('disk.raw.gz', gzipSync(DISK))],
    ['a URL', async () => url('/disk.raw')],
  ])('brings %s into the datastore, with holes where there is nothing', async (_, path) => {
    const PATH = await path();
    expect(await run('stat', { PATH })).toBe('10');
    expect(await run('cp', { PATH })).toBe(`${stored()} raw`);
    expect((await readFile(stored())).equals(DISK)).toBe(true);
    expect((await stat(stored())).blocks * 512).toBeLessThan(MB);
  });

  it('keeps a compressed file as it is in a datastore of plain files', async () => {
    const zipped = gzipSync('kernel');
    const PATH = await file('vmlinuz.gz', zipped);
    await run('cp', { PATH }, { ...datastore, TYPE: DATASTORE_TYPE.FILE_DS });
    expect((await readFile(stored())).equals(zipped)).toBe(true);
  });

  it('compares checksums, and keeps nothing that has another', async () => {
    const PATH = await file('disk.raw', DISK);
    const SHA1 = createHash('sha1').update(DISK).digest('hex');
    await run('cp', { PATH, TEMPLATE: { SHA1 } });
    id++;
    await expect(run('cp', { PATH, TEMPLATE: { MD5: '0'.repeat(32) } })).rejects.toThrow('has not the MD5 checksum');
    expect(await readdir(join(directory, 'datastores/1'))).not.toContainEqual(expect.stringContaining(`image-${id}`));
  });

  it.each([
    ['a file outside SAFE_DIRS', async () => '/etc/hostname', 'check RESTRICTED_DIRS in your datastore'],
    ['a neighbour of a safe directory', async () => `${directory}/safe-not/x`, 'check RESTRICTED_DIRS'],
    ['a URL that is not there', async () => url('/none'), 'the server answered 404'],
    [
      'qcow2',
      () => file('disk.qcow2', Buffer.from('514649fb00000003', 'hex')),
      'Images of format qcow2 are not supported.',
    ],
    ['xz', () => file('disk.xz', Buffer.from('fd377a585a000000', 'hex')), 'it is compressed with xz'],
  ])('refuses %s', async (_, path, message) => {
    await expect(run('cp', { PATH: await path() })).rejects.toThrow(message);
  });

  it.each(['ext2', 'ext3', 'ext4', 'swap'])('makes an empty image with %s in it', async (fileSystem) => {
    expect(await run('mkfs', { SIZE: 32, FORMAT: 'raw', FS: fileSystem })).toBe(stored());
    const { size, blocks } = await stat(stored());
    expect([size, blocks * 512 < 8 * MB]).toEqual([32 * MB, true]);
  });

  it('makes an empty image without a file system, again over what is there', async () => {
    await run('mkfs', { SIZE: 2, FORMAT: 'raw', FS: 'ext2' });
    await run('mkfs', { SIZE: 2, FORMAT: 'raw' });
    expect((await readFile(stored())).equals(Buffer.alloc(2 * MB))).toBe(true);
  });

  it('refuses an empty qcow2 image', async () => {
    await expect(run('mkfs', { SIZE: 2, FORMAT: 'qcow2' })).rejects.toThrow(
      'Images of format qcow2 are not supported.',
    );
  });

  it('only invents where disk-saveas is to write', async () => {
    expect(await run('mkfs', { SIZE: 2, FORMAT: 'save_as' })).toBe(stored());
    await expect(stat(stored())).rejects.toThrow('ENOENT');
  });

  it('clones and removes images', async () => {
    const original = await run('mkfs', { SIZE: 2, FORMAT: 'raw' });
    id++;
    expect(await run('clone', { PATH: original })).toBe(`${stored()} raw`);
    await run('rm', { SOURCE: original });
    await run('rm', { SOURCE: original });
    expect((await stat(stored())).size).toBe(2 * MB);
  });

  it('removes no file outside the datastore', async () => {
    const SOURCE = await file('precious', 'x');
    await run('rm', { SOURCE });
    await run('rm', { SOURCE: `${directory}/datastores/1/../../safe/precious` });
    expect((await stat(SOURCE)).size).toBe(1);
  });

  it('reports what its files take, and what the disk has', async () => {
    const values = parse(await run('monitor'));
    expect(values.USED_MB).toBeLessThan(50);
    expect(values.TOTAL_MB).toBeGreaterThan(values.FREE_MB ?? Number.NaN);
  });
});

function parse(lines: string): Record<string, number> {
  return Object.fromEntries(
    lines
      .split('\n')
      .map((line) => line.split('='))
      .map(([name, value]) => [name, Number(value)]),
  );
}
