/** Looks for everything that carries a sandbox's label, by asking the kernel and the file system, not from memory. */
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Leak } from '../src/sandbox/testbed.ts';
import type { Transport } from '../src/transport/transport.ts';
import { listRunning } from './containers.ts';
import { listGroups, processesOf } from './control-groups.ts';
import { listFirewalls } from './firewall.ts';
import { findLoopDevices } from './loop-devices.ts';
import { datastoresFolder, listMachineFolders } from './machine-folder.ts';
import {
  bridgeName,
  containerName,
  firewallTable,
  machinesFolder,
  NETWORK_KINDS,
  type Places,
  sandboxFolder,
} from './names.ts';
import { listLinks } from './networks.ts';

export async function findLeaks(local: Transport, places: Places, sandbox: string): Promise<Leak[]> {
  const folder = sandboxFolder(places, sandbox);
  const machines = machinesFolder(places, sandbox);
  const bridges = new Set(NETWORK_KINDS.map((kind) => bridgeName(sandbox, kind)));
  const [running, mounts, loops, links, firewalls, processes, groups, present] = await Promise.all([
    listRunning(local, machines),
    findMounts(folder),
    listMachineFolders(machines).then((folders) => findLoopDevices(local, folders.map(datastoresFolder))),
    listLinks(local, sandbox),
    listFirewalls(local),
    findProcesses(machines),
    findGroups(sandbox),
    access(folder).then(
      () => true,
      () => false,
    ),
  ]);
  const leak = (kind: Leak['kind']) => (name: string) => ({ kind, name });
  return [
    ...Array.from(running, leak('machine')),
    ...[...new Set([...processes, ...groups.processes])].map(leak('process')),
    ...groups.paths.map(leak('control group')),
    ...mounts.map(leak('mount')),
    ...loops.map(leak('loop device')),
    ...links.map((name) => leak(bridges.has(name) ? 'bridge' : 'link')(name)),
    ...(firewalls.includes(sandbox) ? [leak('nftables table')(firewallTable(sandbox))] : []),
    ...(present ? [leak('directory')(folder)] : []),
  ];
}

/** Mount points, and mounts of something below the folder elsewhere. */
async function findMounts(folder: string): Promise<string[]> {
  const lines = (await readFile('/proc/self/mounts', 'utf8')).split('\n');
  return lines.filter((line) => line.includes(`${folder}/`)).map((line) => line.split(' ')[1] ?? line);
}

/** Processes that have the folder on their command line, as LXC's own for each container. */
async function findProcesses(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const command = (await readFile(join('/proc', pid, 'cmdline'), 'utf8').catch(() => '')).replaceAll('\0', ' ');
      return command.includes(folder) ? [`${pid} ${command.trim()}`] : [];
    }),
  );
  return found.flat();
}

async function findGroups(sandbox: string): Promise<{ paths: string[]; processes: string[] }> {
  const prefix = containerName(sandbox, '');
  const own = (await listGroups()).filter(
    ({ container }) => container.startsWith(prefix) && /^(frontend|host-\d+)$/.test(container.slice(prefix.length)),
  );
  const pids = (await Promise.all(own.map(({ path }) => processesOf(path)))).flat();
  return { paths: own.map(({ path }) => path), processes: [...new Set(pids)].map(String) };
}
