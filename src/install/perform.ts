import { join } from 'node:path';
import { messageOf } from '../errors/thrown.ts';
import { rowFor } from '../opennebula/tables.ts';
import type { Transport } from '../transport/transport.ts';
import { type Change, type ChangeOf, describeChange } from './change.ts';
import { fail } from './errors.ts';
import type { Owner, Root } from './root.ts';

const COMMAND_TIMEOUT_SECONDS = 1200;

export interface Performance {
  readonly root: Root;
  /** Where commands run. */
  readonly machine: Transport;
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Makes changes one after the other. @throws INSTALLATION_CUT_SHORT; what is done stays, and is found by the next run */
export async function perform(changes: readonly Change[], performance: Performance): Promise<void> {
  const { signal, report } = performance;
  for (const [done, change] of changes.entries()) {
    const path = 'path' in change ? change.path : change.argv.join(' ');
    const at = { path, done, total: changes.length };
    if (signal.aborted)
      throw fail('INSTALLATION_CUT_SHORT', { ...at, reason: messageOf(signal.reason) }, signal.reason);
    try {
      await make(change, performance);
    } catch (cause) {
      throw fail('INSTALLATION_CUT_SHORT', { ...at, reason: messageOf(cause) }, cause);
    }
    report(describeChange(change));
  }
}

async function make(change: Change, performance: Performance): Promise<void> {
  await rowFor<Change, [Performance], Promise<unknown>>(MAKERS, change)(change, performance);
}

const MAKERS: {
  readonly [Kind in Change['kind']]: (change: ChangeOf<Kind>, performance: Performance) => Promise<unknown>;
} = {
  async write({ path, mode, owner, content }, { root }) {
    if (isOthers(path, await root.read(path))) await root.backUp(path);
    await root.write(path, content, { mode, ...(await ownerOf(root, owner)) });
  },
  folder: async ({ path, mode, owner }, { root }) => root.makeFolder(path, { mode, ...(await ownerOf(root, owner)) }),
  copy: ({ path, from, mode }, { root }) => root.copy(from, path, mode),
  programs: ({ path, files }, { root }) => writePrograms(root, path, files),
  async edit({ path, after, backup }, { root }) {
    if (backup) await root.backUp(path);
    await root.write(path, after, (await root.attributes(path)) ?? { mode: 0o644, user: 0, group: 0 });
  },
  remove: ({ path, onlyIfEmpty }, { root }) => (onlyIfEmpty ? root.removeIfEmpty(path) : root.remove(path)),
  command: ({ argv, env = {} }, { machine, signal }) =>
    machine.run(argv, { timeoutSeconds: COMMAND_TIMEOUT_SECONDS, signal, env }),
};

/** A file that names us, by its path or inside, is ours. */
function isOthers(path: string, present: Buffer | undefined): boolean {
  return present !== undefined && !/onedock/i.test(path) && !/onedock/i.test(present.toString('utf8'));
}

async function ownerOf(root: Root, name: string): Promise<Owner> {
  const owner = name === 'root' ? { user: 0, group: 0 } : await root.owner(name);
  if (!owner) throw new Error(`There is no account ${name}.`);
  return owner;
}

/** Programs of an earlier release go, after those of this one are there. */
async function writePrograms(root: Root, folder: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  for (const [name, content] of files) {
    const mode = name.includes('.') ? 0o644 : 0o755;
    await root.write(join(folder, name), content, { mode, user: 0, group: 0 });
  }
  for (const name of await root.list(folder)) if (!files.has(name)) await root.remove(join(folder, name));
}
