import { type Action, unsupported } from '../contract/action.ts';
import type { HostServices } from '../hosts/docker-hosts.ts';

const NO_BACKUPS = 'Disks of containers are not backed up.';

/** What no transfer driver of ONEDock does. */
export const UNSUPPORTED = {
  restore: unsupported('restore', NO_BACKUPS),
  prebackup: unsupported('prebackup', NO_BACKUPS),
  prebackup_live: unsupported('prebackup_live', NO_BACKUPS),
  postbackup: unsupported('postbackup', NO_BACKUPS),
  postbackup_live: unsupported('postbackup_live', NO_BACKUPS),
  monitor: unsupported('monitor', 'The space of a system datastore on hosts is what the hosts report.'),
} satisfies Record<string, Action<HostServices>>;
