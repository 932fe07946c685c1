/**
 * What is under way with a VM where its phase alone does not say it: which disk is being attached, from where a
 * clean-up started. With it the driver call of every phase can be derived again after a restart.
 */
import type { Phase } from './phase.ts';

export type Operation =
  | { readonly kind: 'reboot' | 'reboot-hard' }
  | { readonly kind: 'disk-attach' | 'disk-detach'; readonly diskId: number }
  | { readonly kind: 'nic-attach' | 'nic-detach'; readonly nicId: number }
  | { readonly kind: 'nic-update'; readonly nicId: number; readonly networkId: number }
  | { readonly kind: 'updateconf' }
  | { readonly kind: 'exec' | 'exec-cancel' }
  | { readonly kind: SnapshotOperation; readonly snapshotId: number }
  | { readonly kind: DiskSnapshotOperation; readonly diskId: number; readonly snapshotId: number }
  | {
      readonly kind: 'disk-saveas';
      readonly diskId: number;
      readonly imageId: number;
      /** -1: the disk as it is. */
      readonly snapshotId: number;
      /** Of the image that is being made. */
      readonly source: string;
    }
  | { readonly kind: 'disk-resize'; readonly diskId: number; readonly previousSizeMb: number }
  | { readonly kind: 'resize'; readonly previous: Capacity }
  | { readonly kind: 'cleanup'; readonly from: Phase };

export type SnapshotOperation = 'snapshot-create' | 'snapshot-revert' | 'snapshot-delete';
export type DiskSnapshotOperation = 'disk-snapshot-create' | 'disk-snapshot-revert' | 'disk-snapshot-delete';

/** As in the template: CPU in processors, MEMORY in MB, VCPU as given or missing. */
export interface Capacity {
  readonly cpu: string;
  readonly memory: string;
  readonly vcpu?: string;
}
