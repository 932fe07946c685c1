/**
 * Copies files and directories between this machine and one reached over SSH, as a stream of tar, so that holes stay holes
 * and modes are kept. The copy has a name of its own until it is complete.
 */
import { dirname, join, posix } from 'node:path';
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

/** Where a copy ends or begins. */
type CopyPlace = Pick<SshTransport, 'name' | 'spawn'>;

/** What was at the destination is replaced at the end. @throws COMMAND_FAILED with the words of either tar, COMMAND_TIMED_OUT */
export async function sendTree(
  ssh: CopyPlace,
  localPath: string,
  remotePath: string,
  options: TreeCopyOptions = {},
): Promise<void> {
  const argv = ['tar', ...pack(localPath)];
  await inTime({ place: 'this machine', argv }, options, (signal) => send(ssh, localPath, remotePath, signal));
}

async function send(ssh: CopyPlace, localPath: string, remotePath: string, signal: AbortSignal): Promise<void> {
  const { execa } = await import('execa');
  const receiver = unpack(remotePath, posix.dirname(remotePath), finalName(localPath));
  const remote = await ssh.spawn(receiver, { signal });
  const local = execa('tar', pack(localPath), { cancelSignal: signal, buffer: false, stdin: 'ignore', reject: false });
  const said = Promise.all([collect(local.stderr), collect(remote.stderr), collect(remote.stdout)]);
  let hasEndedHere = false;
  const sent = local.then(({ exitCode }) => {
    hasEndedHere = true;
    return exitCode;
  });
  // Of two that failed, the first to end is the cause: the other has lost whom it spoke to.
  const ended = remote.ended.then(({ exitCode }) => ({ exitCode, wasFirst: !hasEndedHere }));
  const carried = pipeline(local.stdout, remote.stdin).catch(() => {});
  const [localExitCode, { exitCode, wasFirst }] = await Promise.all([sent, ended, carried]);
  const [localErrors, remoteErrors] = await said;
  signal.throwIfAborted();
  if (exitCode === undefined) throw fail('SSH_CONNECTION_LOST', { host: ssh.name, doing: `copy to ${remotePath}` });
  if (wasFirst) check(ssh.name, receiver, exitCode, remoteErrors);
  check('this machine', ['tar', ...pack(localPath)], localExitCode, localErrors);
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

/**
 * The other way. What is unpacked here may be complete before the sender has ended, which is then waited for; when it fails
 * here, the sender is ended.
 */
export async function receiveTree(
  ssh: CopyPlace,
  remotePath: string,
  localPath: string,
  options: TreeCopyOptions = {},
): Promise<void> {
  const argv = ['tar', ...pack(remotePath)];
  await inTime({ place: ssh.name, argv }, options, (signal) => receive(ssh, remotePath, localPath, signal));
}

async function receive(ssh: CopyPlace, remotePath: string, localPath: string, signal: AbortSignal): Promise<void> {
  const { execa } = await import('execa');
  const sender = ['tar', ...pack(remotePath)];
  const [program = '', ...args] = unpack(localPath, dirname(localPath), finalName(remotePath));
  const remote = await ssh.spawn(sender, { signal });
  remote.stdin.end();
  const local = execa(program, args, { cancelSignal: signal, buffer: false, reject: false });
  const said = Promise.all([collect(local.stderr), collect(local.stdout), collect(remote.stderr)]);
  let hasFailedHere = false;
  const unpacked = local.then(({ exitCode }) => {
    hasFailedHere = exitCode !== 0;
    if (hasFailedHere) remote.end();
    // A channel closes when all that came by it was read. A `pipeline` would close it here, before its exit code has come.
    remote.stdout.unpipe().resume();
    return exitCode;
  });
  // One that has read the archive's end may be gone before the stream's, which is no fault: its exit code tells.
  local.stdin.on('error', () => {});
  remote.stdout.pipe(local.stdin);
  const ended = remote.ended.then(({ exitCode }) => ({ exitCode, isLost: exitCode === undefined && !hasFailedHere }));
  const [{ exitCode, isLost }, localExitCode] = await Promise.all([ended, unpacked]);
  const [localErrors, , remoteErrors] = await said;
  signal.throwIfAborted();
  if (exitCode !== undefined) check(ssh.name, sender, exitCode, remoteErrors);
  if (isLost) throw fail('SSH_CONNECTION_LOST', { host: ssh.name, doing: `copy of ${remotePath}` });
  check('this machine', [program, ...args], localExitCode, localErrors);
}

/** @param sender  for the error @throws COMMAND_TIMED_OUT, the signal's reason */
async function inTime(
  { place, argv }: { readonly place: string; readonly argv: readonly string[] },
  { signal, timeoutSeconds = 3600 }: TreeCopyOptions,
  copy: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const deadline = AbortSignal.timeout(timeoutSeconds * 1000);
  try {
    await copy(AbortSignal.any([deadline, ...(signal ? [signal] : [])]));
  } catch (error) {
    signal?.throwIfAborted();
    if (!deadline.aborted) throw error;
    throw failCommand('COMMAND_TIMED_OUT', { place, line: shellLine(argv), timeoutSeconds, output: '' });
  }
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
