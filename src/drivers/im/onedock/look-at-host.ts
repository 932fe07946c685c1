/** The looks at a host from which reports are made. */
import { posix } from 'node:path';
import pLimit from 'p-limit';
import type { ContainerStats, ContainerSummary } from '../../docker/docker-types.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { findImported } from '../../hosts/imported-vms.ts';
import { LABEL, vmIdOfContainer } from '../../hosts/vm-on-host.ts';
import { READ_CONTROL_GROUPS, readControlGroups } from './control-groups.ts';
import { DF, readSpace } from './disk-space.ts';
import {
  HOST_FILES,
  type HostFigures,
  NO_TRAFFIC,
  readHostFigures,
  type Traffic,
  trafficOfVms,
} from './host-figures.ts';
import { type GuestFigures, type GuestLook, guestState, type HostDescription } from './reports.ts';
import { type CpuSample, cpuSample, trafficFigures, vmFigures } from './vm-figures.ts';
import type { WildContainer } from './wild-containers.ts';

/** Where datastores lie on the host, and whose space is wanted. */
export interface WantedDatastores {
  readonly datastoreLocation: string;
  readonly systemDatastoreIds: readonly number[];
}

/** Questions to the engine at the same time. */
const PARALLEL_QUESTIONS = 8;

export async function describeHost(
  host: DockerHost,
  wanted: WantedDatastores,
  signal: AbortSignal,
): Promise<HostDescription> {
  const location = posix.normalize(wanted.datastoreLocation);
  const paths = wanted.systemDatastoreIds.map((id) => [id, posix.join(location, String(id))] as const);
  const [engine, figures, df] = await Promise.all([
    host.docker.info({ signal }),
    readFigures(host, signal),
    // A datastore that no VM has used on this host has no directory yet.
    host.run([...DF, location, ...paths.map(([, path]) => path)], { signal, shell: 'look', acceptExitCodes: [0, 1] }),
  ]);
  const space = readSpace(df.stdout);
  const datastores = paths.flatMap(([id, path]) => {
    const found = space.get(path) ?? space.get(location);
    return found ? [[id, found] as const] : [];
  });
  return { engine, figures, location: space.get(location), datastores: new Map(datastores) };
}

/** Containers that run and are no VMs. */
export async function findWild(
  host: DockerHost,
  { datastoreLocation }: Pick<WantedDatastores, 'datastoreLocation'>,
  signal: AbortSignal,
): Promise<WildContainer[]> {
  const [containers, imported] = await Promise.all([
    host.docker.list({ signal }),
    findImported(host, datastoreLocation, signal),
  ]);
  const wild = containers.filter(
    ({ Id, Names, State, Labels }) =>
      (State === 'running' || State === 'paused') &&
      Labels?.[LABEL.vm] === undefined &&
      !imported.has(Id) &&
      // The VM of another front-end, whoever made it (as in src/im_mad/remotes/lib/kvm.rb, wilds_info).
      !Names.some((name) => vmIdOfContainer(name) !== undefined),
  );
  const limit = pLimit(PARALLEL_QUESTIONS);
  const found = await Promise.all(wild.map(({ Id }) => limit(() => host.docker.find(Id, { signal }))));
  return found.filter((container) => container !== undefined);
}

/** All VMs of the host. One that an action works on is UNKNOWN: what it is about to be is not for monitoring to say. */
export async function lookAtGuests(
  host: DockerHost,
  { datastoreLocation }: Pick<WantedDatastores, 'datastoreLocation'>,
  signal: AbortSignal,
): Promise<GuestLook[]> {
  const before = await host.lockedVms(signal);
  const [containers, imported] = await Promise.all([
    host.docker.list({ signal }),
    findImported(host, datastoreLocation, signal),
  ]);
  const after = await host.lockedVms(signal);
  return containers.flatMap((container) => {
    const guest = guestOf(container, imported);
    if (!guest) return [];
    const busy = before.has(guest.deployId) || after.has(guest.deployId);
    return [{ ...guest, state: busy ? 'UNKNOWN' : guestState(container.State) } as const];
  });
}

/** What each running VM uses. `samples` keeps processor times from one look to the next; it is changed. */
export async function measureGuests(
  host: DockerHost,
  samples: Map<string, CpuSample>,
  { datastoreLocation }: Pick<WantedDatastores, 'datastoreLocation'>,
  signal: AbortSignal,
): Promise<GuestFigures[]> {
  const [containers, imported, { devices }, disks, groups, { hasControlGroups }] = await Promise.all([
    host.docker.list({ signal }),
    findImported(host, datastoreLocation, signal),
    readFigures(host, signal),
    measureDisks(host, posix.normalize(datastoreLocation), signal),
    host.run(READ_CONTROL_GROUPS, { signal, shell: 'look' }).then(({ stdout }) => readControlGroups(stdout)),
    host.docker.traits({ signal }),
  ]);
  const running = containers.filter(({ State }) => State === 'running');
  const ids = new Set(running.map(({ Id }) => Id));
  for (const id of samples.keys()) if (!ids.has(id)) samples.delete(id);
  const traffics = trafficOfVms(devices);
  const limit = pLimit(PARALLEL_QUESTIONS);
  const measured = await Promise.all(
    running.map((container) =>
      limit(async (): Promise<GuestFigures[]> => {
        const guest = guestOf(container, imported);
        if (!guest) return [];
        const own = traffics.get(guest.vmId) ?? NO_TRAFFIC;
        const diskMb = disks.get(guest.vmId) ?? new Map();
        // The engine would tell what the machine uses.
        if (!hasControlGroups) return [{ ...guest, figures: trafficFigures(own), diskMb }];
        // The engine knows the traffic of its own networks, and all where its groups lie elsewhere.
        const known = imported.has(container.Id) ? undefined : groups.get(container.Id);
        const stats = known ?? (await host.docker.stats(container.Id, { signal }));
        if (!stats) return [];
        const now = cpuSample(stats, Date.now());
        const before = samples.get(container.Id) ?? (await sinceStart(host, container.Id, signal)) ?? now;
        samples.set(container.Id, now);
        const traffic = imported.has(container.Id) ? dockerTraffic(stats) : own;
        const figures = vmFigures(stats, traffic, now, before);
        return [{ ...guest, figures, diskMb }];
      }),
    ),
  );
  return measured.flat();
}

async function readFigures(host: DockerHost, signal: AbortSignal): Promise<HostFigures> {
  const { stdout } = await host.run(['tail', '--verbose', '--lines=+1', ...HOST_FILES], { signal, shell: 'look' });
  return readHostFigures(stdout);
}

/** Space that data disks take, in MB, by VM and number. The root disk of a container is not a file. */
async function measureDisks(
  host: DockerHost,
  location: string,
  signal: AbortSignal,
): Promise<Map<number, Map<number, number>>> {
  const disksOnly = ['-mindepth', '3', '-maxdepth', '3', '-type', 'f', '-name', 'disk.*', '-size', '+4k'];
  const command = ['find', location, ...disksOnly, '-printf', '%k %P\\n'];
  const { stdout } = await host.run(command, { signal, shell: 'look', acceptExitCodes: [0, 1] });
  const sizes = new Map<number, Map<number, number>>();
  for (const [, kb, vm, disk] of stdout.matchAll(/^(\d+) \d+\/(\d+)\/disk\.(\d+)$/gm)) {
    const ofVm = sizes.get(Number(vm)) ?? new Map<number, number>();
    sizes.set(Number(vm), ofVm.set(Number(disk), Math.ceil(Number(kb) / 1024)));
  }
  return sizes;
}

/** A VM that is measured for the first time: its share is that of all the time since its start. */
async function sinceStart(host: DockerHost, id: string, signal: AbortSignal): Promise<CpuSample | undefined> {
  const container = await host.docker.find(id, { signal });
  return container && { usedNs: 0, at: Date.parse(container.State.StartedAt) };
}

/** Traffic in networks of Docker's own. */
function dockerTraffic({ networks = {} }: ContainerStats): Traffic {
  const all = Object.values(networks);
  return {
    received: all.reduce((sum, { rx_bytes }) => sum + rx_bytes, 0),
    sent: all.reduce((sum, { tx_bytes }) => sum + tx_bytes, 0),
  };
}

function guestOf(
  { Id, Names, Labels }: ContainerSummary,
  imported: ReadonlyMap<string, number>,
): { vmId: number; deployId: string } | undefined {
  const importedAs = imported.get(Id);
  if (importedAs !== undefined) return { vmId: importedAs, deployId: Id };
  const deployId = (Names[0] ?? '').replace('/', '');
  const vmId = vmIdOfContainer(deployId);
  return vmId === undefined || Labels?.[LABEL.vm] !== String(vmId) ? undefined : { vmId, deployId };
}
