/**
 * Settings of the kernel of the user's machine that sandboxes need raised. What each was before is written down before
 * it is changed, and put back when no sandbox is left.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withLock } from './lock.ts';

/** Names as sysctl(8) has them. Each is raised to the value; one that is higher already stays. */
export type WantedSettings = Readonly<Record<string, number>>;

/** What 32 machines need: systemd alone takes 5 inotify instances in each, and they count for root of all machines. */
export const MACHINE_SETTINGS: WantedSettings = {
  'fs.inotify.max_user_instances': 1024,
  'kernel.pid_max': 131072,
  'net.ipv4.neigh.default.gc_thresh3': 8192,
};

/** Packets of machines that are not for the user's machine are handed on. */
export const INTERNET_SETTINGS: WantedSettings = { 'net.ipv4.ip_forward': 1 };

/** @param file  where former values are kept */
export async function raiseKernelSettings(file: string, wanted: WantedSettings): Promise<void> {
  const current = await readAll(Object.keys(wanted));
  const lower = Object.entries(wanted).filter(
    ([name, value]) => (current.get(name) ?? Number.POSITIVE_INFINITY) < value,
  );
  if (lower.length === 0) return;
  await withLock(file, async () => {
    const former = await readFormer(file);
    const raised = Object.fromEntries(lower.map(([name]) => [name, former[name] ?? current.get(name)]));
    await writeWhole(file, JSON.stringify({ ...former, ...raised }));
    for (const [name, value] of lower) await writeFile(settingPath(name), String(value));
  });
}

/** Puts former values back, but for a setting that somebody else has changed since. */
export async function restoreKernelSettings(file: string): Promise<void> {
  await withLock(file, async () => {
    const former = await readFormer(file);
    const raised: WantedSettings = { ...MACHINE_SETTINGS, ...INTERNET_SETTINGS };
    const current = await readAll(Object.keys(former));
    const ours = Object.entries(former).filter(([name]) => current.get(name) === raised[name]);
    for (const [name, value] of ours) await writeFile(settingPath(name), String(value));
    await rm(file, { force: true });
  });
}

async function readFormer(file: string): Promise<Record<string, number>> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return JSON.parse(text);
}

/** Settings that this kernel does not have are left out. */
async function readAll(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const entries = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(settingPath(name), 'utf8').catch(() => undefined);
      return text === undefined ? [] : [[name, Number(text)] as const];
    }),
  );
  return new Map(entries.flat());
}

async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
}

function settingPath(name: string): string {
  return join('/proc/sys', ...name.split('.'));
}
