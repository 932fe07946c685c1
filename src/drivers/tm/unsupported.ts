import { type Action, unsupported } from '../contract/action.ts';
import type { HostServices } from '../hosts/docker-hosts.ts';
import { refuseLiveMigration } from '../hosts/live-migration.ts';
import { containerName } from '../hosts/vm-on-host.ts';

const NO_BACKUPS = 'Disks of containers are not backed up.';

const liveVm = ([hostName = '', , , vmId = '']: readonly string[]) => ({ hostName, container: containerName(vmId) });

/** What no transfer driver of ONEDock does. */
export const UNSUPPORTED = {
  premigrate: refuseLiveMigration('premigrate', liveVm),
  postmigrate: refuseLiveMigration('postmigrate', liveVm),
  failmigrate: refuseLiveMigration('failmigrate', liveVm),
  restore: unsupported('restore', NO_BACKUPS),
  prebackup: unsupported('prebackup', NO_BACKUPS),
  prebackup_live: unsupported('prebackup_live', NO_BACKUPS),
  postbackup: unsupported('postbackup', NO_BACKUPS),
  postbackup_live: unsupported('postbackup_live', NO_BACKUPS),
  monitor: unsupported('monitor', 'The space of a system datastore on hosts is what the hosts report.'),
} satisfies Record<string, Action<HostServices>>;
