/** The floor under VMs: Docker's own command on the same host, timed there, so that getting there costs nothing. */
import type { Transport } from '../../src/transport/transport.ts';
import type { BenchSandbox } from './sandbox-stage.ts';

type Host = Pick<BenchSandbox, 'host' | 'imageId'>;

/** Seconds until `docker run -d` has returned so many times, all started at once. The containers are removed again. */
export async function dockerRunSeconds({ host, imageId }: Host, containers = 1): Promise<number> {
  return runEverywhere([host], imageId, containers);
}

/** The same on several hosts at once: seconds until the last one is done. */
export async function runEverywhere(hosts: readonly Transport[], imageId: string, containers: number): Promise<number> {
  const words = [imageId, String(containers)];
  const run = { act: `${RUN_ALL}; wait`, undo: CHECK_ALL };
  const seconds = await Promise.all(hosts.map((host) => timeOnHost(host, run, words)));
  await Promise.all(hosts.map((host) => timeOnHost(host, { act: REMOVE_ALL }, words)));
  return Math.max(...seconds);
}

/** Seconds of `docker rm -f` of one container that runs. */
export async function dockerRemoveSeconds({ host, imageId }: Host): Promise<number> {
  await host.run(['docker', 'run', '--detach', '--network=none', '--name=bare-1', imageId]);
  return timeOnHost(host, { act: REMOVE_ALL }, [imageId, '1']);
}

/** A container that runs until it is disposed of. */
export async function startBareContainer({
  host,
  imageId,
}: Host): Promise<{ readonly name: string } & AsyncDisposable> {
  const name = 'bare-kept';
  await host.run(['docker', 'run', '--detach', '--network=none', '--memory=64m', `--name=${name}`, imageId]);
  return {
    name,
    async [Symbol.asyncDispose]() {
      await host.run(['docker', 'rm', '--force', name]);
    },
  };
}

/** So many on each host, with as little memory as VMs of a crowd; until they are disposed of. */
export async function startBareContainers(
  hosts: readonly Transport[],
  imageId: string,
  containers: number,
): Promise<AsyncDisposable> {
  const words = [imageId, String(containers)];
  await Promise.all(hosts.map((host) => timeOnHost(host, { act: RUN_BY_FEW, undo: CHECK_ALL }, words)));
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(hosts.map((host) => timeOnHost(host, { act: REMOVE_ALL }, words)));
    },
  };
}

/** Hundreds at once would take more than the machine has. */
const RUN_BY_FEW =
  'seq "$2" | xargs -P 8 -I @ docker run --detach --network=none --memory=16m --name=bare-@ "$1" >/dev/null';
const RUN_ALL =
  'for i in $(seq "$2"); do docker run --detach --network=none --memory=64m --name="bare-$i" "$1" >/dev/null & done';
/** One that does not start takes no time. */
const CHECK_ALL = '[ "$(docker ps --quiet --filter name=^bare- | wc -l)" = "$2" ]';
const REMOVE_ALL = 'docker rm --force $(seq --format="bare-%g" "$2") >/dev/null';

export interface ShellWork {
  readonly before?: string;
  readonly act: string;
  readonly undo?: string;
}

/** Seconds of `act` alone. @param work  fixed text of these files for the host's shell; arguments are given apart */
export async function timeOnHost(
  host: Transport,
  { before = ':', act, undo = ':' }: ShellWork,
  args: readonly string[],
): Promise<number> {
  const script = `set -e; ${before}; from=$(date +%s%N); ${act}; to=$(date +%s%N); ${undo}; echo $((to - from))`;
  const { stdout } = await host.run(['sh', '-c', script, 'sh', ...args], { timeoutSeconds: 300 });
  return Number(stdout.trim().split('\n').at(-1)) / 1e9;
}
