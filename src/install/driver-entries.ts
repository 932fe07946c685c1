/**
 * What OpenNebula has to be told of the drivers, in the words of its configuration files (7.4). Of the virtualization
 * driver every action runs on the front-end (`-l`): hosts have nothing of OpenNebula. Actions that one_vmm_exec calls
 * without a step list are known to it by the words of its protocol, as `snapshotcreate`.
 */
import { ACTIONS_OF_FAMILY } from '../drivers/contract/families.ts';

const VMM_PROTOCOL_WORDS = ['snapshotcreate', 'snapshotrevert', 'snapshotdelete', 'resizedisk'];

const LOCAL_ACTIONS = [...Object.keys(ACTIONS_OF_FAMILY.vmm), ...VMM_PROTOCOL_WORDS].join(',');

/** Lines for oned.conf. */
export const ONED_ENTRIES = `VM_MAD = [
    NAME           = "onedock",
    SUNSTONE_NAME  = "ONEDock",
    EXECUTABLE     = "one_vmm_exec",
    ARGUMENTS      = "-t 15 -r 0 -l ${LOCAL_ACTIONS} onedock -p",
    TYPE           = "xml",
    KEEP_SNAPSHOTS = "no",
    LIVE_RESIZE    = "yes"
]

TM_MAD_CONF = [
    NAME = "onedock", LN_TARGET = "SYSTEM", CLONE_TARGET = "SYSTEM", SHARED = "NO",
    DRIVER = "raw", ALLOW_ORPHANS = "YES",
    DS_MIGRATE = "YES", DS_LIVE_MIGRATE = "NO", DS_MIGRATE_SNAP = "NO",
    TM_MAD_SYSTEM = "local,ssh,shared",
    LN_TARGET_LOCAL = "SYSTEM", CLONE_TARGET_LOCAL = "SYSTEM", DISK_TYPE_LOCAL = "FILE",
    LN_TARGET_SSH = "SYSTEM", CLONE_TARGET_SSH = "SYSTEM", DISK_TYPE_SSH = "FILE",
    LN_TARGET_SHARED = "SYSTEM", CLONE_TARGET_SHARED = "SYSTEM", DISK_TYPE_SHARED = "FILE"
]

DS_MAD_CONF = [
    NAME = "onedock", REQUIRED_ATTRS = "", PERSISTENT_ONLY = "NO", MARKETPLACE_ACTIONS = "export"
]

VN_MAD_CONF = [
    NAME = "onedock", BRIDGE_TYPE = "linux"
]

INHERIT_IMAGE_ATTR = "DOCKERRUN"

VM_RESTRICTED_ATTR = "DOCKER/CAP_ADD"
VM_RESTRICTED_ATTR = "DOCKER/DEVICES"
VM_RESTRICTED_ATTR = "DOCKER/VOLUMES"
VM_RESTRICTED_ATTR = "DOCKER/GPUS"
`;

/** Lines for monitord.conf. The agent of a host runs on the front-end, hence one_im_sh. */
export const MONITORD_ENTRIES = `IM_MAD = [
    NAME          = "onedock",
    SUNSTONE_NAME = "ONEDock",
    EXECUTABLE    = "one_im_sh",
    ARGUMENTS     = "-r 3 -t 15 -w 90 onedock",
    THREADS       = 0
]
`;

/** Entries of oned.conf whose ARGUMENTS list drivers: behind these options comes a name more. */
export const DRIVER_LISTS: Readonly<Record<string, readonly string[]>> = {
  TM_MAD: ['-d'],
  DATASTORE_MAD: ['-d', '-s'],
};

/** Variables of vmm_execrc, and the words that each gets. */
export const EXECRC_WORDS: Readonly<Record<string, readonly string[]>> = {
  LIVE_DISK_SNAPSHOTS: ['onedock-onedock'],
  VNMAD_LOCAL_ACTIONS: Object.keys(ACTIONS_OF_FAMILY.vnm).map((action) => `onedock-${action}`),
};
