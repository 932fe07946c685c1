/**
 * How Vagrant's machines are reached, as the Vagrantfile's triggers leave it beside what Vagrant itself keeps of them
 * (provision/vagrant/access.rb), and the label that each had when it was seen last, for when it is off.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineLabel } from '../../../provision/machine-label.ts';
import type { GivenServer } from '../ssh/given-machines.ts';

type Access = Omit<GivenServer, 'jump' | 'connectTimeoutSeconds'>;

const CONNECT_TIMEOUT_SECONDS = 15;

const accessFolder = (folder: string) => join(folder, 'onedock');

/** Machines that Vagrant has made, running or not: it has an id of theirs. */
export async function madeMachines(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'machines')).catch(() => []);
  const made = await Promise.all(
    names.map(async (name) => {
      const files = await readdir(join(folder, 'machines', name), { recursive: true });
      return files.some((file) => file.endsWith('/id')) ? [name] : [];
    }),
  );
  return made.flat().toSorted();
}

/** By their names in the sandbox. */
export async function readServers(folder: string): Promise<ReadonlyMap<string, GivenServer>> {
  const names = (await readdir(accessFolder(folder)).catch(() => [])).filter((name) => name.endsWith('.json'));
  const servers = await Promise.all(
    names.map(async (name): Promise<[string, GivenServer]> => {
      const found: Access = JSON.parse(await readFile(join(accessFolder(folder), name), 'utf8'));
      return [name.replace(/\.json$/, ''), { ...found, connectTimeoutSeconds: CONNECT_TIMEOUT_SECONDS }];
    }),
  );
  return new Map(servers);
}

export async function keepLabel(folder: string, name: string, label: MachineLabel): Promise<void> {
  await writeFile(join(accessFolder(folder), `${name}.label`), `${JSON.stringify(label)}\n`);
}

export async function keptLabel(folder: string, name: string): Promise<MachineLabel | undefined> {
  const text = await readFile(join(accessFolder(folder), `${name}.label`), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}
