/** The context of a VM as a directory of files on the host, which its container sees at /mnt. */
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import type { SmallFile } from '../../transport/tree-copy.ts';
import type { ActionContext } from '../contract/action.ts';
import { fail } from './errors.ts';
import { copy } from './files.ts';
import { checkBelongsToVm, parseLocation } from './location.ts';
import { FRONTEND, openPlace, type Place, type TransferServices } from './place.ts';

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
  const files = argv.slice(0, -3);
  const [place, small] = await Promise.all([openPlace(at.machine, context, signal), readSmall(files)]);
  if (place.host && small) await place.host.sendFiles(small, at.path, { signal });
  else await copyGathered(files, place, at.path, signal);
}

/** Together they pass through memory. */
const MOST_SMALL_BYTES = 1024 * 1024;
/** In the archive that they travel in. */
const LONGEST_NAME = 100;

/** The files themselves, when they are small ones of the front-end; otherwise undefined. @throws CONTEXT_FILE_MISSING */
async function readSmall(files: readonly string[]): Promise<SmallFile[] | undefined> {
  if (files.some(isUrl)) return undefined;
  const named = files.map(splitName);
  const stats = await Promise.all(named.map(({ path }) => stat(path).catch((cause) => missing(path, cause))));
  const bytes = stats.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MOST_SMALL_BYTES || !stats.every((each) => each.isFile())) return undefined;
  if (named.some(({ name }) => Buffer.byteLength(name) > LONGEST_NAME)) return undefined;
  return Promise.all(
    named.map(async ({ path, name }, i) => ({
      name,
      content: await readFile(path).catch((cause) => missing(path, cause)),
      mode: (stats[i]?.mode ?? 0) & 0o777,
    })),
  );
}

/** Gathers the files in a directory first: some may be fetched, or be directories themselves. */
async function copyGathered(files: readonly string[], place: Place, path: string, signal: AbortSignal): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'onedock-context-'));
  try {
    const gathered = join(directory, 'files');
    await mkdir(gathered, { mode: 0o755 });
    await Promise.all(files.map((file) => gather(file, gathered, signal)));
    await copy(FRONTEND, gathered, place, path, signal);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function gather(file: string, directory: string, signal: AbortSignal): Promise<void> {
  if (isUrl(file)) return fetchFile(file, directory, signal);
  const { path, name } = splitName(file);
  await cp(path, join(directory, name), { recursive: true }).catch((cause) => missing(path, cause));
}

function isUrl(file: string): boolean {
  return /^https?:\/\//.test(file);
}

function missing(file: string, cause: unknown): never {
  throw fail('CONTEXT_FILE_MISSING', { file }, cause);
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
