/** Dummy drivers that take their time: executables for datastores and transfers, and told delays of the hypervisor. */
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What oned.conf has to say of them. */
export const SLOW_DRIVERS_CONFIGURATION = `
TM_MAD_CONF = [
    NAME="slow", LN_TARGET="NONE", CLONE_TARGET="SYSTEM", SHARED="YES", DS_MIGRATE="YES", DS_LIVE_MIGRATE="YES",
    DS_MIGRATE_SNAP="YES" ]
DS_MAD_CONF = [ NAME="slow", REQUIRED_ATTRS="", PERSISTENT_ONLY="NO" ]
`;

/** One program for all actions: it answers as OpenNebula's dummies do, after a moment. */
const PROGRAM = `#!/bin/sh
sleep 0.02
case "\${0##*/}" in
  stat) echo 1024 ;;
  cp) echo 'dummy_path raw' ;;
  clone|mkfs) echo dummy_path ;;
  monitor) echo 'USED_MB=9720 TOTAL_MB=2048000 FREE_MB=2038280' | tr ' ' '\\n' ;;
esac
`;

const DATASTORE_ACTIONS = ['stat', 'cp', 'clone', 'mkfs', 'rm', 'monitor'];
const TM_ACTIONS = [
  ...['clone', 'ln', 'mkimage', 'mkswap', 'context', 'mv', 'mvds', 'cpds', 'delete', 'resize', 'monitor'],
  ...['snap_create', 'snap_create_live', 'snap_revert', 'snap_delete', 'premigrate', 'postmigrate', 'failmigrate'],
];

/** How long actions of the dummy hypervisor take, one after the other, in seconds. */
const HYPERVISOR_SECONDS = [0.01, 0.05, 0, 0.02, 0.1];
const HYPERVISOR_ACTIONS = [
  ...['deploy', 'shutdown', 'cancel', 'save', 'restore', 'migrate', 'reboot', 'reset', 'attach_disk', 'detach_disk'],
  ...['attach_nic', 'detach_nic', 'snapshot_create', 'snapshot_delete', 'resize_disk', 'reconfigure'],
];

/** Writes the drivers below a front-end's data folder. @returns the environment that it needs */
export async function writeSlowDrivers(data: string): Promise<Readonly<Record<string, string>>> {
  const remotes = join(data, 'remotes');
  await mkdir(remotes, { recursive: true });
  const program = join(remotes, 'slow.sh');
  await writeFile(program, PROGRAM);
  await chmod(program, 0o755);
  for (const [family, actions] of [
    ['datastore', DATASTORE_ACTIONS],
    ['tm', TM_ACTIONS],
  ] as const) {
    await mkdir(join(remotes, family, 'slow'), { recursive: true });
    for (const action of actions) await symlink(program, join(remotes, family, 'slow', action));
  }
  const told = join(data, 'told');
  await mkdir(told);
  const lines = HYPERVISOR_SECONDS.map((seconds) => `success ${seconds}\n`).join('');
  for (const action of HYPERVISOR_ACTIONS) await writeFile(join(told, action), lines);
  return { ONEDOCK_DUMMY_ACTIONS: told };
}
