import type { Action } from '../contract/action.ts';

/** The scripts below `remotes/vnm/<driver>/` (src/vnm_mad/one_vnm.rb, 7.4); the last two run when a network comes or goes. */
export const VNM_ACTIONS = ['pre', 'post', 'clean', 'update_sg', 'update_nic', 'vnet_create', 'vnet_delete'] as const;
export type VnmAction = (typeof VNM_ACTIONS)[number];

/** A network driver: every action, done or refused in words. */
export type VnmDriver<Services = object> = { readonly [Name in VnmAction]: Action<Services> };
