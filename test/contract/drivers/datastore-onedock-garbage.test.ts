/** The collector of a registry's garbage, and who writes to that registry meanwhile. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DriverRunner } from '../../../src/drivers/contract/driver-runner.ts';
import type { DatastoreAction } from '../../../src/drivers/contract/families.ts';
import { ImageRegistry } from '../../../src/drivers/registry/image-registry.ts';
import { parseSettings } from '../../../src/drivers/settings.ts';
import { IMAGE_TYPE } from '../../../src/opennebula/numbers.ts';
import { datastoreRequest, type ImageFields } from '../../support/datastore-requests.ts';
import { startDrivers, WAYS } from '../../support/driver-ways.ts';
import { holdAlone } from '../../support/file-lock.ts';
import { writeOciLayout } from '../../support/images.ts';
import { registryMissing, startRegistry, storedBytes, type TestRegistry } from '../../support/registry.ts';

const { OS } = IMAGE_TYPE;
const MB = 2 ** 20;
/** Exit code of a collector that found somebody writing. */
const BUSY = 75;

describe.skipIf(registryMissing()).each(WAYS)('garbage of the registry, datastore/onedock %s', (way) => {
  let own: TestRegistry;
  let registry: ImageRegistry;
  let drivers: DriverRunner;
  let directory: string;
  let id = 0;

  beforeAll(async () => {
    [own, directory] = await Promise.all([startRegistry(), mkdtemp(join(tmpdir(), 'onedock-garbage-'))]);
    const { server, caFile, user, passwordFile, collectorFolder } = own;
    const settings = { registry: { server, caFile, user, passwordFile, collectorFolder } };
    registry = new ImageRegistry(parseSettings(JSON.stringify(settings)));
    drivers = await startDrivers(way, settings);
  });
  afterAll(async () => {
    await drivers[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
    await own[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });
  beforeEach(() => {
    id++;
  });

  const source = () => `docker://${own.server}/onedock/image-${id}:latest`;
  const layout = () => writeOciLayout(join(directory, `${id}`), { layers: [{ a: randomBytes(MB) }] });
  const run = (action: DatastoreAction, image: ImageFields) =>
    drivers.run({
      family: 'datastore',
      driver: 'onedock',
      action,
      argv: [`${id}`],
      stdin: datastoreRequest({ BASE_PATH: directory, TEMPLATE: { SAFE_DIRS: directory } }, { TYPE: OS, ...image }),
    });
  const layersAreThere = async () => {
    const repository = `onedock/image-${id}`;
    const { layers } = JSON.parse(`${(await registry.own.findManifest(repository, 'latest'))?.body}`);
    for (const { digest, size } of layers)
      expect(await registry.own.readBlob({ repository, digest })).toHaveLength(size);
  };

  it('gives its space back, and the registry takes the same image again with all its layers', async () => {
    const PATH = await layout();
    const before = await storedBytes(own);
    await run('cp', { PATH });
    await run('rm', { SOURCE: source() });
    expect((await storedBytes(own)) - before).toBeGreaterThan(MB);
    expect(await own.collectGarbage()).toBe(0);
    expect((await storedBytes(own)) - before).toBeLessThan(MB / 10);
    // It was not started again, and yet does not take layers for stored that are gone.
    await run('cp', { PATH });
    await layersAreThere();
  });

  it('stays while an image is being stored, and goes after that', async () => {
    await run('cp', { PATH: await layout() });
    const before = await storedBytes(own);
    {
      await using _writing = await registry.writing();
      await run('rm', { SOURCE: source() });
      expect(await own.collectGarbage()).toBe(BUSY);
      expect(before - (await storedBytes(own))).toBeLessThan(MB / 10);
    }
    expect(await own.collectGarbage()).toBe(0);
    expect(before - (await storedBytes(own))).toBeGreaterThan(MB / 2);
  });

  it('is not looked for again when nothing was deleted', async () => {
    await run('cp', { PATH: await layout() });
    const repository = `onedock/image-${id}`;
    await registry.own.deleteManifest(repository, `${await registry.own.findDigest(repository, 'latest')}`);
    const before = await storedBytes(own);
    expect(await own.collectGarbage()).toBe(0);
    expect(await storedBytes(own)).toBe(before);
  });

  it('is collected alone: who stores an image waits', async () => {
    const order: string[] = [];
    const PATH = await layout();
    const collector = await holdAlone(join(own.collectorFolder, 'lock'));
    const stored = run('cp', { PATH }).then(() => order.push('stored'));
    await collector.waitedFor();
    order.push('collected');
    collector.end();
    await stored;
    expect(order).toEqual(['collected', 'stored']);
    await layersAreThere();
  });
});
