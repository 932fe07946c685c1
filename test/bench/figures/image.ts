/**
 * Registering an image of 200 MB, against skopeo's own copy of such an archive into the same registry. Every archive is
 * of other random data, so that no layer is there already; it is made, and removed again, while no clock runs.
 */
import { waitForImage, waitUntil } from '../../../src/opennebula/client/wait.ts';
import type { Figure } from '../figure.ts';
import { secondsOf } from '../onedock.ts';
import { type BenchSandbox, shareSandbox } from '../sandbox-stage.ts';

const LAYER_BYTES = 200 * 1024 * 1024;
const ARCHIVE = '/var/tmp/onedock-bench.tar';
const NAME = 'bench-200';

export const imageRegister: Figure = {
  name: 'image-register',
  title: 'image of 200 MB registered',
  floorTitle: 'skopeo copy of such an archive into the same registry, on the front-end',
  unit: 's',
  rounds: [3, 1],
  targets: [{ kind: 'ratio', limit: 1.2 }],
  async prepare(stage) {
    const sandbox = await shareSandbox(stage);
    return {
      ours: () => registerSeconds(sandbox),
      floor: () => copySeconds(sandbox),
      async [Symbol.asyncDispose]() {
        await sandbox.frontEnd.run(['rm', '-f', ARCHIVE]);
      },
    };
  },
};

/** @returns its id, once it is READY */
export async function registerLarge(sandbox: Pick<BenchSandbox, 'client' | 'frontEnd'>): Promise<number> {
  await makeArchive(sandbox.frontEnd);
  return register(sandbox);
}

async function register({ client }: Pick<BenchSandbox, 'client'>): Promise<number> {
  const datastore = (await client.datastorepool.info()).objects.find(({ name }) => name === 'onedock');
  const template = `NAME = "${NAME}"\nTYPE = "OS"\nPATH = "${ARCHIVE}"\n`;
  const id = await client.image.allocate(template, datastore?.id ?? -1);
  await waitForImage(client, id, 'READY');
  return id;
}

async function registerSeconds(sandbox: BenchSandbox): Promise<number> {
  const { client, frontEnd } = sandbox;
  await makeArchive(frontEnd);
  let id = -1;
  const seconds = await secondsOf(async () => {
    id = await register(sandbox);
  });
  await client.image.delete(id);
  await waitUntil({
    awaited: `Image ${id} gone`,
    look: () => client.imagepool.info(),
    done: (images) => Array.from(images).every((image) => image.id !== id),
    describe: () => 'still there',
  });
  return seconds;
}

async function copySeconds({ frontEnd }: BenchSandbox): Promise<number> {
  await makeArchive(frontEnd);
  const { stdout } = await frontEnd.run(['sh', '-c', COPY, 'sh', ARCHIVE], { timeoutSeconds: 300 });
  return Number(stdout) / 1e9;
}

async function makeArchive(frontEnd: BenchSandbox['frontEnd']): Promise<void> {
  await frontEnd.run(['sh', '-c', MAKE_ARCHIVE, 'sh', ARCHIVE, `${LAYER_BYTES}`], { timeoutSeconds: 300 });
}

/** An archive as `docker save` writes it (Docker Image Specification v1.2). */
const MAKE_ARCHIVE = `set -e
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
head -c "$2" /dev/urandom >data
tar -cf layer.tar data
id=$(sha256sum <layer.tar | cut -c 1-64)
arch=$(dpkg --print-architecture)
printf '{"architecture":"%s","os":"linux","config":{"Cmd":["true"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \\
  "$arch" "$id" >config.json
echo '[{"Config":"config.json","RepoTags":null,"Layers":["layer.tar"]}]' >manifest.json
tar -cf "$1" manifest.json config.json layer.tar
chmod 644 "$1"`;

/** With the front-end's own login. What it has copied is deleted, but for the layers, which a later collection takes. */
const COPY = `set -e
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cp /etc/one/onedock-ca.crt "$folder"
login="onedock:$(cat /etc/one/onedock-registry-password)"
to=docker://registry:5000/bench/bare:latest
from=$(date +%s%N)
skopeo copy --quiet --dest-creds="$login" --dest-cert-dir="$folder" "docker-archive:$1" "$to"
until=$(date +%s%N)
skopeo delete --creds="$login" --cert-dir="$folder" "$to" >&2
echo $((until - from))`;
