/**
 * Copies files and directories between this machine and one reached over SSH, as a stream of tar, so that holes stay holes
 * and modes are kept. The copy has a name of its own until it is complete.
 */
import { dirname, join, posix } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fail as failCommand } from './errors.ts';
import { shellLine } from './shell-line.ts';
import type { SshTransport } from './ssh.ts';
import { fail } from './ssh-errors.ts';
import { collect } from './stream-text.ts';
import { tarArchive } from './tar-archive.ts';

export interface TreeCopyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutSeconds?: number;
}

/** What was at the destination is replaced at the end. @throws COMMAND_FAILED with the words of either tar */
export async function sendTree(
  ssh: SshTransport,
  localPath: string,
  remotePath: string,
  options: TreeCopyOptions = {},
): Promise<void> {
  const { execa } = await import('execa');
  const signal = deadline(options);
  const receiver = unpack(remotePath, posix.dirname(remotePath), finalName(localPath));
  const remote = await ssh.spawn(receiver, { signal });
  const local = execa('tar', pack(localPath), { cancelSignal: signal, buffer: false, stdin: 'ignore', reject: false });
  const said = Promise.all([collect(local.stderr), collect(remote.stderr), collect(remote.stdout)]);
  const [{ exitCode }, result] = await Promise.all([remote.ended, local, carry(local.stdout, remote.stdin)]);
  const [localErrors, remoteErrors] = await said;
  signal.throwIfAborted();
  check('this machine', ['tar', ...pack(localPath)], result.exitCode, localErrors);
  if (exitCode === undefined) throw fail('SSH_CONNECTION_LOST', { host: ssh.name, doing: `copy to ${remotePath}` });
  check(ssh.name, receiver, exitCode, remoteErrors);
}

export interface SmallFile {
  readonly name: string;
  readonly content: Buffer;
  /** Permissions. */
  readonly mode: number;
}

/**
 * Makes a directory of files that fit into memory, with its parents: one command there and no process here. What was at
 * the destination is replaced at the end.
 * @throws COMMAND_FAILED
 */
export async function sendFiles(
  ssh: SshTransport,
  files: readonly SmallFile[],
  remotePath: string,
  { signal, timeoutSeconds = 60 }: TreeCopyOptions = {},
): Promise<void> {
  const archive = tarArchive(files.map(({ name, content, mode }) => ({ path: name, content, mode })));
  const argv = ['sh', '-c', UNPACK_FILES, 'unpack', remotePath];
  await ssh.run(argv, { stdin: archive, timeoutSeconds, ...(signal && { signal }) });
}

const UNPACK_FILES = `set -eu
[ ! -e "$1.part" ] || rm -rf -- "$1.part"
mkdir -p -- "$1.part"
trap 'rm -rf -- "$1.part"' EXIT
tar --extract --no-same-owner --preserve-permissions --file=- --directory="$1.part"
[ ! -e "$1" ] || rm -rf -- "$1"
mv -fT -- "$1.part" "$1"
trap - EXIT`;

/** The other way. */
export async function receiveTree(
  ssh: SshTransport,
  remotePath: string,
  localPath: string,
  options: TreeCopyOptions = {},
): Promise<void> {
  const { execa } = await import('execa');
  const signal = deadline(options);
  const sender = ['tar', ...pack(remotePath)];
  const [program = '', ...args] = unpack(localPath, dirname(localPath), finalName(remotePath));
  const remote = await ssh.spawn(sender, { signal });
  remote.stdin.end();
  const local = execa(program, args, { cancelSignal: signal, buffer: false, reject: false });
  const said = Promise.all([collect(local.stderr), collect(local.stdout), collect(remote.stderr)]);
  const [{ exitCode }, result] = await Promise.all([remote.ended, local, carry(remote.stdout, local.stdin)]);
  const [localErrors, , remoteErrors] = await said;
  signal.throwIfAborted();
  if (exitCode === undefined) throw fail('SSH_CONNECTION_LOST', { host: ssh.name, doing: `copy of ${remotePath}` });
  check(ssh.name, sender, exitCode, remoteErrors);
  check('this machine', [program, ...args], result.exitCode, localErrors);
}

/**
 * Moves the archive. That it breaks off is told by the exit code of either tar; one that has read the archive's end may
 * be gone before the stream's, which is no fault.
 */
async function carry(from: Readable, to: Writable): Promise<void> {
  await pipeline(from, to).catch(() => {});
}

function deadline({ signal, timeoutSeconds = 3600 }: TreeCopyOptions): AbortSignal {
  return AbortSignal.any([AbortSignal.timeout(timeoutSeconds * 1000), ...(signal ? [signal] : [])]);
}

function pack(path: string): string[] {
  return ['--create', '--sparse', '--file=-', `--directory=${dirname(path)}`, '--', `./${finalName(path)}`];
}

/** Into a directory beside the destination, then into its place. An archive that breaks off leaves nothing. */
function unpack(destination: string, parent: string, name: string): string[] {
  const script = `set -eu
temporary=$(mktemp -d -p "$2" .copy.XXXXXXXX)
trap 'rm -rf -- "$temporary"' EXIT
tar --extract --sparse --no-same-owner --preserve-permissions --file=- --directory="$temporary"
[ ! -d "$1" ] || [ -L "$1" ] || rm -rf -- "$1"
mv -fT -- "$temporary/$3" "$1"`;
  return ['sh', '-c', script, 'unpack', destination, parent, name];
}

function finalName(path: string): string {
  return posix.basename(join(path));
}

function check(place: string, argv: readonly string[], exitCode: number | undefined, output: string): void {
  if (exitCode === 0) return;
  throw failCommand('COMMAND_FAILED', {
    place,
    line: shellLine(argv),
    exitCode: exitCode ?? -1,
    output: output.trim(),
  });
}
