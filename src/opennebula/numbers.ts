/** Numbers of OpenNebula's other objects, by name (include/{Image,Host,Datastore,VirtualNetwork,MarketPlace,MarketPlaceApp}.h, 7.4). */
export const IMAGE_STATE = {
  INIT: 0,
  READY: 1,
  USED: 2,
  DISABLED: 3,
  LOCKED: 4,
  ERROR: 5,
  CLONE: 6,
  DELETE: 7,
  USED_PERS: 8,
  LOCKED_USED: 9,
  LOCKED_USED_PERS: 10,
} as const;
export type ImageState = keyof typeof IMAGE_STATE;

export const IMAGE_TYPE = {
  OS: 0,
  CDROM: 1,
  DATABLOCK: 2,
  KERNEL: 3,
  RAMDISK: 4,
  CONTEXT: 5,
  BACKUP: 6,
  FILESYSTEM: 7,
} as const;
export type ImageType = keyof typeof IMAGE_TYPE;

/** Where the blocks of an image or datastore lie; DISK/TYPE prints the name. */
export const DISK_TYPE = {
  FILE: 0,
  CDROM: 1,
  BLOCK: 2,
  RBD: 3,
  RBD_CDROM: 4,
  GLUSTER: 5,
  GLUSTER_CDROM: 6,
  SHEEPDOG: 7,
  SHEEPDOG_CDROM: 8,
  ISCSI: 9,
  FILESYSTEM: 10,
  NONE: 255,
} as const;
export type DiskType = keyof typeof DISK_TYPE;

export const DATASTORE_TYPE = { IMAGE_DS: 0, SYSTEM_DS: 1, FILE_DS: 2, BACKUP_DS: 3 } as const;
export type DatastoreType = keyof typeof DATASTORE_TYPE;

export const DATASTORE_STATE = { READY: 0, DISABLED: 1 } as const;
export type DatastoreState = keyof typeof DATASTORE_STATE;

export const HOST_STATE = {
  INIT: 0,
  MONITORING_MONITORED: 1,
  MONITORED: 2,
  ERROR: 3,
  DISABLED: 4,
  MONITORING_ERROR: 5,
  MONITORING_INIT: 6,
  MONITORING_DISABLED: 7,
  OFFLINE: 8,
} as const;
export type HostState = keyof typeof HOST_STATE;

export const VNET_STATE = {
  INIT: 0,
  READY: 1,
  LOCK_CREATE: 2,
  LOCK_DELETE: 3,
  DONE: 4,
  ERROR: 5,
  UPDATE_FAILURE: 6,
} as const;
export type VnetState = keyof typeof VNET_STATE;

export const MARKET_STATE = { ENABLED: 0, DISABLED: 1 } as const;

/** Of apps of marketplaces. */
export const APP_STATE = { INIT: 0, READY: 1, LOCKED: 2, ERROR: 3, DISABLED: 4 } as const;
export type AppState = keyof typeof APP_STATE;

export const APP_TYPE = { UNKNOWN: 0, IMAGE: 1, VMTEMPLATE: 2, SERVICE_TEMPLATE: 3 } as const;
export type AppType = keyof typeof APP_TYPE;

/** Result codes of the API (include/Request.h). */
export const API_CODE = {
  SUCCESS: 0,
  AUTHENTICATION: 0x0100,
  AUTHORIZATION: 0x0200,
  NO_EXISTS: 0x0400,
  ACTION: 0x0800,
  RPC_API: 0x1000,
  INTERNAL: 0x2000,
  ALLOCATE: 0x4000,
  LOCKED: 0x8000,
  REPLICATION: 0x10000,
} as const;
export type ApiCode = keyof typeof API_CODE;
