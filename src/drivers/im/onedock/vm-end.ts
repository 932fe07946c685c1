/** How a container ended, from what the engine knows of it. Pure. */
import type { ContainerInspect } from '../../docker/docker-types.ts';

export interface VmEnd {
  readonly exitCode: number;
  /** The kernel killed it, or something in it, because it had used up its memory. */
  readonly outOfMemory: boolean;
  /** What the engine has to say besides. */
  readonly error: string;
}

/** Undefined for a container that runs, or was never started. */
export function endOf({ State }: Pick<ContainerInspect, 'State'>): VmEnd | undefined {
  if (State.Status !== 'exited' && State.Status !== 'dead') return undefined;
  return { exitCode: State.ExitCode, outOfMemory: State.OOMKilled, error: State.Error };
}

/** A sentence for the VM's log. */
export function describeEnd({ exitCode, outOfMemory, error }: VmEnd): string {
  const signal = exitCode > SIGNALS && exitCode <= SIGNALS + LAST_SIGNAL ? `, by signal ${exitCode - SIGNALS}` : '';
  const why = outOfMemory ? ': memory was used up (MEMORY)' : error === '' ? '' : `: ${error.replace(/\.$/, '')}`;
  return `The container has ended with exit code ${exitCode}${signal}${why}.`;
}

/** Exit codes of processes that a signal ended are above this (POSIX, sh; Docker). */
const SIGNALS = 128;
const LAST_SIGNAL = 64;
