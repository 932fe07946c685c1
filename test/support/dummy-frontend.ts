/** A front-end with dummy drivers in a process of its own, its store in a temporary file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '../../src/opennebula/client/client.ts';
import { waitForHost } from '../../src/opennebula/client/wait.ts';
import { startServerProgram } from './server-program.ts';

export interface DummyFrontend extends AsyncDisposable {
  /** As in `http://127.0.0.1:36061/RPC2`. */
  readonly endpoint: string;
  /** `user:password` of oneadmin. */
  readonly session: string;
  readonly pid: number;
  /** An image datastore of the dummy drivers; there is a system datastore of theirs besides. */
  readonly datastoreId: number;
}

const SESSION = 'oneadmin:opennebula';

/** Starts it with so many hosts, all monitored. */
export async function startDummyFrontend({ hosts }: { hosts: number }): Promise<DummyFrontend> {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'onedock-frontend-'));
  made.defer(() => rm(folder, { recursive: true }));
  const program = join(import.meta.dirname, 'dummy-frontend-program.ts');
  const { endpoint, pid } = made.use(await startServerProgram(program, [join(folder, 'one.db'), SESSION]));
  const datastoreId = await fill(endpoint, hosts);
  const all = made.move();
  return { endpoint, session: SESSION, pid, datastoreId, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function fill(endpoint: string, hosts: number): Promise<number> {
  using client = createClient({ endpoint, session: SESSION });
  await client.datastore.allocate('NAME = "dummy-system"\nTYPE = "SYSTEM_DS"\nTM_MAD = "dummy"\n');
  const ids = await Promise.all(
    Array.from({ length: hosts }, (_, i) => client.host.allocate(`dummy-${i + 1}`, 'dummy', 'dummy')),
  );
  await Promise.all(ids.map((id) => waitForHost(client, id, 'MONITORED')));
  return await client.datastore.allocate('NAME = "dummies"\nDS_MAD = "dummy"\nTM_MAD = "dummy"\n');
}
