/**
 * A box for Vagrant's provider lxc, made of the layers of LXC machines: a tar of `metadata.json`, `rootfs.tar.gz`, whose
 * entries begin with `./rootfs/`, and `lxc-config` (vagrant-lxc, wiki page "Base boxes").
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyToRoot } from '../../provision/apply-to-root.ts';
import type { Progress } from '../../src/sandbox/testbed.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { ensureLayers, type ImageBuilder, layersFolder } from '../images.ts';
import { ensureLayer, type LayerRecipe } from '../layer-store.ts';
import { SETTINGS } from '../machine-config.ts';
import { findResolvConf } from '../resolv-conf.ts';
import { boxContent } from './box-content.ts';

/** Name under which the Vagrantfile looks for it. */
export const BOX_NAME = 'onedock';

/** Changes when the steps of `build` below do. */
const VERSION = '1';
const PACK_TIMEOUT_SECONDS = 1200;

/** @returns the path of the box, which is made unless the same one is there */
export async function ensureBox(builder: ImageBuilder, progress: Progress, signal?: AbortSignal): Promise<string> {
  const { host } = await ensureLayers(builder, progress, signal);
  const recipe = boxRecipe(builder.local, host, await findResolvConf(), progress);
  return join(await ensureLayer(layersFolder(builder.places), recipe), `${BOX_NAME}.box`);
}

function boxRecipe(local: Transport, layers: readonly string[], resolvConf: string, progress: Progress): LayerRecipe {
  const content = boxContent(resolvConf);
  const config = boxConfig();
  return {
    kind: 'box',
    inputs: [VERSION, ...layers, JSON.stringify(content), config],
    async build(directory) {
      progress('packing the box');
      const own = join(directory, 'own');
      await mkdir(own);
      applyToRoot({ root: own, below: layers }, content);
      await packRoot(local, [...layers.toReversed(), own], join(directory, 'rootfs.tar.gz'));
      await rm(own, { recursive: true });
      await writeFile(join(directory, 'lxc-config'), config);
      await writeFile(join(directory, 'metadata.json'), METADATA);
      const parts = ['./metadata.json', './rootfs.tar.gz', './lxc-config'];
      const box = join(directory, `${BOX_NAME}.box`);
      await local.run(['tar', '--create', '--file', box, '--directory', directory, '--remove-files', ...parts], {
        timeoutSeconds: PACK_TIMEOUT_SECONDS,
      });
    },
  };
}

const METADATA = `${JSON.stringify({ provider: 'lxc', version: '1.0.0' })}\n`;

/** A NIC on the bridge of LXC's own network, and what every machine has. */
export function boxConfig(): string {
  const nic = { type: 'veth', link: 'lxcbr0', flags: 'up', name: 'eth0' };
  const nicLines = Object.entries(nic).map(([key, value]) => [`lxc.net.0.${key}`, value] as const);
  return [...nicLines, ...SETTINGS].map(([key, value]) => `${key} = ${value}\n`).join('');
}

/** One directory after the other: of a file that several have, the last counts when it is unpacked. */
async function packRoot(local: Transport, layers: readonly string[], archive: string): Promise<void> {
  const below = '--transform=flags=rSh;s,^\\.,./rootfs,';
  const sources = layers.flatMap((layer) => ['--directory', layer, '.']);
  // The least compression: a box is unpacked where it was packed.
  const gzip = ['--use-compress-program', 'gzip -1'];
  await local.run(['tar', '--create', '--numeric-owner', '--xattrs', ...gzip, below, '--file', archive, ...sources], {
    timeoutSeconds: PACK_TIMEOUT_SECONDS,
  });
}
