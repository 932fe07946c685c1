import { Readable } from 'node:stream';
import { fail } from './errors.ts';
import { shellLine } from './shell-line.ts';
import { collect } from './stream-text.ts';

/** As everybody's: whoever unpacks it becomes their owner. */
const NOBODYS = ['--owner=0', '--group=0', '--numeric-owner'];

/**
 * Files of a directory as a tar archive, links as links.
 * @param paths  below the directory; a folder stands for itself alone
 * @throws COMMAND_FAILED with the words of tar, where it is read
 */
export function packFiles(directory: string, paths: readonly string[], signal: AbortSignal): Readable {
  return Readable.from(pack(directory, paths, signal));
}

async function* pack(directory: string, paths: readonly string[], signal: AbortSignal): AsyncGenerator<Buffer> {
  const { execa } = await import('execa');
  const list = ['--no-recursion', '--null', '--verbatim-files-from', '--files-from=-'];
  const args = ['--create', '--file=-', ...NOBODYS, `--directory=${directory}`, ...list];
  const input = paths.map((path) => `${path}\0`).join('');
  const tar = execa('tar', args, { input, cancelSignal: signal, buffer: false, encoding: 'buffer', reject: false });
  const said = collect(tar.stderr);
  let isRead = false;
  try {
    yield* tar.stdout;
    isRead = true;
  } finally {
    // Who reads no further needs no more of it. One that has written everything is about to end well.
    if (!isRead) tar.kill();
  }
  const [{ exitCode }, output] = await Promise.all([tar, said]);
  signal.throwIfAborted();
  if (exitCode === 0) return;
  const at = { place: 'this machine', line: shellLine(['tar', ...args]) };
  throw fail('COMMAND_FAILED', { ...at, exitCode: exitCode ?? -1, output: output.trim() });
}
