import { createInterface } from 'node:readline';
import { fail } from './errors.ts';

/**
 * Holds a file's lock together with others (flock(2)), and so keeps off who wants it alone; waits for one who has it.
 * The kernel gives it back when this process ends, however it ends. The file is made if there is none.
 * @throws COMMAND_FAILED when the file cannot be opened
 */
export async function shareFileLock(path: string): Promise<AsyncDisposable> {
  const { execa } = await import('execa');
  // It ends with its standard input.
  const args = ['--shared', path, 'sh', '-c', 'echo held && exec cat'];
  const holder = execa('flock', args, {
    detached: true,
    reject: false,
    buffer: { stdout: false, stderr: true },
  });
  const lines = createInterface({ input: holder.stdout });
  const held = await new Promise<boolean>((resolve) =>
    lines.once('line', () => resolve(true)).once('close', () => resolve(false)),
  );
  if (!held) {
    const { exitCode = -1, stderr } = await holder;
    throw fail('COMMAND_FAILED', { place: 'this machine', line: `flock ${args.join(' ')}`, exitCode, output: stderr });
  }
  return {
    async [Symbol.asyncDispose]() {
      holder.stdin.end();
      await holder;
    },
  };
}
