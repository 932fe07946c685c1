/**
 * Which VMs have a console that can be looked at over VNC: a file for each in a folder of the front-end. The drivers write
 * and remove them, the console server (`src/console`) reads them; the folder is there where such a server is installed.
 */
import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../errors/thrown.ts';

export interface ConsoleRecord {
  readonly vmId: number;
  /** The host that runs the VM, on whose port the console is. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
  /** Empty when everybody is let in. */
  readonly password: string;
}

/** @returns false when no console server is installed */
export async function writeConsoleRecord(folder: string, record: ConsoleRecord): Promise<boolean> {
  const path = join(folder, `${record.vmId}.json`);
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
  await rename(draft, path);
  return true;
}

/** Succeeds when there is none. */
export async function removeConsoleRecord(folder: string, vmId: number | string): Promise<void> {
  await rm(join(folder, `${vmId}.json`), { force: true });
}

/** What is there at this moment. A file that goes meanwhile is left out. */
export async function readConsoleRecords(folder: string): Promise<ConsoleRecord[]> {
  const names = (await readdir(folder)).filter((name) => /^\d+\.json$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
  return texts.filter((text) => text !== '').map((text): ConsoleRecord => JSON.parse(text));
}
