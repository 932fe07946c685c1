/**
 * The families of drivers, and the actions that OpenNebula calls in each: with which arguments, and what it expects of
 * them (7.4: remotes/{datastore,tm,vmm,vnm,market,ipam}, one_vmm_exec, TransferManager.cc). A driver has every action of its family:
 * what it cannot do it refuses in words. Places of files are `<host>:<path>`.
 */
import { keysOf } from '../../opennebula/tables.ts';
import type { Action } from './action.ts';

/** `args` names the arguments in their order; one that begins with `...` stands for any number. */
export interface ExpectedAction {
  readonly args: string;
  readonly does: string;
}

const DATASTORE_ACTIONS = {
  stat: { args: 'requestId', does: 'prints the size of an image in MB before it is registered' },
  cp: { args: 'imageId', does: 'brings the image that PATH names into the datastore, and prints SOURCE and FORMAT' },
  mkfs: { args: 'imageId', does: 'makes an empty image, and prints SOURCE; for FORMAT save_as it only invents one' },
  clone: { args: 'imageId', does: 'copies an image of the datastore, and prints SOURCE and FORMAT of the copy' },
  rm: { args: 'imageId', does: 'removes an image; succeeds when there is none' },
  monitor: { args: 'datastoreId', does: 'prints USED_MB, TOTAL_MB and FREE_MB of the datastore' },
  snap_delete: { args: 'imageId', does: 'deletes a snapshot of a persistent image' },
  snap_revert: { args: 'imageId', does: 'takes a persistent image back to a snapshot' },
  snap_flatten: { args: 'imageId', does: 'makes a snapshot the only state of a persistent image' },
  export: { args: 'appId', does: 'describes an image for a marketplace' },
  backup: { args: 'directory disks deployId job vmId datastoreId', does: 'stores a backup of a VM' },
  backup_cancel: { args: 'vmId', does: 'stops a backup under way' },
  restore: { args: 'requestId', does: 'makes images of a backup' },
  increment_flatten: { args: 'imageId', does: 'joins the increments of a backup' },
} as const;

const TM_ACTIONS = {
  clone: { args: 'source destination vmId datastoreId', does: "gives a VM its own copy of an image, on the VM's host" },
  ln: { args: 'source destination vmId datastoreId', does: 'gives a VM the image itself, for persistent images' },
  mkimage: { args: 'sizeMb format destination vmId datastoreId', does: 'makes a volatile disk' },
  mkswap: { args: 'sizeMb destination vmId datastoreId', does: 'makes a volatile swap disk' },
  context: { args: '...files destination vmId datastoreId', does: 'delivers the context files to the host' },
  mv: {
    args: 'source destination vmId datastoreId',
    does: 'moves a disk, or the directory of a VM, between hosts or to and from the front-end',
  },
  mvds: { args: 'disk source vmId datastoreId', does: 'writes a disk back into its image' },
  cpds: { args: 'disk source snapshotId vmId datastoreId', does: 'saves a copy of a disk as another image' },
  delete: {
    args: 'target vmId datastoreId',
    does: 'removes a disk, or the directory of a VM; succeeds when there is nothing',
  },
  resize: { args: 'disk sizeMb vmId datastoreId', does: 'makes a disk larger' },
  snap_create: { args: 'disk snapshotId vmId datastoreId', does: 'takes a snapshot of a disk of a VM that is off' },
  snap_create_live: { args: 'disk snapshotId vmId datastoreId', does: 'takes a snapshot of a disk of a running VM' },
  snap_revert: { args: 'disk snapshotId vmId datastoreId', does: 'takes a disk back to a snapshot' },
  snap_delete: { args: 'disk snapshotId vmId datastoreId', does: 'deletes a snapshot of a disk' },
  premigrate: {
    args: 'sourceHost destinationHost directory vmId datastoreId',
    does: 'prepares the disks for a live migration',
  },
  postmigrate: {
    args: 'sourceHost destinationHost directory vmId datastoreId',
    does: 'cleans up after a live migration',
  },
  failmigrate: {
    args: 'sourceHost destinationHost directory vmId datastoreId',
    does: 'cleans up after a live migration that failed',
  },
  restore: {
    args: 'directory vmId backupImageId incrementId diskId',
    does: 'puts the disks of a backup in place of those of a VM',
  },
  prebackup: {
    args: 'directory disks deployId job vmId datastoreId',
    does: 'prepares the disks of a VM that is off for a backup',
  },
  prebackup_live: {
    args: 'directory disks deployId job vmId datastoreId',
    does: 'prepares the disks of a running VM for a backup',
  },
  postbackup: {
    args: 'directory disks deployId job vmId datastoreId',
    does: 'cleans up after the backup of a VM that is off',
  },
  postbackup_live: {
    args: 'directory disks deployId job vmId datastoreId',
    does: 'cleans up after the backup of a running VM',
  },
  monitor: { args: 'datastoreId', does: 'prints the capacity of a shared system datastore' },
} as const;

const VMM_ACTIONS = {
  deploy: { args: 'deploymentFile host vmId host', does: 'starts a VM, and prints its deploy id' },
  shutdown: { args: 'deployId host vmId host', does: 'asks the guest to stop, and returns when it has' },
  cancel: { args: 'deployId host vmId host', does: 'stops a VM at once; succeeds when there is none' },
  reboot: { args: 'deployId host vmId host', does: 'restarts a VM in good order' },
  reset: { args: 'deployId host vmId host', does: 'restarts a VM at once' },
  save: { args: 'deployId checkpoint host vmId host', does: 'writes the state of a VM to a file and stops it' },
  restore: { args: 'checkpoint host deployId vmId host', does: 'starts a VM from such a file' },
  migrate: { args: 'deployId destinationHost sourceHost vmId host', does: 'moves a running VM to another host' },
  attach_disk: { args: 'deployId disk target targetIndex document vmId host', does: 'plugs a disk into a running VM' },
  detach_disk: { args: 'deployId disk target targetIndex vmId host', does: 'unplugs a disk' },
  attach_nic: { args: 'deployId mac bridge model vnMad target vmId host', does: 'plugs a NIC into a running VM' },
  detach_nic: { args: 'deployId mac vmId host', does: 'unplugs a NIC' },
  prereconfigure: { args: 'deployId device vmId host', does: 'lets go of the context before it is replaced' },
  reconfigure: { args: 'deployId device disk vmId host', does: 'shows the guest the context that replaced it' },
  snapshot_create: { args: 'deployId snapshotId vmId host', does: 'takes a snapshot of a VM, and prints its id' },
  snapshot_revert: { args: 'deployId hypervisorId vmId host', does: 'takes a VM back to a snapshot' },
  snapshot_delete: { args: 'deployId hypervisorId vmId host', does: 'deletes a snapshot of a VM' },
  resize: { args: 'deployId vmId host', does: 'changes CPU and memory of a running VM' },
  resize_disk: {
    args: 'deployId diskId sizeMb document host vmId host',
    does: 'shows a running VM that a disk has grown',
  },
  exec: { args: 'vmId host command stdin', does: 'runs a command in the guest' },
  exec_cancel: { args: 'vmId host', does: 'stops such a command' },
  poll: { args: 'deployId host vmId host', does: 'prints what a VM does' },
} as const;

const VNM_ACTIONS = {
  pre: { args: '', does: "prepares the host's network before a VM starts" },
  post: { args: 'deployId host', does: 'finishes the network of a VM that has started' },
  clean: { args: 'host', does: 'removes what a VM leaves in the network of its host' },
  update_sg: { args: 'deployId', does: 'applies security groups that changed' },
  update_nic: { args: 'deployId networkId', does: 'applies a network that changed' },
} as const;

const MARKET_ACTIONS = {
  import: {
    args: 'document appId',
    does: 'brings an image that was exported into a marketplace, and prints SOURCE, MD5, SIZE and FORMAT',
  },
  delete: { args: 'document appId', does: 'takes an app out of a marketplace' },
  monitor: {
    args: 'document marketId',
    does: 'prints USED_MB, TOTAL_MB and FREE_MB of a marketplace, and APP for each that it offers by itself',
  },
} as const;

const IPAM_ACTIONS = {
  register_address_range: {
    args: 'requestId',
    does: 'takes a range into its care, and prints AR = [ … ] with what the range is to be',
  },
  unregister_address_range: { args: 'requestId', does: 'lets go of a range' },
  get_address: {
    args: 'requestId',
    does: 'chooses an address of the range, as many after it as SIZE says, and prints ADDRESS = [ IP = … ]',
  },
  allocate_address: { args: 'requestId', does: 'notes that an address is taken, and as many after it as SIZE says' },
  free_address: { args: 'requestId', does: 'notes that an address is free again' },
} as const;

export type DatastoreAction = keyof typeof DATASTORE_ACTIONS;
export type TmAction = keyof typeof TM_ACTIONS;
export type VmmAction = keyof typeof VMM_ACTIONS;
export type VnmAction = keyof typeof VNM_ACTIONS;
export type MarketAction = keyof typeof MARKET_ACTIONS;
export type IpamAction = keyof typeof IPAM_ACTIONS;

export type DatastoreDriver<Services = object> = Readonly<Record<DatastoreAction, Action<Services>>>;
export type TmDriver<Services = object> = Readonly<Record<TmAction, Action<Services>>>;
export type VmmDriver<Services = object> = Readonly<Record<VmmAction, Action<Services>>>;
export type VnmDriver<Services = object> = Readonly<Record<VnmAction, Action<Services>>>;
export type MarketDriver<Services = object> = Readonly<Record<MarketAction, Action<Services>>>;
export type IpamDriver<Services = object> = Readonly<Record<IpamAction, Action<Services>>>;

/** Families whose drivers are sets of actions. A monitoring driver (`im`) follows a host instead. */
export const ACTIONS_OF_FAMILY = {
  datastore: DATASTORE_ACTIONS,
  tm: TM_ACTIONS,
  vmm: VMM_ACTIONS,
  vnm: VNM_ACTIONS,
  market: MARKET_ACTIONS,
  ipam: IPAM_ACTIONS,
} as const satisfies Record<string, Record<string, ExpectedAction>>;

export type ActionFamily = keyof typeof ACTIONS_OF_FAMILY;

export const ACTION_FAMILIES: readonly ActionFamily[] = keysOf(ACTIONS_OF_FAMILY);
