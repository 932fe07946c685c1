/** Pulumi's engine, which the stacks need and npm does not bring: where it is looked for before it is fetched or built. */
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Pinned: the release that the SDK in package.json is of, and one that the Go module proxy serves. */
export const STACK_ENGINE_VERSION = '3.256.0';

/** Where a downloaded or built engine is kept, in the user's cache. */
export function engineRoot(): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'onedock', 'pulumi', STACK_ENGINE_VERSION);
}

/** Path of the engine's program: on PATH, in `~/.pulumi`, in the cache. Which version it is is not asked here. */
export async function findEngineProgram(): Promise<string | undefined> {
  const places = [join(homedir(), '.pulumi', 'bin', 'pulumi'), join(engineRoot(), 'bin', 'pulumi')];
  return (await findOnPath('pulumi')) ?? firstThere(places);
}

/** Whether an engine could be built: Go is on PATH. */
export async function hasGo(): Promise<boolean> {
  return (await findOnPath('go')) !== undefined;
}

function findOnPath(program: string): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return firstThere(folders.map((folder) => join(folder, program)));
}

async function firstThere(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
