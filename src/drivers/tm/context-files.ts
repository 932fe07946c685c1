/** The context of a VM as a directory of files on the host, which its container sees at /mnt. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import type { ActionContext } from '../contract/action.ts';
import { fail } from './errors.ts';
import { copy } from './files.ts';
import { checkBelongsToVm, parseLocation } from './location.ts';
import { FRONTEND, openPlace, type TransferServices } from './place.ts';

/**
 * CONTEXT: brings files to the directory `H:dir/disk.<n>`, replacing it as a whole. Each is a path of the front-end or a
 * URL, with the name that it is to have behind a colon if that is not its own.
 * @param argv  files, destination, VM id, datastore id
 * @throws CONTEXT_FILE_MISSING, CONTEXT_FILE_FETCH
 */
export async function deliverContext(
  argv: readonly string[],
  context: ActionContext & TransferServices,
): Promise<void> {
  const [destination = '', vmId = ''] = argv.slice(-3);
  const at = parseLocation(destination);
  checkBelongsToVm(at, vmId);
  const { signal } = context;
  const directory = await mkdtemp(join(tmpdir(), 'onedock-context-'));
  try {
    const gathered = join(directory, 'files');
    await mkdir(gathered, { mode: 0o755 });
    const files = argv.slice(0, -3).map((file) => gather(file, gathered, signal));
    const [place] = await Promise.all([openPlace(at.machine, context, signal), ...files]);
    await copy(FRONTEND, gathered, place, at.path, signal);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function gather(file: string, directory: string, signal: AbortSignal): Promise<void> {
  if (/^https?:\/\//.test(file)) return fetchFile(file, directory, signal);
  const { path, name } = splitName(file);
  await cp(path, join(directory, name), { recursive: true }).catch((cause: unknown) => {
    throw fail('CONTEXT_FILE_MISSING', { file: path }, cause);
  });
}

/** `path:name`. The name is quoted when the file is of a datastore of files. */
function splitName(file: string): { path: string; name: string } {
  const colon = file.indexOf(':');
  if (colon === -1) return { path: file, name: posix.basename(file) };
  return { path: file.slice(0, colon), name: posix.basename(file.slice(colon + 1).replaceAll("'", '')) };
}

async function fetchFile(url: string, directory: string, signal: AbortSignal): Promise<void> {
  const failed = (problem: string, cause?: unknown) => fail('CONTEXT_FILE_FETCH', { file: url, problem }, cause);
  const reply = await fetch(url, { signal }).catch((cause: Error) => {
    throw failed(cause.message, cause);
  });
  if (!reply.ok) throw failed(`the server answered ${reply.status}`);
  await writeFile(join(directory, posix.basename(new URL(url).pathname)), Buffer.from(await reply.arrayBuffer()));
}
