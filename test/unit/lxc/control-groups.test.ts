import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { listGroups, processesOf } from '../../../lxc/control-groups.ts';

/** Where LXC puts the groups of a container: at the root of every hierarchy, or of the only one. */
const VERSIONS = [
  { version: 'v1', hierarchies: ['memory', 'pids', 'systemd'] },
  { version: 'v2', hierarchies: ['.'] },
];

describe.each(VERSIONS)('control groups $version', ({ hierarchies }) => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'onedock-groups-'));
    onTestFinished(() => rm(root, { recursive: true }));
    for (const hierarchy of hierarchies) await mkdir(join(root, hierarchy), { recursive: true });
  });

  const make = async (name: string, processes = '') => {
    for (const hierarchy of hierarchies) {
      await mkdir(join(root, hierarchy, name), { recursive: true });
      await writeFile(join(root, hierarchy, name, 'cgroup.procs'), processes);
    }
  };

  it('of machines are found in every hierarchy', async () => {
    await make('lxc.payload.onedock-demo-host-1');
    await make('lxc.monitor.onedock-demo-host-1');
    const found = await listGroups(root);
    expect(found).toHaveLength(2 * hierarchies.length);
    expect(new Set(found.map(({ container }) => container))).toEqual(new Set(['onedock-demo-host-1']));
  });

  it('whose name was taken belong to the machine as well', async () => {
    await make('lxc.payload.onedock-demo-host-12-1');
    expect((await listGroups(root)).map(({ container }) => container)).toContain('onedock-demo-host-12');
  });

  it('of others are left alone', async () => {
    await make('lxc.payload.web');
    await make('system.slice');
    expect(await readdir(join(root, hierarchies[0] ?? ''))).toContain('lxc.payload.web');
    expect(await listGroups(root)).toEqual([]);
  });

  it('hold the processes of the groups below them, too', async () => {
    await make('lxc.payload.onedock-demo-host-1', '10\n');
    await make('lxc.payload.onedock-demo-host-1/docker', '11\n12\n');
    const [group] = await listGroups(root);
    expect((await processesOf(group?.path ?? '')).toSorted((a, b) => a - b)).toEqual([10, 11, 12]);
  });
});
