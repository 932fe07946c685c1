import { defineAction } from '../../contract/action.ts';
import { toMegabytes } from '../../registry/image-description.ts';
import type { ImageRegistry } from '../../registry/image-registry.ts';
import { storedBytes } from '../../registry/own-images.ts';
import { type Capacity, fileSystemCapacity, printCapacity } from '../capacity.ts';
import { fail } from '../errors.ts';
import type { Context } from './services.ts';

/**
 * MONITOR: the file system of the registry's data where it runs on this machine; elsewhere what its images sum up to,
 * of the capacity that the settings name.
 * @throws CAPACITY_UNKNOWN when they name none
 */
export const monitor = defineAction({
  args: ['datastoreId'],
  async run(_, { registry, signal }: Context) {
    return printCapacity(await registryCapacity(registry, signal));
  },
});

async function registryCapacity({ own, space }: ImageRegistry, signal: AbortSignal): Promise<Capacity> {
  const { dataDirectory, capacityMb } = space;
  if (dataDirectory !== undefined) return fileSystemCapacity(dataDirectory);
  if (capacityMb === undefined) throw fail('CAPACITY_UNKNOWN', { server: own.server });
  const usedMb = toMegabytes(await storedBytes(own, 'onedock/', signal));
  return { usedMb, totalMb: capacityMb, freeMb: Math.max(0, capacityMb - usedMb) };
}
