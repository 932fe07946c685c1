/** An installation as a verb works with it: the front-end's root, and what is done to it. */
import { resolve } from 'node:path';
import { LocalTransport } from '../transport/local.ts';
import type { Transport } from '../transport/transport.ts';
import type { Change } from './change.ts';
import { fail } from './errors.ts';
import { findUsers } from './in-use.ts';
import { openOwnApi, SESSION } from './own-api.ts';
import { perform } from './perform.ts';
import { Root } from './root.ts';

export interface Installation {
  readonly root: Root;
  readonly machine: Transport;
  /** A path that was given, from where it counts. */
  file(given: string | undefined): string | undefined;
  /** @throws INSTALLATION_CUT_SHORT */
  make(
    changes: readonly Change[],
    options: { readonly report: (line: string) => void; readonly signal: AbortSignal },
  ): Promise<void>;
  /** @throws DRIVERS_IN_USE, DRIVERS_USE_UNKNOWN, ENDPOINT_UNREACHABLE */
  ensureUnused(): Promise<void>;
}

/** @param given  directory of the front-end's root; this machine's unless given */
export function openInstallation(given: string | undefined, workingDirectory: string): Installation {
  const root = new Root(given === undefined ? '/' : resolve(workingDirectory, given));
  const machine = new LocalTransport();
  return {
    root,
    machine,
    file: (path) => (path === undefined ? undefined : resolve(workingDirectory, path)),
    make: (changes, options) => perform(changes, { root, machine, ...options }),
    async ensureUnused() {
      // What a front-end that does not run would say is not known, and a directory does not run.
      if (!root.isThisMachine) return;
      using client = await openOwnApi(root);
      if (!client) throw fail('DRIVERS_USE_UNKNOWN', { session: SESSION });
      const objects = await findUsers(client);
      if (objects.length > 0) throw fail('DRIVERS_IN_USE', { objects });
    },
  };
}
