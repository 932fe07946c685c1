/** Monitoring messages in OpenNebula's words and units (monitoring, data formats). Pure. */
import { type Attribute, printTemplate, Template, type Vector } from '../../../opennebula/template.ts';
import type { MonitorReport } from '../../contract/driver-runner.ts';
import type { ContainerStatus, EngineInfo } from '../../docker/docker-types.ts';
import type { LiveReadiness } from '../../hosts/live-migration.ts';
import type { Space } from './disk-space.ts';
import { type HostFigures, ownTraffic, usedCpu } from './host-figures.ts';
import type { VmEnd } from './vm-end.ts';
import type { TrafficFigures, VmFigures } from './vm-figures.ts';
import { type WildContainer, wildVector } from './wild-containers.ts';

/** What users name in SCHED_REQUIREMENTS; as the first ONEDock reported it. */
const HYPERVISOR = 'docker';

export interface HostDescription {
  readonly engine: EngineInfo;
  readonly figures: HostFigures;
  readonly location: Space | undefined;
  readonly datastores: ReadonlyMap<number, Space>;
}

export interface HostFindings {
  readonly hostId: number;
  readonly wild: readonly WildContainer[];
  /** What is amiss, for who looks at the host. */
  readonly ailment: string | undefined;
  /** Whether VMs can leave it while they run, and come to it. */
  readonly live: LiveReadiness | undefined;
}

export function systemReport(
  { engine, figures, location, datastores }: HostDescription,
  { hostId, wild, ailment, live }: HostFindings,
): MonitorReport {
  return report('SYSTEM_HOST', [
    ...values({
      HYPERVISOR,
      HOSTNAME: engine.Name,
      ARCH: engine.Architecture,
      MODELNAME: figures.cpuModel,
      CPUSPEED: figures.cpuMhz,
      TOTALCPU: totalCpu(engine),
      TOTALMEMORY: figures.memoryTotalKb,
      CGROUPS_VERSION: engine.CgroupVersion ?? '1',
      KERNEL_VERSION: engine.KernelVersion,
      OPERATING_SYSTEM: engine.OperatingSystem,
      DOCKER_VERSION: engine.ServerVersion,
      ...(live && {
        LIVE_MIGRATION: live.obstacles.length === 0 ? 'YES' : 'NO',
        LIVE_MIGRATION_OBSTACLES: live.obstacles.join(' '),
        CRIU_VERSION: live.criu ?? '',
      }),
      // OpenNebula shows it with the host, and forgets it with the next report (src/host/Host.cc, update_info, 7.4).
      ...(ailment && { ERROR: ailment }),
      ...(location && {
        DS_LOCATION_USED_MB: location.usedMb,
        DS_LOCATION_TOTAL_MB: location.totalMb,
        DS_LOCATION_FREE_MB: location.freeMb,
      }),
    }),
    ...[...datastores].map(([id, { usedMb, totalMb, freeMb }]) =>
      vector('DS', { ID: id, USED_MB: usedMb, TOTAL_MB: totalMb, FREE_MB: freeMb }),
    ),
    ...wild.map((container): Attribute => ['VM', wildVector(container, HYPERVISOR, hostId)]),
  ]);
}

/** @param before  figures of an earlier look, for what was used since */
export function usageReport({ engine, figures }: HostDescription, before: HostFigures | undefined): MonitorReport {
  const used = usedCpu(figures, before, totalCpu(engine));
  const { received, sent } = ownTraffic(figures.devices);
  return report(
    'MONITOR_HOST',
    values({
      USEDCPU: used,
      FREECPU: Math.max(0, totalCpu(engine) - used),
      USEDMEMORY: figures.memoryTotalKb - figures.memoryAvailableKb,
      FREEMEMORY: figures.memoryAvailableKb,
      NETRX: received,
      NETTX: sent,
    }),
  );
}

export type GuestState = 'RUNNING' | 'POWEROFF' | 'SUSPENDED' | 'UNKNOWN';

export interface GuestLook {
  readonly vmId: number;
  readonly deployId: string;
  readonly state: GuestState;
  /** Why, as a sentence for the VM's log. OpenNebula's own front-end has no use for it. */
  readonly reason?: string | undefined;
}

export function guestState(status: ContainerStatus): GuestState {
  return GUEST_STATES[status];
}

const GUEST_STATES = {
  running: 'RUNNING',
  restarting: 'RUNNING',
  paused: 'SUSPENDED',
  created: 'POWEROFF',
  exited: 'POWEROFF',
  dead: 'POWEROFF',
  removing: 'POWEROFF',
} satisfies Record<ContainerStatus, GuestState>;

/** @param complete  whether a VM that is not named is off */
export function stateReport(guests: readonly GuestLook[], { complete }: { readonly complete: boolean }): MonitorReport {
  return report('STATE_VM', [
    ...(complete ? values({ SYNC_STATE: 'yes', MISSING_STATE: 'POWEROFF' }) : []),
    ...guests.map(({ vmId, deployId, state, reason }) =>
      vector('VM', { ID: vmId, DEPLOY_ID: deployId, STATE: state, ...(reason && { REASON: reason }) }),
    ),
  ]);
}

export interface GuestFigures {
  readonly vmId: number;
  readonly deployId: string;
  readonly figures: VmFigures | TrafficFigures;
  /** Space that data disks take on the host, by number. */
  readonly diskMb: ReadonlyMap<number, number>;
}

export function vmReport(guests: readonly GuestFigures[]): MonitorReport {
  return report(
    'MONITOR_VM',
    guests.map(({ vmId, deployId, figures, diskMb }) => {
      const disks = [...diskMb].map(([id, mb]) => vector('DISK_SIZE', { ID: id, SIZE: mb }));
      return sampleVector({ vmId, deployId }, [...values({ ...figures }), ...disks]);
    }),
  );
}

/** How a VM ended. The names are not OpenNebula's, which keeps them as they are. */
export function endReport(guest: Pick<GuestLook, 'vmId' | 'deployId'>, { exitCode, outOfMemory }: VmEnd) {
  const sample = values({ LAST_EXIT_CODE: exitCode, LAST_EXIT_OOM: outOfMemory ? 'YES' : 'NO' });
  return report('MONITOR_VM', [sampleVector(guest, sample)]);
}

/** How a command has ended that somebody ran in a VM, in the words of the agent for KVM (remotes/lib/kvm_qemu_ga.rb, 7.4). */
export interface CommandEnd {
  /** The command, as the VM counts its processes; undefined when nothing is known of it. */
  readonly pid?: number;
  /** `ERROR` when its result is lost. */
  readonly status: 'DONE' | 'ERROR';
  readonly exitCode?: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** More was printed than is kept. */
  readonly isCut?: boolean;
}

export function commandReport(
  vmId: number,
  { pid, status, exitCode, stdout, stderr, isCut }: CommandEnd,
): MonitorReport {
  const output = { STDOUT: stdout.toString('base64'), STDERR: stderr.toString('base64') };
  const numbers = { PID: pid ?? '', RETURN_CODE: exitCode ?? '' };
  // OpenNebula keeps attributes that it does not know.
  const cut = isCut ? { TRUNCATED: 'YES' } : {};
  return report('EXEC_VM', [vector('VM', { ID: vmId, STATUS: status, ...numbers, ...output, ...cut })]);
}

function sampleVector({ vmId, deployId }: Pick<GuestLook, 'vmId' | 'deployId'>, sample: readonly Attribute[]) {
  const text = printTemplate(new Template(sample));
  return vector('VM', { ID: vmId, DEPLOY_ID: deployId, MONITOR: Buffer.from(text).toString('base64') });
}

function totalCpu({ NCPU }: EngineInfo): number {
  return NCPU * 100;
}

function report(type: MonitorReport['type'], attributes: readonly Attribute[]): MonitorReport {
  return { type, text: printTemplate(new Template(attributes)) };
}

function values(named: Readonly<Record<string, string | number>>): Attribute[] {
  return Object.entries(named).map(([name, value]) => [name, String(value)]);
}

function vector(name: string, named: Readonly<Record<string, string | number>>): Attribute {
  const entries = Object.entries(named).map(([key, value]) => [key, String(value)] as const);
  return [name, Object.fromEntries(entries) satisfies Vector];
}
