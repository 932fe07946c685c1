import { defineAction } from '../../contract/action.ts';
import { fileSystemCapacity, printCapacity } from '../../datastore/capacity.ts';
import { fail } from '../errors.ts';
import { readRequest } from './request.ts';

/** MONITOR: what the file system of the folder has. */
export const monitor = defineAction({
  args: ['document', 'marketId'],
  async run({ document }) {
    const { publicDir } = readRequest(document);
    const capacity = await fileSystemCapacity(publicDir).catch((cause: unknown) => {
      throw fail('PUBLIC_DIR_MISSING', { path: publicDir }, cause);
    });
    return printCapacity(capacity);
  },
});
