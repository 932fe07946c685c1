/** Limits of a user or group. -1 takes the cloud's default, -2 is without limit. */
import { z } from 'zod';
import { templateText } from './attributes.ts';

const limit = z.number().min(-2).optional();

export const quotaInput = z
  .object({
    vms: limit,
    runningVms: limit,
    cpu: limit.describe('Cores.'),
    memoryMb: limit,
    systemDiskMb: limit,
  })
  .default({})
  .describe('Limits for VMs; -1 is the cloud’s default, -2 none.');

export type Quota = z.output<typeof quotaInput>;

export function quotaText({ vms, runningVms, cpu, memoryMb, systemDiskMb }: Quota): string {
  const limits = { VMS: vms, RUNNING_VMS: runningVms, CPU: cpu, MEMORY: memoryMb, SYSTEM_DISK_SIZE: systemDiskMb };
  const given = Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return given.length === 0 ? '' : templateText({ VM: Object.fromEntries(given) });
}
