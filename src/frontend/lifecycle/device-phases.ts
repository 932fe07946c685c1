/** The phases in which a device or a snapshot of a VM changes, as rows of the table in `transitions.ts`. */
import { coldDevice, configurable, device, savesDisk, shelvedDevice } from './common-rows.ts';
import type { TransitionTable } from './row.ts';

export const devicePhases = {
  HOTPLUG: device('HOTPLUG'),
  HOTPLUG_NIC: device('HOTPLUG_NIC'),
  HOTPLUG_SNAPSHOT: device('HOTPLUG_SNAPSHOT'),
  HOTPLUG_RESIZE: device('HOTPLUG_RESIZE'),
  HOTPLUG_SAVEAS: { ...device('HOTPLUG_SAVEAS'), ...savesDisk('HOTPLUG_SAVEAS') },
  DISK_SNAPSHOT: device('DISK_SNAPSHOT'),
  DISK_SNAPSHOT_DELETE: device('DISK_SNAPSHOT_DELETE'),
  DISK_RESIZE: device('DISK_RESIZE'),
  HOTPLUG_PROLOG_POWEROFF: {
    ...coldDevice('HOTPLUG_PROLOG_POWEROFF', 'POWEROFF'),
    ...configurable('HOTPLUG_PROLOG_POWEROFF'),
  },
  HOTPLUG_EPILOG_POWEROFF: {
    ...coldDevice('HOTPLUG_EPILOG_POWEROFF', 'POWEROFF'),
    ...configurable('HOTPLUG_EPILOG_POWEROFF'),
  },
  HOTPLUG_NIC_POWEROFF: coldDevice('HOTPLUG_NIC_POWEROFF', 'POWEROFF'),
  HOTPLUG_SAVEAS_POWEROFF: {
    ...coldDevice('HOTPLUG_SAVEAS_POWEROFF', 'POWEROFF'),
    ...savesDisk('HOTPLUG_SAVEAS_POWEROFF'),
    ...configurable('HOTPLUG_SAVEAS_POWEROFF'),
  },
  DISK_SNAPSHOT_POWEROFF: {
    ...coldDevice('DISK_SNAPSHOT_POWEROFF', 'POWEROFF'),
    ...configurable('DISK_SNAPSHOT_POWEROFF'),
  },
  DISK_SNAPSHOT_REVERT_POWEROFF: {
    ...coldDevice('DISK_SNAPSHOT_REVERT_POWEROFF', 'POWEROFF'),
    ...configurable('DISK_SNAPSHOT_REVERT_POWEROFF'),
  },
  DISK_SNAPSHOT_DELETE_POWEROFF: {
    ...coldDevice('DISK_SNAPSHOT_DELETE_POWEROFF', 'POWEROFF'),
    ...configurable('DISK_SNAPSHOT_DELETE_POWEROFF'),
  },
  DISK_RESIZE_POWEROFF: coldDevice('DISK_RESIZE_POWEROFF', 'POWEROFF'),
  HOTPLUG_SAVEAS_SUSPENDED: {
    ...coldDevice('HOTPLUG_SAVEAS_SUSPENDED', 'SUSPENDED'),
    ...savesDisk('HOTPLUG_SAVEAS_SUSPENDED'),
  },
  DISK_SNAPSHOT_SUSPENDED: coldDevice('DISK_SNAPSHOT_SUSPENDED', 'SUSPENDED'),
  DISK_SNAPSHOT_DELETE_SUSPENDED: coldDevice('DISK_SNAPSHOT_DELETE_SUSPENDED', 'SUSPENDED'),
  HOTPLUG_SAVEAS_STOPPED: {
    ...shelvedDevice('HOTPLUG_SAVEAS_STOPPED', 'STOPPED'),
    ...savesDisk('HOTPLUG_SAVEAS_STOPPED'),
  },
  HOTPLUG_SAVEAS_UNDEPLOYED: {
    ...shelvedDevice('HOTPLUG_SAVEAS_UNDEPLOYED', 'UNDEPLOYED'),
    ...savesDisk('HOTPLUG_SAVEAS_UNDEPLOYED'),
  },
  DISK_RESIZE_UNDEPLOYED: shelvedDevice('DISK_RESIZE_UNDEPLOYED', 'UNDEPLOYED'),
} satisfies Partial<TransitionTable>;
