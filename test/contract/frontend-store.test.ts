/** The store of a front-end as a file: one front-end at a time, backed up while it works, and restored. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onedb } from '../../src/cli/one/onedb.ts';
import { processIo } from '../../src/cli/one/process-io.ts';
import { runTool } from '../../src/cli/one/run-tool.ts';
import { createFrontend } from '../../src/frontend/library.ts';
import { schemaOf } from '../../src/frontend/store/backup.ts';
import { Cloud } from '../../src/frontend/store/cloud.ts';
import { encodeRecord } from '../../src/frontend/store/codec.ts';
import { MIGRATIONS } from '../../src/frontend/store/migrations/index.ts';
import { NEWEST_SCHEMA } from '../../src/frontend/store/schema.ts';
import { SqliteStore } from '../../src/frontend/store/sqlite-store.ts';
import { createClient } from '../../src/opennebula/client/client.ts';
import { placedVm } from '../support/vm-records.ts';

let folder: string;
let store: string;
let backup: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'onedock-store-'));
  store = join(folder, 'cloud', 'one.db');
  backup = join(folder, 'backup');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function type(...argv: readonly string[]) {
  const output = { stdout: '', stderr: '' };
  const io = {
    ...processIo(),
    out: (text: string) => {
      output.stdout += text;
    },
    err: (text: string) => {
      output.stderr += text;
    },
  };
  const code = await runTool(onedb, [...argv, '--sqlite', store], io);
  return { code, ...output };
}

async function startCloud() {
  const frontend = await createFrontend({ dataFolder: join(folder, 'cloud'), session: 'oneadmin:secret' });
  const client = createClient({ endpoint: frontend.url, session: frontend.session });
  const names = async () =>
    String(await client.call('one.grouppool.info'))
      .match(/(?<=<NAME>)[^<]+/g)
      ?.map((name) => name.trim());
  return {
    client,
    names,
    [Symbol.asyncDispose]: async () => {
      client[Symbol.dispose]();
      await frontend[Symbol.asyncDispose]();
    },
  };
}

describe('the store of a front-end', () => {
  it('is backed up while the front-end works, and restored when it has ended', async () => {
    {
      await using cloud = await startCloud();
      await cloud.client.call('one.group.allocate', 'before');
      expect(await type('backup', backup)).toMatchObject({
        code: 0,
        stdout: `Sqlite database backup of ${store} stored in ${backup}\nUse 'onedb restore' to restore the DB.\n`,
      });
      await cloud.client.call('one.group.allocate', 'after');
      const early = await type('restore', backup, '--force');
      expect(early.code).toBe(255);
      expect(early.stderr).toContain(`A front-end works with the store ${store}.`);
      expect(await cloud.names()).toEqual(['after', 'before', 'users', 'oneadmin']);
    }
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    expect(await type('restore', backup)).toMatchObject({
      code: 255,
      stderr: `File ${store} exists, restore aborted. Use -f to overwrite.\n`,
    });
    expect(await type('restore', backup, '--force')).toMatchObject({ code: 0 });

    await using cloud = await startCloud();
    expect(await cloud.names()).toEqual(['before', 'users', 'oneadmin']);
  });

  it('is open to one front-end at a time', async () => {
    await using first = await startCloud();
    await expect(startCloud()).rejects.toMatchObject({ code: 'STORE_IN_USE' });
    expect(await first.names()).toContain('before');
  });

  it('is not overwritten by what is no backup, nor a backup by the next', async () => {
    const nonsense = join(folder, 'nonsense');
    writeFileSync(nonsense, 'no database at all');
    const restored = await type('restore', nonsense, '--force');
    expect(restored).toMatchObject({ code: 255 });
    expect(restored.stderr).toContain('is no store that can be read');
    expect((await type('backup', backup)).stderr).toBe(`File ${backup} exists, backup aborted. Use -f to overwrite.\n`);
    expect(await type('version')).toEqual({ code: 0, stdout: 'Schema:   2\nRequired: 2\n', stderr: '' });

    await using cloud = await startCloud();
    expect(await cloud.names()).toContain('before');
  });
});

describe('a store of an earlier schema', () => {
  it.each(MIGRATIONS.map(({ version }) => version))('%i is brought up to date, with what it held', (version) => {
    const old = join(folder, `schema-${version}.db`);
    const vm = placedVm('RUNNING', { name: 'web' });
    {
      using db = new DatabaseSync(old);
      for (const { sql } of MIGRATIONS.slice(0, version)) db.exec(sql);
      db.exec(`PRAGMA user_version = ${version}`);
      db.prepare('INSERT INTO vm (id, body) VALUES (?, ?)').run(vm.id, encodeRecord(vm));
    }
    using store = new SqliteStore(old);
    const cloud = new Cloud(store);
    expect(cloud.pools.vm.get(vm.id)).toMatchObject({ name: 'web', history: [{ hostName: 'host-1' }] });
    cloud.transaction(() => cloud.stays.write(vm.id, 0, { vm, previousPhase: 'BOOT' }));
    expect(schemaOf(old)).toBe(NEWEST_SCHEMA);
    expect([...cloud.stays.of(vm.id)]).toMatchObject([
      [0, { previousPhase: 'BOOT', vm: { name: 'web', history: [] } }],
    ]);
  });
});

describe('what a VM was in its stays', () => {
  it('outlives the front-end', async () => {
    const account = async ({ client }: Awaited<ReturnType<typeof startCloud>>) =>
      String(await client.call('one.vmpool.accounting', -2, -1, -1)).match(/(?<=<NAME>)[^<]+/g);
    {
      await using cloud = await startCloud();
      const { client } = cloud;
      await client.call('one.datastore.allocate', 'NAME=sys\nTYPE=SYSTEM_DS\nTM_MAD=dummy\n', -1);
      await client.call('one.host.allocate', 'h1', 'dummy', 'dummy', -1);
      const id = Number(await client.call('one.vm.allocate', 'NAME=web\nCPU=1\nMEMORY=64\n', false));
      await expect.poll(() => client.call('one.vm.info', id)).toContain('<LCM_STATE>3</LCM_STATE>');
      await client.call('one.vm.rename', id, 'other');
      expect(await account(cloud)).toEqual(['web']);
    }
    await using cloud = await startCloud();
    expect(await account(cloud)).toEqual(['web']);
  });
});
