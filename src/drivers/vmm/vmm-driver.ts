import type { Action } from '../contract/action.ts';

/** The scripts below `remotes/vmm/<driver>/` that OpenNebula's VMM calls (src/vmm_mad/exec/one_vmm_exec.rb, 7.4), and the retired `poll`. */
export const VMM_ACTIONS = [
  'deploy',
  'shutdown',
  'cancel',
  'reboot',
  'reset',
  'save',
  'restore',
  'migrate',
  'migrate_local',
  'attach_disk',
  'detach_disk',
  'attach_nic',
  'detach_nic',
  'prereconfigure',
  'reconfigure',
  'snapshot_create',
  'snapshot_revert',
  'snapshot_delete',
  'resize',
  'resize_disk',
  'exec',
  'exec_cancel',
  'poll',
] as const;
export type VmmAction = (typeof VMM_ACTIONS)[number];

/** A virtualization driver: every action, done or refused in words. */
export type VmmDriver<Services = object> = { readonly [Name in VmmAction]: Action<Services> };
