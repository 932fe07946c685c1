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
  rm: slowAnswer(''),
  monitor: answer('USED_MB=9720\nTOTAL_MB=20480\nFREE_MB=20480'),
  snap_delete: answer(''),
  snap_revert: answer(''),
  snap_flatten: answer(''),
  export: slowAnswer('dummy_path'),
  restore: answer('0 dummy_image'),
} satisfies DatastoreDriver;

function answer(line: string): Action {
  return defineAction({ args: ['id'], run: async () => line });
}

/** As long as a process takes. */
const PROCESS_MS = 100;

/**
 * OpenNebula's starts a process, and clients count on it: they list images after a removal and find the image in DELETE,
 * or look at an app that they have just offered and find it LOCKED.
 */
function slowAnswer(line: string): Action {
  return defineAction({ args: ['id'], run: (_, { signal }) => setTimeout(PROCESS_MS, line, { signal }) });
}
