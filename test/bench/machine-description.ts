/** What the figures were taken on, so that a reader can tell whether they compare. */
import { existsSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

export interface MachineDescription {
  readonly processor: string;
  readonly processors: number;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly cgroup: 1 | 2;
  readonly node: string;
}

export function describeMachine(): MachineDescription {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown processor',
    processors: processors.length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    cgroup: existsSync('/sys/fs/cgroup/cgroup.controllers') ? 2 : 1,
    node: process.versions.node,
  };
}
