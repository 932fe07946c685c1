import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { InProcessDrivers } from '../../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../../src/drivers/services.ts';
import { driverTable } from '../../../src/drivers/table.ts';
import { startCloud } from '../../../src/frontend/start-cloud.ts';
import { SqliteStore } from '../../../src/frontend/store/sqlite-store.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onedock-start-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  ['what the store holds cannot be read', 'load'],
  ['what is new in it cannot be kept', 'commit'],
] as const)('a cloud that cannot start gives back its store and its drivers: %s', async (_, broken) => {
  const path = join(folder, 'one.db');
  const store = new SqliteStore(path);
  vi.spyOn(store, broken).mockImplementation(() => {
    throw new Error('disk I/O error');
  });
  const drivers = new InProcessDrivers(driverTable, openServices());
  const end = vi.spyOn(drivers, Symbol.asyncDispose);
  await expect(startCloud({ store, drivers, session: 'oneadmin:secret' })).rejects.toThrow('disk I/O error');
  expect(end).toHaveBeenCalledOnce();
  // Nobody else has the store in use.
  new SqliteStore(path)[Symbol.dispose]();
});
