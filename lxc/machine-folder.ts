/**
 * The folder of a machine: `upper`, what lies over its layers; `data`, real directories for what an overlay cannot
 * hold; `report`, where it says that it is ready; and `config`, which is written last, so that a folder without one is
 * a machine whose making was interrupted.
 */
import { access, chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { applyToRoot } from '../provision/apply-to-root.ts';
import { ONEADMIN } from '../provision/base.ts';
import type { CompleteDescription } from '../provision/machine-description.ts';
import type { MachineRole } from '../src/sandbox/testbed.ts';
import { type MachineConfig, printConfig, type ReadConfig, readConfig } from './machine-config.ts';

/** overlay2 does not work on an overlay, and disks of VMs are used through loop devices. */
const DOCKER = { name: 'docker', to: '/var/lib/docker', owner: 0 };
const DATASTORES = { name: 'datastores', to: `${ONEADMIN.home}/datastores`, owner: ONEADMIN.id };
const DATA: Readonly<Record<MachineRole, readonly (typeof DOCKER)[]>> = {
  frontend: [DOCKER],
  host: [DOCKER, DATASTORES],
};

/** What outlives a machine that is made anew from other layers: the front-end's store, images, and logs. */
const KEPT = ['var/lib/one', 'var/lib/docker-registry', 'var/lib/docker-registry-hub', 'var/log/one'];

export const reportFolder = (folder: string) => join(folder, 'report');
const dataFolder = (folder: string, name: string) => join(folder, 'data', name);
export const datastoresFolder = (folder: string) => dataFolder(folder, DATASTORES.name);

export function dataBinds(folder: string, role: MachineRole): { from: string; to: string }[] {
  return DATA[role].map(({ name, to }) => ({ from: dataFolder(folder, name), to }));
}

/** Writes a machine that does not run, over what was there of it. */
export async function writeMachine(config: MachineConfig, content: CompleteDescription): Promise<void> {
  const { folder, layers, labels } = config;
  const [upper, former] = [join(folder, 'upper'), join(folder, 'upper.former')];
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await rm(join(folder, 'config'), { force: true });
  await rm(join(folder, 'work'), { recursive: true, force: true });
  // An `upper.former` is one of an interrupted making; what it holds is moved by this one.
  if ((await isThere(upper)) && !(await isThere(former))) await rename(upper, former);
  await mkdir(upper, { recursive: true, mode: 0o755 });
  for (const path of KEPT) await moveOver(join(former, path), join(upper, path));
  for (const { name, owner } of DATA[labels.role]) {
    await mkdir(dataFolder(folder, name), { recursive: true });
    await chown(dataFolder(folder, name), owner, owner);
  }
  applyToRoot({ root: upper, below: layers }, content);
  await writeFile(join(folder, 'config.part'), printConfig(config));
  await rename(join(folder, 'config.part'), join(folder, 'config'));
  await rm(former, { recursive: true, force: true });
}

export async function readMachine(folder: string): Promise<ReadConfig | undefined> {
  const text = await readFile(join(folder, 'config'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : readConfig(text);
}

/** Paths of the folders of machines, whole ones and others. */
export async function listMachineFolders(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.startsWith('onedock-')).map((name) => join(folder, name));
}

async function moveOver(from: string, to: string): Promise<void> {
  if (!(await isThere(from)) || (await isThere(to))) return;
  await mkdir(dirname(to), { recursive: true, mode: 0o755 });
  await rename(from, to);
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
