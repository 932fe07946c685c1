import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ensureLayer, layerPath, pruneLayers } from '../../../lxc/layer-store.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onedock-layers-'));
  return () => rm(folder, { recursive: true });
});

const recipe = (inputs: readonly string[], build?: (directory: string) => Promise<void>) => ({
  kind: 'base',
  inputs,
  build: build ?? ((directory: string) => writeFile(join(directory, 'made-of'), inputs.join())),
});

describe('ensureLayer', () => {
  it('builds a layer that is missing', async () => {
    const place = await ensureLayer(folder, recipe(['a']));
    expect(await readFile(join(place, 'made-of'), 'utf8')).toBe('a');
  });

  it('uses one that is there', async () => {
    const place = await ensureLayer(folder, recipe(['a']));
    const again = recipe(['a'], () => Promise.reject(new Error('built twice')));
    expect(await ensureLayer(folder, again)).toBe(place);
  });

  it('makes another of other inputs', async () => {
    const places = [['a'], ['b'], ['a', ''], ['ab', 'c'], ['a', 'bc']].map((inputs) =>
      layerPath(folder, recipe(inputs)),
    );
    expect(new Set(places).size).toBe(5);
  });

  it('builds once for several that want it at the same time', async () => {
    let builds = 0;
    const counted = recipe(['a'], async () => {
      builds += 1;
    });
    const places = await Promise.all([1, 2, 3].map(() => ensureLayer(folder, counted)));
    expect(builds).toBe(1);
    expect(new Set(places).size).toBe(1);
  });

  it('leaves nothing of a build that failed', async () => {
    const failing = recipe(['a'], async (directory) => {
      await writeFile(join(directory, 'half'), '');
      throw new Error('no mirror');
    });
    await expect(ensureLayer(folder, failing)).rejects.toThrow('no mirror');
    expect(await readdir(folder)).toEqual([]);
  });

  it('sweeps away what a build left that was killed', async () => {
    const left = `${basename(layerPath(folder, recipe(['a'])))}.4711.part`;
    await mkdir(join(folder, left));
    await writeFile(join(folder, left, 'half'), '');
    const place = await ensureLayer(folder, recipe(['a']));
    expect(await readdir(folder)).toEqual([basename(place)]);
    expect(await readdir(place)).toEqual(['made-of']);
  });
});

describe('pruneLayers', () => {
  it('keeps layers in use and the ones used last', async () => {
    const [oldest, used, last] = await Promise.all(
      ['a', 'b', 'c'].map((input) => ensureLayer(folder, recipe([input]))),
    );
    await Promise.all([oldest, used, last].map((place, i) => utimes(place as string, i + 1, i + 1)));
    const removed = await pruneLayers(folder, {
      inUse: new Set([used as string]),
      spare: 1,
      wantedSinceMs: Number.MAX_VALUE,
    });
    expect(removed).toEqual([oldest]);
    expect((await readdir(folder)).toSorted()).toEqual(
      [used, last].map((place) => basename(place as string)).toSorted(),
    );
  });

  it('keeps a layer that was wanted a moment ago: somebody may be making a machine of it', async () => {
    const places = await Promise.all(['a', 'b'].map((input) => ensureLayer(folder, recipe([input]))));
    await utimes(places[0] as string, 5, 5);
    expect(await pruneLayers(folder, { inUse: new Set(), spare: 0, wantedSinceMs: 10_000 })).toEqual([places[0]]);
  });

  it('counts each kind for itself', async () => {
    await ensureLayer(folder, recipe(['a']));
    await ensureLayer(folder, { ...recipe(['a']), kind: 'node' });
    expect(await pruneLayers(folder, { inUse: new Set(), spare: 1, wantedSinceMs: Number.MAX_VALUE })).toEqual([]);
  });
});
