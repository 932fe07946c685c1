/** Takes away what a sandbox made on the user's machine. Every step may find nothing, so all can be run again. */
import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Transport } from '../src/transport/transport.ts';
import { killContainers, listRunning } from './containers.ts';
import { removeFirewall } from './firewall.ts';
import { detachLoopDevices, findLoopDevices } from './loop-devices.ts';
import { datastoresFolder, listMachineFolders } from './machine-folder.ts';
import {
  containerName,
  linkName,
  machinesFolder,
  NETWORK_KINDS,
  type Places,
  sandboxFolder,
  secretsFolder,
} from './names.ts';
import { listLinks, removeLinks } from './networks.ts';

export async function removeMachine(local: Transport, places: Places, sandbox: string, machine: string): Promise<void> {
  const containers = machinesFolder(places, sandbox);
  const folder = join(containers, containerName(sandbox, machine));
  await killContainers(local, containers, new Set([basename(folder)]));
  const own = new Set(NETWORK_KINDS.map((kind) => linkName(sandbox, machine, kind)));
  await Promise.all([
    listLinks(local, sandbox).then((links) =>
      removeLinks(
        local,
        links.filter((link) => own.has(link)),
      ),
    ),
    removeFolders(local, [folder]),
    removeIdentity(join(secretsFolder(places, sandbox), 'hosts'), machine),
  ]);
}

export async function removeSandbox(local: Transport, places: Places, sandbox: string): Promise<void> {
  let left = true;
  // A program that a killed ONEDock had started may still be making something while this removes: it is looked again.
  for (let pass = 0; left && pass < MOST_PASSES; pass += 1) {
    await removeWhatIsThere(local, places, sandbox);
    const [running, links] = await Promise.all([
      listRunning(local, machinesFolder(places, sandbox)),
      listLinks(local, sandbox),
    ]);
    left = running.size > 0 || links.length > 0;
  }
}

const MOST_PASSES = 3;

async function removeWhatIsThere(local: Transport, places: Places, sandbox: string): Promise<void> {
  const containers = machinesFolder(places, sandbox);
  const [folders, running] = await Promise.all([listMachineFolders(containers), listRunning(local, containers)]);
  // Also one whose folder somebody has removed.
  await killContainers(local, containers, new Set([...folders.map((folder) => basename(folder)), ...running]));
  await Promise.all([
    listLinks(local, sandbox).then((links) => removeLinks(local, links)),
    removeFirewall(local, sandbox),
    removeFolders(local, folders),
  ]);
  // Secrets go last: a folder tells that a removal was interrupted.
  await rm(sandboxFolder(places, sandbox), { recursive: true, force: true });
}

/** `rm` is several times as fast as Node at the hundred thousand files of Docker's images. */
async function removeFolders(local: Transport, folders: readonly string[]): Promise<void> {
  if (folders.length === 0) return;
  await detachLoopDevices(local, await findLoopDevices(local, folders.map(datastoresFolder)));
  await local.run(['rm', '-rf', '--', ...folders], { timeoutSeconds: REMOVAL_TIMEOUT_SECONDS });
}

const REMOVAL_TIMEOUT_SECONDS = 600;

async function removeIdentity(folder: string, machine: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const own = names.filter((name) => name.startsWith(`${machine}@`));
  await Promise.all(own.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
