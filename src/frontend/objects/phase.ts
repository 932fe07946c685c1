/** The phases of a VM's life, and the two states of OpenNebula that each of them is. */
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
const plainStates: ReadonlySet<string> = new Set(PLAIN_STATES);

/** OpenNebula's two states of a phase; LCM_INIT stands for ACTIVE and nothing more. */
export function statesOf(phase: Phase | 'LCM_INIT'): { readonly state: VmState; readonly lcmState: LcmState } {
  return isPlain(phase) ? { state: phase, lcmState: 'LCM_INIT' } : { state: 'ACTIVE', lcmState: phase };
}

function isPlain(phase: Phase | 'LCM_INIT'): phase is (typeof PLAIN_STATES)[number] {
  return plainStates.has(phase);
}
