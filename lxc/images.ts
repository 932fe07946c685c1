/** The layers of both roles, in the order in which a machine lies over them. */
import { join } from 'node:path';
import type { MachineRole, Progress } from '../src/sandbox/testbed.ts';
import type { Transport } from '../src/transport/transport.ts';
import { baseLayer } from './base-layer.ts';
import { bundleLayer } from './bundle-layer.ts';
import { ensureLayer, pruneLayers } from './layer-store.ts';
import { listMachineFolders, readMachine } from './machine-folder.ts';
import { machinesFolder, type Places } from './names.ts';
import { nodeLayer } from './node-layer.ts';

/** Uppermost first. */
export type Images = Readonly<Record<MachineRole, readonly string[]>>;

/** How many layers of a kind stay that no machine uses: one may be of another checkout. */
const SPARE_LAYERS = 2;
/** For how long a layer stays that nobody uses, so that machines can be made of it. */
const IDLE_MS = 3_600_000;

export interface ImageBuilder {
  readonly local: Transport;
  readonly places: Places;
  /** Base address of a mirror of Debian; undefined: what the user's machine uses itself. */
  readonly mirror: string | undefined;
}

/** Builds the layers that are missing. Safe to call from several processes at once. */
export async function ensureLayers(
  { local, places, mirror }: ImageBuilder,
  progress: Progress,
  signal?: AbortSignal,
): Promise<Images> {
  const folder = layersFolder(places);
  const [base, node, bundle] = await Promise.all([
    ensureLayer(folder, baseLayer(local, mirror, progress, signal)),
    ensureLayer(folder, nodeLayer()),
    bundleLayer(local).then((recipe) => ensureLayer(folder, recipe)),
  ]);
  return { frontend: [bundle, node, base], host: [base] };
}

/** Removes layers that no machine of any sandbox lies over, but for the ones used last. */
export async function pruneImages(places: Places, sandboxes: readonly string[]): Promise<string[]> {
  const folders = await Promise.all(sandboxes.map((name) => listMachineFolders(machinesFolder(places, name))));
  const machines = await Promise.all(folders.flat().map(readMachine));
  const inUse = new Set(machines.flatMap((machine) => machine?.layers ?? []));
  const wantedSinceMs = Date.now() - IDLE_MS;
  return pruneLayers(layersFolder(places), { inUse, spare: SPARE_LAYERS, wantedSinceMs });
}

export const layersFolder = ({ cache }: Places) => join(cache, 'layers');
