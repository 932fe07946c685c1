import { defineAction } from '../../contract/action.ts';

/** FAILMIGRATE: nothing, as MIGRATE of the virtualization driver has undone what it began. */
export const failmigrate = defineAction({
  args: ['sourceHost', 'destinationHost', 'directory', 'vmId', 'datastoreId'],
  async run() {},
});
