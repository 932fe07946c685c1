import { describe, expect, it } from 'vitest';
import type { ContainerStats } from '../../../../src/drivers/docker/docker-types.ts';
import { cpuSample, vmFigures } from '../../../../src/drivers/im/onedock/vm-figures.ts';

const NO_TRAFFIC = { received: 0, sent: 0 };
const START = { usedNs: 0, at: 0 };
const stats = (fields: Partial<ContainerStats> = {}): ContainerStats => ({
  cpu_stats: { cpu_usage: { total_usage: 500_000_000 } },
  memory_stats: {},
  blkio_stats: {},
  ...fields,
});
const figures = (fields: Partial<ContainerStats>, traffic = NO_TRAFFIC) =>
  vmFigures(stats(fields), traffic, cpuSample(stats(fields), 1000), START);

describe('vmFigures', () => {
  it('tells processor use in percent of one processor, from one look to the next', () => {
    const now = cpuSample(stats(), 3000);
    expect(vmFigures(stats(), NO_TRAFFIC, now, { usedNs: 100_000_000, at: 2000 }).CPU).toBe('40.00');
  });

  it('tells no processor use when the counter began anew, or no time has passed', () => {
    const now = cpuSample(stats(), 3000);
    expect(vmFigures(stats(), NO_TRAFFIC, now, { usedNs: 900_000_000, at: 2000 }).CPU).toBe('0.00');
    expect(vmFigures(stats(), NO_TRAFFIC, now, now).CPU).toBe('0.00');
  });

  it.each([
    ['1', { usage: 3072, stats: { total_inactive_file: 1024, inactive_file: 5 } }],
    ['2', { usage: 3072, stats: { inactive_file: 1024 } }],
  ])('tells memory in KB without cache, cgroup version %s', (_, memory_stats) => {
    expect(figures({ memory_stats }).MEMORY).toBe(2);
  });

  it.each([
    ['1', 'Read', 'Write'],
    ['2', 'read', 'write'],
  ])('adds up disks, cgroup version %s', (_, read, write) => {
    const io = (value: number) => [
      { op: read, value },
      { op: write, value: value * 2 },
      { op: read, value: 1 },
      { op: 'Total', value: 99 },
    ];
    const blkio_stats = { io_service_bytes_recursive: io(1000), io_serviced_recursive: io(10) };
    expect(figures({ blkio_stats })).toMatchObject({
      DISKRDBYTES: 1001,
      DISKWRBYTES: 2000,
      DISKRDIOPS: 11,
      DISKWRIOPS: 20,
    });
  });

  it('is zero where the engine says nothing', () => {
    expect(figures({ cpu_stats: {}, blkio_stats: { io_service_bytes_recursive: null } })).toEqual({
      CPU: '0.00',
      MEMORY: 0,
      NETRX: 0,
      NETTX: 0,
      DISKRDBYTES: 0,
      DISKWRBYTES: 0,
      DISKRDIOPS: 0,
      DISKWRIOPS: 0,
    });
  });
});
