import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureSession } from '../../src/frontend/one-auth.ts';

describe('the file of the first administrator', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onedock-auth-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('is made once, for its owner only, with nothing beside it', async () => {
    const path = join(folder, 'deep', 'one_auth');
    const session = await ensureSession(path);
    expect(session).toMatch(/^oneadmin:[0-9a-f]{32}$/);
    expect(await ensureSession(path)).toBe(session);
    expect(await readFile(path, 'utf8')).toBe(`${session}\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'deep'))).toEqual(['one_auth']);
  });

  it('is refused when it holds no session', async () => {
    const path = join(folder, 'one_auth');
    await writeFile(path, '');
    await expect(ensureSession(path)).rejects.toThrow(path);
  });
});
