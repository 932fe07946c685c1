import { chmod, mkdir, mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { applyToRoot } from '../../../provision/apply-to-root.ts';
import { combine } from '../../../provision/machine-description.ts';

const isRoot = process.getuid?.() === 0;
const ONEADMIN = { name: 'oneadmin', id: 9869, home: '/var/lib/one', shell: '/bin/bash', groups: ['docker'] };

describe.skipIf(!isRoot)('applyToRoot (needs root: it gives files to others)', () => {
  let root: string;
  let below: string;

  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onedock-root-'));
    [root, below] = [join(folder, 'upper'), join(folder, 'lower')];
    await mkdir(root);
    await mkdir(join(below, 'etc/private'), { recursive: true });
    await chmod(join(below, 'etc/private'), 0o700);
    await writeFile(join(below, 'etc/passwd'), 'root:x:0:0::/root:/bin/bash\nregistry:x:101:104::/:/bin/false\n');
    await writeFile(join(below, 'etc/shadow'), 'root:*:1::::::\n');
    await writeFile(join(below, 'etc/group'), 'root:x:0:\ndocker:x:102:\n');
    return () => rm(folder, { recursive: true });
  });

  it('writes files with owner and mode, and the folders on the way', async () => {
    const file = { path: '/var/lib/x/secret', mode: 0o600, owner: 'registry', content: 'text' };
    applyToRoot({ root, below: [below] }, combine({ files: [file] }));
    expect(await readFile(join(root, file.path), 'utf8')).toBe('text');
    const { mode, uid, gid } = await stat(join(root, file.path));
    expect([mode & 0o777, uid, gid]).toEqual([0o600, 101, 104]);
  });

  it('gives a folder the mode that it has below, since the uppermost counts in an overlay', async () => {
    const file = { path: '/etc/private/x', mode: 0o644, content: '' };
    applyToRoot({ root, below: [below] }, combine({ files: [file] }));
    expect((await stat(join(root, 'etc/private'))).mode & 0o777).toBe(0o700);
  });

  it('adds accounts to those that lie below, and owns files by them', async () => {
    const directories = [{ path: '/var/lib/one', mode: 0o750, owner: 'oneadmin' }];
    applyToRoot({ root, below: [below] }, combine({ accounts: [ONEADMIN], directories }));
    expect(await readFile(join(root, 'etc/passwd'), 'utf8')).toMatch(/^root:(.|\n)*^oneadmin:x:9869:9869:/m);
    expect(await readFile(join(root, 'etc/group'), 'utf8')).toContain('docker:x:102:oneadmin');
    expect((await stat(join(root, 'var/lib/one'))).uid).toBe(9869);
  });

  it('leaves account files alone that need no change', async () => {
    applyToRoot({ root, below: [below] }, combine({}));
    await expect(stat(join(root, 'etc/passwd'))).rejects.toThrow('ENOENT');
  });

  it('enables and masks units by links', async () => {
    const units = [{ name: 'a.service', wantedBy: 'multi-user.target' as const }];
    applyToRoot({ root, below: [below] }, combine({ units, maskedUnits: ['b.timer'] }));
    const folder = join(root, 'etc/systemd/system');
    expect(await readlink(join(folder, 'multi-user.target.wants/a.service'))).toBe('/etc/systemd/system/a.service');
    expect(await readlink(join(folder, 'b.timer'))).toBe('/dev/null');
  });

  it('refuses an owner that the machine does not know', () => {
    const files = [{ path: '/x', mode: 0o644, owner: 'nobody-known', content: '' }];
    expect(() => applyToRoot({ root, below: [below] }, combine({ files }))).toThrow('no account nobody-known');
  });
});
