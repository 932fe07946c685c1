import { OneApiError } from '../../../opennebula/client/one-api-error.ts';
import { VERBOSE } from '../options/global.ts';
import { FAILURE, Refusal } from '../refusal.ts';
import type { Run } from '../run.ts';

/** What is said of an object with `-v` once an action on it is done: "VM 1: terminating". */
export interface Said {
  /** The kind of object, as in `VM`. */
  readonly kind: string;
  /** Nothing is said without it. */
  readonly done?: string;
}

/**
 * Does something to one object after the other. One that fails is reported and does not stop the rest.
 * @returns 255 when any failed
 */
export async function forEach(run: Run, ids: readonly number[], said: Said, act: (id: number) => Promise<unknown>) {
  let exitCode = 0;
  for (const id of ids) {
    try {
      await act(id);
      if (said.done !== undefined && run.has(VERBOSE)) run.print(`${said.kind} ${id}: ${said.done}`);
    } catch (error) {
      if (!(error instanceof OneApiError || error instanceof Refusal)) throw error;
      run.warn(error.message);
      exitCode = FAILURE;
    }
  }
  return exitCode;
}

/** The same for one object. */
export function once(run: Run, id: number, said: Said, act: (id: number) => Promise<unknown>): Promise<number> {
  return forEach(run, [id], said, act);
}

/** The daemon's refusal with what was tried in front, as some commands of OpenNebula put it. */
export async function refusedAs<Result>(tried: string, call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof OneApiError) throw new Refusal(`${tried}: ${error.message}`);
    throw error;
  }
}
