/** The phases of a VM's life, and the two states of OpenNebula that each of them is. */
import { isOneOf } from '../../opennebula/tables.ts';
import type { LcmState, VmState } from '../../opennebula/vm-states.ts';

/**
 * Where a VM stands in one word: its state, or its LCM state while the state is ACTIVE. This is the name that
 * OpenNebula puts into "wrong state" messages.
 */
export type Phase = Exclude<VmState, 'ACTIVE' | 'INIT'> | Exclude<LcmState, 'LCM_INIT' | BackupState>;

/** Backups are not offered, so no VM gets into their states. */
type BackupState = 'BACKUP' | 'BACKUP_POWEROFF' | 'RESTORE';

const PLAIN_STATES = [
  'PENDING',
  'HOLD',
  'STOPPED',
  'SUSPENDED',
  'DONE',
  'POWEROFF',
  'UNDEPLOYED',
  'CLONING',
  'CLONING_FAILURE',
] as const satisfies readonly VmState[];

/** OpenNebula's two states of a phase; LCM_INIT stands for ACTIVE and nothing more. */
export function statesOf(phase: Phase | 'LCM_INIT'): { readonly state: VmState; readonly lcmState: LcmState } {
  return isOneOf(PLAIN_STATES, phase) ? { state: phase, lcmState: 'LCM_INIT' } : { state: 'ACTIVE', lcmState: phase };
}
