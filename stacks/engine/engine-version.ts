import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse, type SemVer } from 'semver';

/** Pinned: the release that the SDK in package.json is of, and one that the Go module proxy serves. */
export const ENGINE_VERSION = parse('3.256.0') as SemVer;

/** Where a downloaded or built engine is kept, in the user's cache. */
export function engineRoot(): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'onedock', 'pulumi', String(ENGINE_VERSION));
}
