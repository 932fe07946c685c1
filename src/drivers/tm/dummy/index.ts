/** The dummy transfer driver: every action succeeds and nothing is moved (src/tm_mad/common/dummy.sh, 7.4). */
import { type Action, defineAction } from '../../contract/action.ts';
import type { TmDriver } from '../../contract/families.ts';

const nothing: Action = defineAction({ args: ['...ignored'], run: async () => '' });

export const dummy = {
  clone: nothing,
  ln: nothing,
  mkimage: nothing,
  mkswap: nothing,
  context: nothing,
  mv: nothing,
  mvds: nothing,
  cpds: nothing,
  delete: nothing,
  resize: nothing,
  snap_create: nothing,
  snap_create_live: nothing,
  snap_revert: nothing,
  snap_delete: nothing,
  premigrate: nothing,
  postmigrate: nothing,
  failmigrate: nothing,
  restore: nothing,
  prebackup: nothing,
  prebackup_live: nothing,
  postbackup: nothing,
  postbackup_live: nothing,
  monitor: defineAction({
    args: ['datastoreId'],
    run: async () => 'USED_MB=1429920\nFREE_MB=3333260\nTOTAL_MB=4796800',
  }),
} satisfies TmDriver;
