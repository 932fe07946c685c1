/** An installation as a verb works with it: the front-end's root, and what is done to it. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createClient } from '../opennebula/client/client.ts';
import { LocalTransport } from '../transport/local.ts';
import type { Transport } from '../transport/transport.ts';
import type { Change } from './change.ts';
import { fail } from './errors.ts';
import { findUsers } from './in-use.ts';
import { perform } from './perform.ts';
import { HOME } from './places.ts';
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
  /** @throws DRIVERS_IN_USE, ENDPOINT_UNREACHABLE */
  ensureUnused(): Promise<void>;
}

export const SESSION = `${HOME}/.one/one_auth`;
export const ENDPOINT = 'http://localhost:2633/RPC2';

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
      using client = createClient({ endpoint: ENDPOINT, session: (await readFile(SESSION, 'utf8')).trim() });
      const objects = await findUsers(client);
      if (objects.length > 0) throw fail('DRIVERS_IN_USE', { objects });
    },
  };
}
