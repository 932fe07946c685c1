import { type Action, unsupported } from '../contract/action.ts';

const NO_SNAPSHOTS = 'Images of this datastore have no snapshots.';
const NO_BACKUPS = 'This is no backup datastore.';

/** What no datastore driver of ONEDock does. */
export const UNSUPPORTED = {
  snap_delete: unsupported('snap_delete', NO_SNAPSHOTS),
  snap_revert: unsupported('snap_revert', NO_SNAPSHOTS),
  snap_flatten: unsupported('snap_flatten', NO_SNAPSHOTS),
  backup: unsupported('backup', NO_BACKUPS),
  backup_cancel: unsupported('backup_cancel', NO_BACKUPS),
  restore: unsupported('restore', NO_BACKUPS),
  increment_flatten: unsupported('increment_flatten', NO_BACKUPS),
} satisfies Record<string, Action>;
