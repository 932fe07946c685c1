/** What is done with images that the registry has: their size should not matter, or only what changed in them. */
import type { Client } from '../../../src/opennebula/client/client.ts';
import type { Figure } from '../figure.ts';
import { secondsOf } from '../onedock.ts';
import { type BenchSandbox, endVm, onHost, shareSandbox, untilImage, untilVm } from '../sandbox-stage.ts';
import { registerLarge } from './image.ts';

const CHANGED_BYTES = 50 * 1024 * 1024;

/** The floor is the same work of ours on a small image: the ratio tells whether the size counts. */
export const imageClone: Figure = {
  name: 'image-clone',
  title: 'image of 200 MB cloned',
  floorTitle: 'the sample image of 2 MB cloned',
  unit: 's',
  rounds: [9, 2],
  targets: [{ kind: 'ratio', limit: 1.5 }],
  async prepare(stage) {
    const sandbox = await shareSandbox(stage);
    const { client } = sandbox;
    const [large, small] = [await registerLarge(sandbox), await sampleImage(client)];
    return {
      ours: () => cloneSeconds(client, large),
      floor: () => cloneSeconds(client, small),
      async [Symbol.asyncDispose]() {
        await client.image.delete(large);
        await untilImage(client, large, (image) => image === undefined);
      },
    };
  },
};

export const imageWriteBack: Figure = {
  name: 'image-write-back',
  title: 'persistent image with 50 MB of changes written back, its VM terminated',
  floorTitle: 'docker kill, commit, push and rm of a container with as much, on the same host to the same registry',
  unit: 's',
  rounds: [5, 1],
  targets: [{ kind: 'ratio', limit: 1.2 }],
  async prepare(stage) {
    const sandbox = await shareSandbox(stage);
    const { client, host, frontEnd } = sandbox;
    const password = await frontEnd.run(['cat', '/etc/one/onedock-registry-password']);
    const login = ['docker', 'login', '--username', 'onedock', '--password-stdin', 'registry:5000'];
    await host.run(login, { stdin: password.stdout });
    const image = await clone(client, await sampleImage(client));
    await client.image.persistent(image, true);
    return {
      ours: () => writeBackSeconds(sandbox, image),
      floor: () => commitAndPushSeconds(sandbox),
      async [Symbol.asyncDispose]() {
        await host.run(['docker', 'logout', 'registry:5000']);
        await client.image.delete(image);
        await untilImage(client, image, (each) => each === undefined);
      },
    };
  },
};

async function sampleImage(client: Client): Promise<number> {
  const sample = (await client.imagepool.info()).objects.find(({ name }) => name === 'web');
  if (!sample) throw new Error('The sandbox has no sample image.');
  return sample.id;
}

async function clone(client: Client, image: number): Promise<number> {
  const id = await client.image.clone(image, `bench-copy-${image}`, -1);
  await untilImage(client, id, (each) => each?.state === 'READY');
  return id;
}

async function cloneSeconds(client: Client, image: number): Promise<number> {
  let id = -1;
  const seconds = await secondsOf(async () => {
    id = await clone(client, image);
  });
  await client.image.delete(id);
  await untilImage(client, id, (each) => each === undefined);
  return seconds;
}

async function writeBackSeconds(sandbox: BenchSandbox, image: number): Promise<number> {
  const { client, host, hostName } = sandbox;
  const disk = `DISK = [ IMAGE_ID = ${image} ]\n`;
  const id = await client.vm.allocate(`NAME = "bench"\nCPU = 0.01\nVCPU = 1\nMEMORY = 64\n${disk}${onHost(hostName)}`);
  await untilVm(client, id, (vm) => vm.isRunning);
  await host.run(['docker', 'exec', `one-${id}`, 'sh', '-c', WRITE, 'sh', `${CHANGED_BYTES}`]);
  return secondsOf(async () => {
    await endVm(sandbox, id);
    await untilImage(client, image, (each) => each?.state === 'READY');
  });
}

async function commitAndPushSeconds({ host, imageId }: BenchSandbox): Promise<number> {
  const { stdout } = await host.run(['sh', '-c', COMMIT_AND_PUSH, 'sh', imageId, WRITE, `${CHANGED_BYTES}`], {
    timeoutSeconds: 300,
  });
  return Number(stdout.trim().split('\n').at(-1)) / 1e9;
}

/** What cannot be compressed, other in each round. */
const WRITE = 'busybox head -c "$1" /dev/urandom >/changed && busybox sync';

const COMMIT_AND_PUSH = `set -e
docker run --detach --network=none --name=bare-commit "$1" >/dev/null
docker exec bare-commit sh -c "$2" sh "$3"
from=$(date +%s%N)
docker kill bare-commit >/dev/null
docker commit bare-commit registry:5000/bench/bare:latest >/dev/null
docker push --quiet registry:5000/bench/bare:latest >/dev/null
docker rm bare-commit >/dev/null
to=$(date +%s%N)
docker image rm registry:5000/bench/bare:latest >/dev/null
echo $((to - from))`;
