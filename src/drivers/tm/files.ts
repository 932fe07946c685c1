/**
 * What is done with files at a place. Where one step needs several commands, they are a fixed script that gets its
 * values as arguments, since each command more is a round trip to the host.
 */
import { posix } from 'node:path';
import { lineList } from '../../opennebula/lists.ts';
import { carry } from '../hosts/carry.ts';
import type { DockerHost } from '../hosts/docker-hosts.ts';
import { FRONTEND, type Place, tellingOfSpace } from './place.ts';

const COPY_SECONDS = 3600;

const WRITE = '{ [ -d "$1" ] || mkdir -p -- "$1"; } && cat >"$2.new" && mv -f -- "$2.new" "$2"';
const MAKE_BLANK = 'mkdir -p -- "$1" && rm -rf -- "$2" && truncate -s "$3" -- "$2"';
const MAKE_SWAP = `${MAKE_BLANK} && PATH=/usr/sbin:/sbin:$PATH mkswap -- "$2" >/dev/null`;

const DISK_STATE = '[ -e "$1" ] || exit 4; ! grep -sqxF -- "$1" /sys/block/loop*/loop/backing_file || exit 3';

/** Makes the directory of a file, and the file with a text in it; it is whole when it appears. */
export async function writeText(place: Place, path: string, text: string, signal: AbortSignal): Promise<void> {
  await place.run(['sh', '-c', WRITE, 'sh', posix.dirname(path), path], {
    stdin: text,
    signal,
    ...(text.endsWith('\n') && { shell: 'brief' }),
  });
}

/** The text of a small file; undefined when there is none. */
export async function readText(place: Place, path: string, signal: AbortSignal): Promise<string | undefined> {
  const { stdout, exitCode } = await place.run(['head', '-c', '4096', '--', path], {
    acceptExitCodes: [0, 1],
    signal,
    shell: 'brief',
  });
  return exitCode === 0 ? stdout : undefined;
}

/** A file without blocks; what was there is gone. @param kind  `swap` for one that is swap space */
export async function makeBlank(
  place: Place,
  path: string,
  sizeMb: number,
  kind: 'blank' | 'swap',
  signal: AbortSignal,
): Promise<void> {
  const script = kind === 'swap' ? MAKE_SWAP : MAKE_BLANK;
  await place.run(['sh', '-c', script, 'sh', posix.dirname(path), path, `${sizeMb}M`], { signal });
}

/** Succeeds when nothing is there. */
export async function remove(place: Place, path: string | readonly string[], signal: AbortSignal): Promise<void> {
  await place.run(['rm', '-rf', '--', ...[path].flat()], { signal });
}

export async function exists(place: Place, path: string, signal: AbortSignal): Promise<boolean> {
  return (await place.run(['test', '-e', path], { acceptExitCodes: [0, 1], signal })).exitCode === 0;
}

/** What there is of the file of a disk: a mounted one has a loop device. */
export async function diskState(
  place: Place,
  path: string,
  signal: AbortSignal,
): Promise<'free' | 'mounted' | 'missing'> {
  const { exitCode } = await place.run(['sh', '-c', DISK_STATE, 'sh', path], { acceptExitCodes: [0, 3, 4], signal });
  return exitCode === 0 ? 'free' : exitCode === 3 ? 'mounted' : 'missing';
}

/** Names in a directory; none when there is no directory. */
export async function listNames(place: Place, directory: string, signal: AbortSignal): Promise<string[]> {
  const { stdout } = await place.run(['ls', '-A', '--', directory], { acceptExitCodes: [0, 2], signal });
  return lineList(stdout);
}

/** Copies a file or directory, holes kept; what was at the destination is replaced at the end. */
export async function copy(
  from: Place,
  source: string,
  to: Place,
  destination: string,
  signal: AbortSignal,
): Promise<void> {
  if (from.name === to.name && source === destination) return;
  await to.run(['mkdir', '-p', '--', posix.dirname(destination)], { signal });
  if (from.name === to.name) {
    const command = ['cp', '-rT', '--sparse=always', '--reflink=auto', '--', source, destination];
    await to.run(command, { signal, timeoutSeconds: COPY_SECONDS });
  } else if (!from.host) {
    await sendTo(to, source, destination, signal);
  } else if (!to.host) {
    await receiveFrom(from, source, destination, signal);
  } else {
    await copyByWayOfHere(from.host, source, to.host, destination, signal);
  }
}

/** It is not known which of the three ran out of space. */
async function copyByWayOfHere(
  from: DockerHost,
  source: string,
  to: DockerHost,
  destination: string,
  signal: AbortSignal,
) {
  const places = `${from.name}, ${FRONTEND.name} or ${to.name}`;
  await tellingOfSpace(places, carry(from, source, to, destination, { signal, timeoutSeconds: COPY_SECONDS }));
}

async function sendTo({ name, host }: Place, source: string, destination: string, signal: AbortSignal) {
  if (host) await tellingOfSpace(name, host.send(source, destination, { signal, timeoutSeconds: COPY_SECONDS }));
}

async function receiveFrom({ host }: Place, source: string, destination: string, signal: AbortSignal) {
  if (host)
    await tellingOfSpace(FRONTEND.name, host.receive(source, destination, { signal, timeoutSeconds: COPY_SECONDS }));
}
