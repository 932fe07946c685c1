import { TEMPLATE_FILE } from '../options/template-file.ts';
import type { Run } from '../run.ts';

/** What the API is given: the file, what was piped in, or what the flags say. */
export async function deviceText(run: Run, fromFlags: () => string): Promise<string> {
  return run.get(TEMPLATE_FILE) ?? ((await run.io.readStdin('if-any')) || fromFlags());
}
