import { type Action, unsupported } from '../contract/action.ts';

const NO_LIVE_MIGRATION =
  'The processes of a container cannot leave its host. Use `onevm migrate` without --live, which stops the VM, moves its disks and starts it again.';
const NO_BACKUPS = 'Disks of containers are not backed up.';

/** What no transfer driver of ONEDock does. */
export const UNSUPPORTED = {
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
