/** The dummy datastore: gives the answers of OpenNebula's (src/datastore_mad/remotes/dummy, 7.4) and stores nothing. */
import { setTimeout } from 'node:timers/promises';
import { type Action, defineAction } from '../../contract/action.ts';
import type { DatastoreDriver } from '../../contract/families.ts';
import { UNSUPPORTED } from '../unsupported.ts';

export const dummy = {
  ...UNSUPPORTED,
  stat: answer('1024'),
  cp: answer('dummy_path dummy_format'),
  mkfs: answer('dummy_path'),
  clone: answer('dummy_path'),
  rm: defineAction({ args: ['id'], run: (_, { signal }) => setTimeout(REMOVAL_MS, '', { signal }) }),
  monitor: answer('USED_MB=9720\nTOTAL_MB=20480\nFREE_MB=20480'),
  snap_delete: answer(''),
  snap_revert: answer(''),
  snap_flatten: answer(''),
  export: answer('dummy_path'),
  restore: answer('0 dummy_image'),
} satisfies DatastoreDriver;

/** OpenNebula's starts a process: clients that list images after a removal find the image in DELETE. */
const REMOVAL_MS = 100;

function answer(line: string): Action {
  return defineAction({ args: ['id'], run: async () => line });
}
