import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DatastoreAction } from '../../../src/drivers/contract/families.ts';
import { ImageRegistry } from '../../../src/drivers/registry/image-registry.ts';
import { parseSettings } from '../../../src/drivers/settings.ts';
import { IMAGE_TYPE } from '../../../src/opennebula/numbers.ts';
import { datastoreRequest, type ImageFields } from '../../support/datastore-requests.ts';
import { bundleDrivers, startDrivers } from '../../support/driver-ways.ts';
import { writeOciLayout } from '../../support/images.ts';
import { registryMissing, startRegistry } from '../../support/registry.ts';

const { OS } = IMAGE_TYPE;
const MB = 2 ** 20;
const missing = registryMissing();

const IMAGE = { layers: [{ 'etc/app.conf': 'x'.repeat(MB) }] };

describe.skipIf(missing)('datastore/onedock with other registries', () => {
  it('reports what its images sum up to, a shared layer once', async () => {
    await using own = await startRegistry();
    const directory = await mkdtemp(join(tmpdir(), 'onedock-datastore-'));
    const { server, caFile, user, passwordFile } = own;
    const settings = { registry: { server, caFile, user, passwordFile, capacityMb: 100 } };
    await using drivers = await startDrivers('in process', settings);
    const datastore = { BASE_PATH: directory, TEMPLATE: { SAFE_DIRS: directory } };
    const run = (action: DatastoreAction, id: string, image?: ImageFields) =>
      drivers.run({
        family: 'datastore',
        driver: 'onedock',
        action,
        argv: [id],
        stdin: datastoreRequest(datastore, image),
      });
    await writeOciLayout(join(directory, 'layout'), { layers: [{ a: randomBytes(3 * MB) }] });
    for (const id of ['1', '2']) await run('cp', id, { PATH: join(directory, 'layout'), TYPE: OS });
    expect(await run('monitor', '100')).toBe('USED_MB=4\nTOTAL_MB=100\nFREE_MB=96');
    await rm(directory, { recursive: true });
  });

  it('says that deletion is switched off', async () => {
    await using own = await startRegistry({ deletion: false });
    const directory = await mkdtemp(join(tmpdir(), 'onedock-datastore-'));
    const { server, caFile, user, passwordFile } = own;
    await using drivers = await startDrivers('in process', { registry: { server, caFile, user, passwordFile } });
    const datastore = { BASE_PATH: directory, TEMPLATE: { SAFE_DIRS: directory } };
    await writeOciLayout(join(directory, 'layout'), IMAGE);
    const call = { family: 'datastore', driver: 'onedock', argv: ['1'] } as const;
    const source = datastoreRequest(datastore, { PATH: join(directory, 'layout'), TYPE: OS });
    const [SOURCE = ''] = (await drivers.run({ ...call, action: 'cp', stdin: source })).split(' ');
    const removed = drivers.run({ ...call, action: 'rm', stdin: datastoreRequest(datastore, { SOURCE }) });
    await expect(removed).rejects.toThrow('does not delete images');
    await rm(directory, { recursive: true });
  });

  it('tells of each layer as it is copied', async () => {
    await using own = await startRegistry();
    const directory = await mkdtemp(join(tmpdir(), 'onedock-datastore-'));
    const { server, caFile, user, passwordFile } = own;
    await using drivers = await startDrivers('in process', { registry: { server, caFile, user, passwordFile } });
    await writeOciLayout(join(directory, 'layout'), { layers: [{ a: 'one' }, { a: 'two' }] });
    const told: string[] = [];
    await drivers.run({
      family: 'datastore',
      driver: 'onedock',
      action: 'cp',
      argv: ['1'],
      stdin: datastoreRequest(
        { BASE_PATH: directory, TEMPLATE: { SAFE_DIRS: directory } },
        { PATH: join(directory, 'layout'), TYPE: OS },
      ),
      log: (_, text) => told.push(text),
    });
    expect(told.filter((text) => text.startsWith('Copying blob sha256:'))).toHaveLength(2);
    await rm(directory, { recursive: true });
  });

  it('copies again what a copy that was killed has begun', async () => {
    await using own = await startRegistry();
    const directory = await mkdtemp(join(tmpdir(), 'onedock-datastore-'));
    const { server, caFile, user, passwordFile, collectorFolder } = own;
    const settings = { registry: { server, caFile, user, passwordFile, collectorFolder } };
    const [settingsFile, program] = [join(directory, 'onedock.yaml'), join(directory, 'drivers.cjs')];
    await Promise.all([writeFile(settingsFile, JSON.stringify(settings)), bundleDrivers(program)]);
    await writeOciLayout(join(directory, 'layout'), { layers: [{ a: randomBytes(20 * MB) }] });
    const stdin = datastoreRequest(
      { BASE_PATH: directory, TEMPLATE: { SAFE_DIRS: directory } },
      { PATH: join(directory, 'layout'), TYPE: OS },
    );
    const cp = (killed: boolean) => {
      const env = { ...process.env, ONEDOCK_SETTINGS: settingsFile };
      const child = spawn(process.execPath, [program, 'datastore', 'onedock', 'cp', '1'], { env });
      child.stdin.end(stdin);
      // As soon as a layer is on its way. What skopeo has begun it may complete by itself, or not.
      child.stderr.on('data', (chunk) => {
        if (killed && `${chunk}`.includes('Copying blob')) child.kill('SIGKILL');
      });
      return once(child, 'close');
    };
    expect(await cp(true)).toEqual([null, 'SIGKILL']);
    expect(await cp(false)).toEqual([0, null]);
    await using registry = new ImageRegistry(parseSettings(JSON.stringify(settings)));
    expect(await registry.own.findDigest('onedock/image-1', 'latest')).toMatch(/^sha256:/);
    await rm(directory, { recursive: true });
  });

  it('leaves nothing of a copy that was given up', async () => {
    await using own = await startRegistry();
    const directory = await mkdtemp(join(tmpdir(), 'onedock-datastore-'));
    const { server, caFile, user, passwordFile } = own;
    const settings = { registry: { server, caFile, user, passwordFile } };
    await using registry = new ImageRegistry(parseSettings(JSON.stringify(settings)));
    await using drivers = await startDrivers('in process', settings);
    const datastore = { BASE_PATH: directory, TEMPLATE: { SAFE_DIRS: directory } };
    await writeOciLayout(join(directory, 'layout'), { layers: [{ a: randomBytes(20 * MB) }] });
    const giveUp = new AbortController();
    const copied = drivers.run({
      family: 'datastore',
      driver: 'onedock',
      action: 'cp',
      argv: ['1'],
      stdin: datastoreRequest(datastore, { PATH: join(directory, 'layout'), TYPE: OS }),
      log: (_, text) => text.startsWith('Copying') && giveUp.abort(new Error('given up')),
      signal: giveUp.signal,
    });
    await expect(copied).rejects.toThrow('given up');
    expect(await registry.own.findDigest('onedock/image-1', 'latest')).toBeUndefined();
    await rm(directory, { recursive: true });
  });
});
