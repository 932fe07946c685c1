import { type Action, unsupported } from '../contract/action.ts';

const NO_SNAPSHOTS = 'Disks of containers have no snapshots.';
const NO_LIVE_MIGRATION = 'Use `onevm migrate --poff`, which stops the VM while it moves.';
const NO_BACKUPS = 'Disks of containers are not backed up.';

/** What no transfer driver of ONEDock does. */
export const UNSUPPORTED = {
  cpds: unsupported('cpds', 'A disk cannot be saved as another image.'),
  snap_create: unsupported('snap_create', NO_SNAPSHOTS),
  snap_create_live: unsupported('snap_create_live', NO_SNAPSHOTS),
  snap_revert: unsupported('snap_revert', NO_SNAPSHOTS),
  snap_delete: unsupported('snap_delete', NO_SNAPSHOTS),
  premigrate: unsupported('premigrate', NO_LIVE_MIGRATION),
  postmigrate: unsupported('postmigrate', NO_LIVE_MIGRATION),
  failmigrate: unsupported('failmigrate', NO_LIVE_MIGRATION),
  restore: unsupported('restore', NO_BACKUPS),
  prebackup: unsupported('prebackup', NO_BACKUPS),
  prebackup_live: unsupported('prebackup_live', NO_BACKUPS),
  postbackup: unsupported('postbackup', NO_BACKUPS),
  postbackup_live: unsupported('postbackup_live', NO_BACKUPS),
  monitor: unsupported('monitor', 'The space of a system datastore on hosts is what the hosts report.'),
} satisfies Record<string, Action>;
