import { defineAction } from '../../contract/action.ts';

/** POSTMIGRATE: nothing, as MIGRATE of the virtualization driver has left nothing of the VM where it was. */
export const postmigrate = defineAction({
  args: ['sourceHost', 'destinationHost', 'directory', 'vmId', 'datastoreId'],
  async run() {},
});
