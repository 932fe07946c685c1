/**
 * Images that a host keeps for the next VM. When they grow beyond a budget, those go that no VM of the host uses and that
 * the registry no longer has: nobody can ask for them again. The others stay, however many they are: a VM that starts
 * at this moment may have just found its image here.
 */
import { hasCode } from '../../docker/errors.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { parseDiskMarker } from '../../registry/disk-marker.ts';
import { parseImageReference, printImageReference } from '../../registry/image-reference.ts';
import type { Context } from './services.ts';

const BYTES_PER_MB = 2 ** 20;

/** Root disks of all VMs on a host, and their snapshots, each a line; `datastores/<id>/<vm>/disk.0`. */
const READ_MARKERS =
  'for file in "$1"/*/*/disk.0 "$1"/*/*/disk.0.snap/*; do [ ! -f "$file" ] || head -c 4096 -- "$file"; done';

export async function trimImages(host: DockerHost, context: Context): Promise<void> {
  const { registry, settings, signal, log } = context;
  const { server } = registry.own;
  const images = await host.docker.listImages([`${server}/onedock/image-*`], { signal });
  const bytes = images.reduce((sum, { Size }) => sum + Size, 0);
  if (bytes <= settings.host.imagesMb * BYTES_PER_MB) return;
  const { stdout } = await host.run(['sh', '-c', READ_MARKERS, 'sh', settings.frontend.datastores], { signal });
  const used = new Set(stdout.split('\n').flatMap((line) => nameOnMarker(line) ?? []));
  const unused = images.flatMap(({ names }) => names).filter((name) => !used.has(name));
  await Promise.all(
    unused.map(async (name) => {
      if ((await registry.findDigest(parseImageReference(name, server), signal)) !== undefined) return;
      // The engine itself refuses what a container is made of.
      const removed = await host.docker.removeImage(name, { signal }).then(
        () => true,
        (error: unknown) => {
          if (!hasCode(error, 'DOCKER_CONFLICT')) throw error;
          return false;
        },
      );
      if (removed) log('info', `${host.name} lets go of ${name}, which the datastore no longer has.`);
    }),
  );
}

function nameOnMarker(line: string): string | undefined {
  const image = parseDiskMarker(line);
  return image && printImageReference(image);
}
