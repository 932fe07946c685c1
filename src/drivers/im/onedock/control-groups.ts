/**
 * What containers use, from the kernel's own files: one command for all containers of a host, where the engine would have
 * to be asked about each. Engines put containers below `docker` or, with systemd, into a scope of `system.slice`
 * (Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst). Pure.
 */
import { posix } from 'node:path';
import type { BlockIo, ContainerStats } from '../../docker/docker-types.ts';

/** Engines' folders of containers. */
const CONTAINERS = ['docker/*', 'system.slice/docker-*'];

/** Of control groups v1 each controller has a tree of its own. */
function files(file: string, controller?: string): string[] {
  return CONTAINERS.map((folder) => posix.join(controller ?? '', folder, file));
}

const FILES = [
  ...files('cpuacct.usage', 'cpuacct'),
  ...files('memory.usage_in_bytes', 'memory'),
  ...files('memory.stat', 'memory'),
  ...files('blkio.throttle.io_serv*_recursive', 'blkio'),
  ...files('cpu.stat'),
  ...files('memory.current'),
  ...files('memory.stat'),
  ...files('io.stat'),
];

/** Lines that are one number, and those of files with several that are of use. */
const LINES = '^[0-9]+$|inactive_file|usage_usec|rbytes=| (Read|Write) ';

/** Prints lines of all containers' files as `path:line`; what is not there it passes over. The text is fixed, and one line. */
export const READ_CONTROL_GROUPS = [
  'sh',
  '-c',
  `cd /sys/fs/cgroup && grep -HsE '${LINES}' ${FILES.join(' ')}; exit 0`,
] as const;

type Mutable = {
  cpu?: number;
  memory?: number;
  inactive: Record<string, number>;
  bytes: BlockIo[];
  operations: BlockIo[];
};

/** @returns figures by the container's whole id; containers whose files were not all found are missing */
export function readControlGroups(output: string): Map<string, ContainerStats> {
  const groups = new Map<string, Mutable>();
  for (const [, id = '', file = '', line = ''] of output.matchAll(LINE)) {
    const group = groups.get(id) ?? { inactive: {}, bytes: [], operations: [] };
    groups.set(id, group);
    READERS[file]?.(group, line.trim());
  }
  return new Map(
    Array.from(groups).flatMap(([id, { cpu, memory, inactive, bytes, operations }]) => {
      if (cpu === undefined || memory === undefined) return [];
      const stats: ContainerStats = {
        cpu_stats: { cpu_usage: { total_usage: cpu } },
        memory_stats: { usage: memory, stats: inactive },
        blkio_stats: { io_service_bytes_recursive: bytes, io_serviced_recursive: operations },
      };
      return [[id, stats] as const];
    }),
  );
}

const LINE = /^\S*?docker[-/]([0-9a-f]{64})(?:\.scope)?\/([^:/]+):(.*)$/gm;

const READERS: Readonly<Record<string, (group: Mutable, line: string) => void>> = {
  'cpuacct.usage': (group, line) => {
    group.cpu = Number(line);
  },
  'cpu.stat': (group, line) => {
    group.cpu = Number(line.split(' ')[1]) * 1000;
  },
  'memory.usage_in_bytes': (group, line) => {
    group.memory = Number(line);
  },
  'memory.current': (group, line) => {
    group.memory = Number(line);
  },
  'memory.stat': ({ inactive }, line) => {
    const [name = '', value] = line.split(' ');
    inactive[name] = Number(value);
  },
  'blkio.throttle.io_service_bytes_recursive': ({ bytes }, line) => bytes.push(...ofVersion1(line)),
  'blkio.throttle.io_serviced_recursive': ({ operations }, line) => operations.push(...ofVersion1(line)),
  'io.stat': ({ bytes, operations }, line) => {
    const values = new Map([...line.matchAll(/(\w+)=(\d+)/g)].map(([, name = '', value]) => [name, Number(value)]));
    const entry = (op: string, name: string) => ({ op, value: values.get(name) ?? 0 });
    bytes.push(entry('read', 'rbytes'), entry('write', 'wbytes'));
    operations.push(entry('read', 'rios'), entry('write', 'wios'));
  },
};

/** `8:0 Read 4096` */
function ofVersion1(line: string): BlockIo[] {
  const [, op = '', value] = line.split(' ');
  return op === '' ? [] : [{ op, value: Number(value) }];
}
