/** Where things lie on a front-end that OpenNebula's packages have made (install.sh, 7.4), and where ONEDock's lie beside them. */
import { BUNDLE_FOLDER, NODE_BINARY } from '../../provision/program-places.ts';

export const ONED_CONF_PATH = '/etc/one/oned.conf';
export const MONITORD_CONF_PATH = '/etc/one/monitord.conf';
export const EXECRC_PATH = '/etc/one/vmm_exec/vmm_execrc';

export const HOME = '/var/lib/one';
export const REMOTES = `${HOME}/remotes`;
export const VERSION_FILE = `${REMOTES}/VERSION`;
export const SSH_FOLDER = `${HOME}/.ssh`;

/** Without these there is no OpenNebula to install into. */
export const NEEDED_PATHS = [ONED_CONF_PATH, MONITORD_CONF_PATH, EXECRC_PATH, REMOTES, VERSION_FILE] as const;

/** The program of the drivers, as the files of the remotes folder call it. */
export const DRIVERS_PROGRAM = `${BUNDLE_FOLDER}/drivers.js`;
export const NODE = NODE_BINARY;
export const NODE_FOLDER = '/usr/lib/onedock-node';
export const PROGRAM_FOLDER = BUNDLE_FOLDER;

export const SETTINGS_PATH = '/etc/one/onedock.yaml';
export const AUTHORITY_PATH = '/etc/one/onedock-ca.crt';
export const PASSWORD_PATH = '/etc/one/onedock-registry-password';
/** Of the registry that is set up on this machine. */
export const SECRETS_FOLDER = '/etc/onedock/registry';
/** Sockets of the agents that follow hosts. */
export const AGENTS_FOLDER = `${HOME}/.onedock-agents`;

/** What Node has compiled for oneadmin's driver actions (src/drivers/contract/install-remotes.ts). */
export const COMPILED_FOLDER = `${HOME}/.cache/onedock`;

/** Folders of the drivers below the remotes folder. All in them is ONEDock's. */
export const DRIVER_FOLDERS = ['datastore/onedock', 'tm/onedock', 'vmm/onedock', 'vnm/onedock', 'im/onedock.d'].map(
  (folder) => `${REMOTES}/${folder}`,
);

/** What a file was before ONEDock came; it goes when that is what the file is again. */
export const backupOf = (path: string) => `${path}.before-onedock`;
