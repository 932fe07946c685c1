/**
 * The families of drivers, and the actions that OpenNebula calls in each, with what it expects of them (7.4:
 * remotes/{datastore,tm,vmm,vnm}). A driver has every action of its family: what it cannot do it refuses in words.
 */
import type { Action } from './action.ts';

export const DATASTORE_ACTIONS = {
  stat: 'prints the size of an image in MB before it is registered',
  cp: 'brings the image that PATH names into the datastore, and prints SOURCE and FORMAT',
  mkfs: 'makes an empty image, and prints SOURCE; for FORMAT save_as it only invents one',
  clone: 'copies an image of the datastore, and prints SOURCE and FORMAT of the copy',
  rm: 'removes an image; succeeds when there is none',
  monitor: 'prints USED_MB, TOTAL_MB and FREE_MB of the datastore',
  snap_delete: 'deletes a snapshot of a persistent image',
  snap_revert: 'takes a persistent image back to a snapshot',
  snap_flatten: 'makes a snapshot the only state of a persistent image',
  export: 'describes an image for a marketplace',
  backup: 'stores a backup of a VM',
  backup_cancel: 'stops a backup under way',
  restore: 'makes images of a backup',
  increment_flatten: 'joins the increments of a backup',
} as const;

export const TM_ACTIONS = {
  clone: "gives a VM its own copy of an image, on the VM's host",
  ln: 'gives a VM the image itself, for persistent images',
  mkimage: 'makes a volatile disk',
  mkswap: 'makes a volatile swap disk',
  context: 'delivers the context files to the host',
  mv: 'moves a disk, or the directory of a VM, between hosts or to and from the front-end',
  mvds: 'writes a disk back into its image',
  cpds: 'saves a copy of a disk as another image',
  delete: 'removes a disk, or the directory of a VM; succeeds when there is nothing',
  resize: 'makes a disk larger',
  snap_create: 'takes a snapshot of a disk of a VM that is off',
  snap_create_live: 'takes a snapshot of a disk of a running VM',
  snap_revert: 'takes a disk back to a snapshot',
  snap_delete: 'deletes a snapshot of a disk',
  premigrate: 'prepares the disks for a live migration',
  postmigrate: 'cleans up after a live migration',
  failmigrate: 'cleans up after a live migration that failed',
  restore: 'puts the disks of a backup in place of those of a VM',
  prebackup: 'prepares the disks of a VM that is off for a backup',
  prebackup_live: 'prepares the disks of a running VM for a backup',
  postbackup: 'cleans up after the backup of a VM that is off',
  postbackup_live: 'cleans up after the backup of a running VM',
  monitor: 'prints the capacity of a shared system datastore',
} as const;

export const VMM_ACTIONS = {
  deploy: 'starts a VM, and prints its deploy id',
  shutdown: 'asks the guest to stop, and returns when it has',
  cancel: 'stops a VM at once; succeeds when there is none',
  reboot: 'restarts a VM in good order',
  reset: 'restarts a VM at once',
  save: 'writes the state of a VM to a file and stops it',
  restore: 'starts a VM from such a file',
  migrate: 'moves a running VM to another host',
  attach_disk: 'plugs a disk into a running VM',
  detach_disk: 'unplugs a disk',
  attach_nic: 'plugs a NIC into a running VM',
  detach_nic: 'unplugs a NIC',
  prereconfigure: 'lets go of the context before it is replaced',
  reconfigure: 'shows the guest the context that replaced it',
  snapshot_create: 'takes a snapshot of a VM, and prints its id',
  snapshot_revert: 'takes a VM back to a snapshot',
  snapshot_delete: 'deletes a snapshot of a VM',
  resize: 'changes CPU and memory of a running VM',
  resize_disk: 'shows a running VM that a disk has grown',
  exec: 'runs a command in the guest',
  exec_cancel: 'stops such a command',
  poll: 'prints what a VM does',
} as const;

export const VNM_ACTIONS = {
  pre: "prepares the host's network before a VM starts",
  post: 'finishes the network of a VM that has started',
  clean: 'removes what a VM leaves in the network of its host',
  update_sg: 'applies security groups that changed',
  update_nic: 'applies a network that changed',
} as const;

export type DatastoreAction = keyof typeof DATASTORE_ACTIONS;
export type TmAction = keyof typeof TM_ACTIONS;
export type VmmAction = keyof typeof VMM_ACTIONS;
export type VnmAction = keyof typeof VNM_ACTIONS;

export type DatastoreDriver<Services = object> = Readonly<Record<DatastoreAction, Action<Services>>>;
export type TmDriver<Services = object> = Readonly<Record<TmAction, Action<Services>>>;
export type VmmDriver<Services = object> = Readonly<Record<VmmAction, Action<Services>>>;
export type VnmDriver<Services = object> = Readonly<Record<VnmAction, Action<Services>>>;

/** Families whose drivers are sets of actions. A monitoring driver (`im`) follows a host instead. */
export const ACTIONS_OF_FAMILY = {
  datastore: DATASTORE_ACTIONS,
  tm: TM_ACTIONS,
  vmm: VMM_ACTIONS,
  vnm: VNM_ACTIONS,
} as const;

export type ActionFamily = keyof typeof ACTIONS_OF_FAMILY;

export const ACTION_FAMILIES = Object.keys(ACTIONS_OF_FAMILY) as readonly ActionFamily[];
