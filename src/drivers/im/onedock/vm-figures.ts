/** What a VM uses, from the engine's figures of its container. Pure. */
import type { BlockIo, ContainerStats } from '../../docker/docker-types.ts';
import type { Traffic } from './host-figures.ts';

/** Processor time that a container had used by a moment. */
export interface CpuSample {
  readonly usedNs: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface VmFigures extends TrafficFigures {
  /** Percent of one processor. */
  readonly CPU: string;
  /** KB */
  readonly MEMORY: number;
  /** Bytes, and operations, since the VM was started. */
  readonly DISKRDBYTES: number;
  readonly DISKWRBYTES: number;
  readonly DISKRDIOPS: number;
  readonly DISKWRIOPS: number;
}

/** All that is known of a VM whose container has no control group. Bytes, since the VM was started. */
export interface TrafficFigures {
  readonly NETRX: number;
  readonly NETTX: number;
}

export function trafficFigures({ received, sent }: Traffic): TrafficFigures {
  return { NETRX: received, NETTX: sent };
}

export function vmFigures(stats: ContainerStats, traffic: Traffic, now: CpuSample, before: CpuSample): VmFigures {
  const { io_service_bytes_recursive: bytes, io_serviced_recursive: operations } = stats.blkio_stats;
  return {
    CPU: cpuPercent(now, before).toFixed(2),
    MEMORY: Math.round(usedMemory(stats) / 1024),
    ...trafficFigures(traffic),
    DISKRDBYTES: sum(bytes, 'read'),
    DISKWRBYTES: sum(bytes, 'write'),
    DISKRDIOPS: sum(operations, 'read'),
    DISKWRIOPS: sum(operations, 'write'),
  };
}

export function cpuSample(stats: ContainerStats, at: number): CpuSample {
  return { usedNs: stats.cpu_stats.cpu_usage?.total_usage ?? 0, at };
}

/** A counter that is smaller than before belongs to a container that was started anew. */
function cpuPercent(now: CpuSample, before: CpuSample): number {
  const milliseconds = now.at - before.at;
  const usedNs = now.usedNs - before.usedNs;
  return milliseconds <= 0 || usedNs < 0 ? 0 : (usedNs / 1e6 / milliseconds) * 100;
}

/** Without the page cache that the kernel can drop at once, as `docker stats` counts: names differ with the cgroup version. */
function usedMemory({ memory_stats: { usage = 0, stats = {} } }: ContainerStats): number {
  const cache = stats.total_inactive_file ?? stats.inactive_file ?? 0;
  return Math.max(0, usage - cache);
}

function sum(entries: readonly BlockIo[] | null | undefined, operation: 'read' | 'write'): number {
  const matching = (entries ?? []).filter(({ op }) => op.toLowerCase() === operation);
  return matching.reduce((total, { value }) => total + value, 0);
}
