/** What `create` makes its template from: a file, standard input, or flags; and only one of them. */
import { Refusal } from './refusal.ts';
import type { AnyOption, Run } from './run.ts';

/**
 * @param file  contents of the file that was named
 * @param flags  options that make a template, by name in conflicts
 * @param make  the template of the flags, for when there is no text
 * @throws Refusal when a text is given together with flags
 */
export async function createText(
  run: Run,
  file: string | undefined,
  flags: readonly AnyOption[],
  make: () => string,
): Promise<string> {
  const used = flags.filter((option) => run.has(option));
  const piped = file === undefined ? await run.io.readStdin(used.length > 0 ? 'if-any' : 'likely-source') : '';
  if ((file !== undefined || piped !== '') && used.length > 0) {
    const names = used.map(({ name }) => name).join(', ');
    throw new Refusal(
      `You cannot pass template on STDIN and use template creation options, conflicting options: ${names}.`,
    );
  }
  return file ?? (piped === '' ? make() : piped);
}
