import { mkdir } from 'node:fs/promises';
import { defineAction } from '../../contract/action.ts';
import { fileSystemCapacity, filesMb, printCapacity } from '../capacity.ts';
import { readDatastore } from '../request.ts';

/** MONITOR: what the files of the datastore take, and what their file system has. */
export const monitor = defineAction({
  args: ['datastoreId'],
  async run(_, { document }) {
    const { basePath } = readDatastore(document());
    await mkdir(basePath, { recursive: true });
    const capacity = await fileSystemCapacity(basePath);
    return printCapacity({ ...capacity, usedMb: await filesMb(basePath) });
  },
});
