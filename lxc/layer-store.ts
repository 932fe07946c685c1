/**
 * Layers are directories that machines lie over: `<kind>-<digest of what it was made from>` in the cache. One is either
 * whole or not there: it is built beside its place, under a lock, and renamed. What an interrupted build left is
 * swept away by the next one.
 */
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lock.ts';

export interface LayerRecipe {
  /** `base`, `node`, `bundle`: the word by which people know it. */
  readonly kind: string;
  /** Whatever decides its content: a change of any makes another layer. */
  readonly inputs: readonly (string | Buffer)[];
  /** Fills an empty directory. */
  readonly build: (directory: string) => Promise<void>;
}

const DRAFT_SUFFIX = '.part';

/** Where the layer of a recipe lies, or will lie once it is built. */
export function layerPath(folder: string, { kind, inputs }: Pick<LayerRecipe, 'kind' | 'inputs'>): string {
  return join(folder, `${kind}-${hashOf(inputs).slice(0, 16)}`);
}

/** SHA-256 of several texts, in hex. */
export function hashOf(texts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  // Lengths keep ['ab', 'c'] and ['a', 'bc'] apart.
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  return hash.digest('hex');
}

/** Builds the layer unless it is there. Of several processes that want it one builds, and the others wait. */
export async function ensureLayer(folder: string, recipe: LayerRecipe): Promise<string> {
  const place = layerPath(folder, recipe);
  if (await isThere(place)) return markWanted(place);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  return withLock(`${folder}/${recipe.kind}`, async () => {
    if (await isThere(place)) return place;
    await sweepDrafts(folder, recipe.kind);
    // A name of its own: a builder that was killed may have children that still write into its draft.
    const draft = `${place}.${process.pid}${DRAFT_SUFFIX}`;
    await mkdir(draft, { mode: 0o755 });
    try {
      await recipe.build(draft);
      await rename(draft, place);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
    return markWanted(place);
  });
}

export interface KeptLayers {
  /** Paths of layers that machines name. */
  readonly inUse: ReadonlySet<string>;
  /** How many of each kind stay even though no machine lies over them. */
  readonly spare: number;
  /** A layer that was wanted later than this may be one that another process is about to use (epoch milliseconds). */
  readonly wantedSinceMs: number;
}

/** Removes layers that no machine lies over, but for the ones wanted last. @returns their paths */
export async function pruneLayers(folder: string, { inUse, spare, wantedSinceMs }: KeptLayers): Promise<string[]> {
  const layers = await listLayers(folder);
  const byKind = Map.groupBy(layers, ({ kind }) => kind);
  const removable = [...byKind.values()].flatMap((ofKind) =>
    ofKind
      .toSorted((a, b) => b.wantedAt - a.wantedAt)
      .slice(spare)
      .filter(({ path, wantedAt }) => !inUse.has(path) && wantedAt < wantedSinceMs),
  );
  for (const { kind, path } of removable) {
    await withLock(`${folder}/${kind}`, async () => {
      // Renamed first, so that an interrupted removal leaves a draft and not half a layer.
      await rename(path, `${path}${DRAFT_SUFFIX}`);
      await rm(`${path}${DRAFT_SUFFIX}`, { recursive: true, force: true });
    });
  }
  return removable.map(({ path }) => path);
}

async function listLayers(folder: string): Promise<{ kind: string; path: string; wantedAt: number }[]> {
  const names = await readdir(folder).catch(() => []);
  const layers = names.filter((name) => /^[a-z]+-[0-9a-f]+$/.test(name));
  return Promise.all(
    layers.map(async (name) => {
      const path = join(folder, name);
      return { kind: name.replace(/-.*/, ''), path, wantedAt: (await stat(path)).mtimeMs };
    }),
  );
}

/** The holder of the kind's lock is the only one with drafts of that kind. */
async function sweepDrafts(folder: string, kind: string): Promise<void> {
  const names = await readdir(folder);
  const drafts = names.filter((name) => name.startsWith(`${kind}-`) && name.endsWith(DRAFT_SUFFIX));
  await Promise.all(drafts.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** The time of a layer's directory says when it was wanted last. */
async function markWanted(place: string): Promise<string> {
  const now = new Date();
  await utimes(place, now, now);
  return place;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
