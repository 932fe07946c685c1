import { access, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createFrontend, type Frontend, type FrontendOptions } from 'onedock/frontend';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type * as library from '../../src/frontend/library.ts';
import { createClient } from '../../src/opennebula/client/client.ts';
import { waitForVm } from '../../src/opennebula/client/wait.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onedock-library-'));
});

afterAll(() => rm(folder, { recursive: true }));

const clientOf = ({ url, session }: Frontend) => createClient({ endpoint: url, session });
const VM = 'NAME = "a"\nCPU = "0.1"\nMEMORY = "16"\n';

describe('the front-end as a library', () => {
  it('says what it takes and gives as its source does', () => {
    expectTypeOf(createFrontend).toEqualTypeOf<typeof library.createFrontend>();
    expectTypeOf<FrontendOptions>().toEqualTypeOf<library.FrontendOptions>();
    expectTypeOf<Frontend>().toEqualTypeOf<library.Frontend>();
  });

  it('runs VMs on dummy hosts as soon as it is there', async () => {
    await using frontend = await createFrontend({ dummyHosts: 2 });
    using client = clientOf(frontend);
    const hosts = (await client.hostpool.info()).objects;
    expect(hosts.map(({ name, state }) => `${name} ${state}`).sort()).toEqual([
      'dummy-1 MONITORED',
      'dummy-2 MONITORED',
    ]);
    const id = await client.vm.allocate(VM);
    expect((await waitForVm(client, id, 'RUNNING')).hostName).toMatch(/^dummy-[12]$/);
  });

  it('takes images into the default datastore, and runs VMs from them', async () => {
    await using frontend = await createFrontend({ dummyHosts: 1 });
    using client = clientOf(frontend);
    const image = await client.image.allocate('NAME = "os"\nPATH = "/any"\nTYPE = "OS"\n', 1);
    const vm = await client.vm.allocate(`${VM}DISK = [ IMAGE_ID = "${image}" ]\n`);
    expect((await waitForVm(client, vm, 'RUNNING')).isRunning).toBe(true);
  });

  it('answers whether it is well', async () => {
    await using frontend = await createFrontend();
    expect(await (await fetch(frontend.healthUrl)).text()).toBe('ok\n');
  });

  it('leaves nothing when its folder was a temporary one', async () => {
    const frontend = await createFrontend({ dummyHosts: 1 });
    await access(frontend.authFile);
    await frontend[Symbol.asyncDispose]();
    await expect(access(frontend.dataFolder)).rejects.toThrow('ENOENT');
    await expect(fetch(frontend.healthUrl)).rejects.toThrow();
  });

  it('finds a folder of one’s own again, with the session of its one_auth', async () => {
    const dataFolder = join(folder, 'again');
    await mkdir(dataFolder);
    await writeFile(join(dataFolder, 'one_auth'), 'oneadmin:secret\n');
    let id: number;
    {
      await using frontend = await createFrontend({ dummyHosts: 1, dataFolder });
      expect(frontend.session).toBe('oneadmin:secret');
      using client = clientOf(frontend);
      id = await client.vm.allocate(VM);
      await waitForVm(client, id, 'RUNNING');
    }
    await using frontend = await createFrontend({ dummyHosts: 2, dataFolder });
    using client = clientOf(frontend);
    expect((await client.vm.info(id)).isRunning).toBe(true);
    expect((await client.hostpool.info()).objects).toHaveLength(2);
  });

  it('reads what it has encrypted in a folder of one’s own again, by a key that nobody else may read', async () => {
    const dataFolder = join(folder, 'secrets');
    const read = (client: ReturnType<typeof clientOf>, decrypt: boolean) =>
      client.call('one.user.info', 0, decrypt).then(String);
    {
      await using frontend = await createFrontend({ dataFolder });
      using client = clientOf(frontend);
      await client.call('one.user.update', 0, 'SSH_PASSPHRASE = "mellon"\n', 1);
    }
    await using frontend = await createFrontend({ dataFolder });
    using client = clientOf(frontend);
    expect(await read(client, false)).not.toContain('mellon');
    expect(await read(client, true)).toContain('mellon');
    expect((await stat(join(dataFolder, '.one', 'one_key'))).mode & 0o777).toBe(0o600);
  });

  it('takes a session and attributes of oned.conf', async () => {
    await using frontend = await createFrontend({ session: 'oneadmin:known', configuration: 'API_LIST_ORDER = "ASC"' });
    expect(await readFile(frontend.authFile, 'utf8')).toBe('oneadmin:known\n');
    using client = clientOf(frontend);
    expect((await client.datastorepool.info()).objects.map(({ id }) => id)).toEqual([0, 1, 2]);
  });

  it.each([
    [{ session: 'nobody' }, 'FRONTEND_SESSION_INVALID'],
    [{ configuration: 'A = [' }, 'FRONTEND_CONFIGURATION_UNREADABLE'],
    [{ address: '192.0.2.1' }, 'FRONTEND_ADDRESS_TAKEN'],
  ])('says what is wrong with %j', async (options, code) => {
    await expect(createFrontend(options)).rejects.toMatchObject({ code });
  });

  it.each([
    ['FRONTEND_FOLDER_UNUSABLE', 'a file stands where its folder is to be', '.'],
    ['STORE_UNREADABLE', 'its store is none', 'one.db'],
  ])('says %s when %s', async (code, _, name) => {
    const dataFolder = join(folder, code);
    const path = join(dataFolder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'no database'.repeat(100));
    await expect(createFrontend({ dataFolder })).rejects.toMatchObject({ code, data: { path } });
  });

  it('does not start without the oned.conf that it cannot read', async () => {
    const dataFolder = join(folder, 'unreadable');
    await mkdir(join(dataFolder, 'oned.conf'), { recursive: true });
    await expect(createFrontend({ dataFolder })).rejects.toMatchObject({ code: 'FRONTEND_CONFIGURATION_UNREADABLE' });
  });

  it('shows its log to whoever wants it', async () => {
    const lines: string[] = [];
    await using _ = await createFrontend({ dummyHosts: 1, log: (line) => lines.push(line) });
    expect(lines.join('')).toMatch(
      /\[Z0\]\[ReM\]\[D\]: Req:\d+ UID:0 IP:127\.0\.0\.1 one\.host\.allocate invoked dummy-1/,
    );
  });
});
