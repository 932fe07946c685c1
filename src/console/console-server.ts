/**
 * Serves the consoles of all VMs that have one. Which they are it reads from a folder that drivers write to, whether they
 * run from the engines of the hosts; it keeps nothing of its own, so that it may end and be started at any time.
 */
import { mkdir, watch } from 'node:fs/promises';
import { readConsoleRecords } from '../drivers/hosts/console-records.ts';
import type { DockerHosts } from '../drivers/hosts/docker-hosts.ts';
import { HostConsoles } from './host-consoles.ts';

export interface ConsoleServerOptions {
  readonly folder: string;
  readonly hosts: DockerHosts;
  readonly log: (text: string) => void;
  /** After this long without any console there is nothing to do. */
  readonly idleSeconds: number;
}

/** Until the signal is aborted, or nobody has a console. */
export async function serveConsoles(options: ConsoleServerOptions, signal: AbortSignal): Promise<void> {
  const { folder, idleSeconds } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const idle = new AbortController();
  const ended = AbortSignal.any([signal, idle.signal]);
  const hosts = new Map<string, HostConsoles>();
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const records = Map.groupBy(await readConsoleRecords(folder), ({ host }) => host);
    for (const host of records.keys()) if (!hosts.has(host)) hosts.set(host, new HostConsoles({ ...options, host }));
    const gone = [...hosts].filter(([host]) => !records.has(host));
    for (const [host, consoles] of hosts) consoles.want(records.get(host) ?? []);
    for (const [host] of gone) hosts.delete(host);
    await Promise.all(gone.map(([, consoles]) => consoles[Symbol.asyncDispose]()));
    clearTimeout(timer);
    if (hosts.size === 0) timer = setTimeout(() => idle.abort(), idleSeconds * 1000);
  }

  try {
    // Watched before it is read, so that nothing is missed in between.
    const changes = watch(folder, { signal: ended });
    await look();
    for await (const _ of changes) await look();
  } catch (error) {
    if (!ended.aborted) throw error;
  } finally {
    clearTimeout(timer);
    await Promise.all([...hosts.values()].map((consoles) => consoles[Symbol.asyncDispose]()));
  }
}
