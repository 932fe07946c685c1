/** The floor of an answer: a server of Node, in a process of its own as the front-end is, that sends the same bytes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerProgram, startServerProgram } from '../support/server-program.ts';

export async function startEchoProgram(answer: Buffer): Promise<ServerProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'onedock-bench-'));
  try {
    const file = join(folder, 'answer');
    await writeFile(file, answer);
    return await startServerProgram(join(import.meta.dirname, 'echo-program.ts'), [file]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
