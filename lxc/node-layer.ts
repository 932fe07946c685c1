import { constants } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NODE_BINARY } from '../provision/program-places.ts';
import type { LayerRecipe } from './layer-store.ts';

/**
 * The runtime of the front-end and the commands: the binary that runs ONEDock itself. npm's needs no library beyond
 * glibc and libstdc++, which the base layer has.
 */
export function nodeLayer(): LayerRecipe {
  return {
    kind: 'node',
    inputs: [process.version, process.arch],
    async build(directory) {
      const place = join(directory, NODE_BINARY);
      await mkdir(dirname(place), { recursive: true });
      await copyFile(process.execPath, place, constants.COPYFILE_FICLONE);
    },
  };
}
