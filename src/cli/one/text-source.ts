/** Where a template comes from: a file, standard input, or an editor. */
import { flag } from './option.ts';
import { Refusal } from './refusal.ts';
import type { Run } from './run.ts';

export const APPEND = flag({
  name: 'append',
  short: '-a',
  long: '--append',
  help: 'Add attributes to those there are, in place of replacing all',
});

/**
 * Lets the user edit a text and returns it as it was saved. `EDITOR` is a shell's command line, as for git and others.
 * @throws Refusal when the editor fails
 */
export async function editText(run: Run, initial: string): Promise<string> {
  const path = run.io.temporaryPath();
  run.io.writeFile(path, initial, 0o600);
  try {
    const editor = run.io.env.EDITOR || '/usr/bin/vi';
    if ((await run.io.runProgram(['/bin/sh', '-c', `${editor} "$@"`, editor, path])) !== 0)
      throw new Refusal('Editor not defined');
    return run.io.readFile(path) ?? '';
  } finally {
    run.io.removeFile(path);
  }
}

/**
 * New contents for an object: the file's, else what was piped in, else what the user makes in the editor of `current`.
 */
export async function updatedText(run: Run, file: string | undefined, current: () => Promise<string>): Promise<string> {
  if (file !== undefined) return file;
  const piped = await run.io.readStdin('likely-source');
  return piped === '' ? editText(run, await current()) : piped;
}
