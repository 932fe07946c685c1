/**
 * A server in a process of its own, for clients that must not share its event loop: a program that prints its address
 * as the first line and ends when its standard input does, so it ends with whoever started it.
 */
import { execa } from 'execa';

export interface ServerProgram extends AsyncDisposable {
  /** What it printed first. */
  readonly endpoint: string;
  readonly pid: number;
}

const START_TIMEOUT_SECONDS = 60;

/** @throws with the end of its stderr when it does not start */
export async function startServerProgram(path: string, args: readonly string[] = []): Promise<ServerProgram> {
  const child = execa(process.execPath, [path, ...args], { stdin: 'pipe', stderr: 'inherit', reject: false });
  const late = setTimeout(() => child.kill(), START_TIMEOUT_SECONDS * 1000);
  const endpoint = await firstLine(child.stdout);
  clearTimeout(late);
  const pid = child.pid;
  if (endpoint === undefined || pid === undefined)
    throw new Error(`${path} did not start; its standard error says why`);
  return {
    endpoint,
    pid,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await child;
    },
  };
}

function firstLine(stream: NodeJS.ReadableStream): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    stream.on('end', () => resolve(undefined));
  });
}
