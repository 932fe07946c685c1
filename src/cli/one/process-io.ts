/** The process that a command runs in. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fstatSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Io, StdinNeed } from './io.ts';
import { Refusal } from './refusal.ts';

export function processIo(): Io {
  // A reader that has seen enough, as `head`, is no failure of the command.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  // A terminal that does not know its size cannot be filled or paged.
  const { columns, rows, isTTY } = process.stdout;
  return {
    env: process.env,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    now: () => Math.floor(Date.now() / 1000),
    ...(isTTY && columns > 0 && rows > 0 ? { terminal: { columns, rows } } : {}),
    readFile,
    writeFile(path, text, mode) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { mode });
    },
    removeFile(path) {
      const exists = statSync(path, { throwIfNoEntry: false }) !== undefined;
      rmSync(path, { force: true });
      return exists;
    },
    readStdin,
    ask,
    runProgram,
    temporaryPath: () => join(tmpdir(), `one-${randomUUID()}`),
    useTimeZone: (zone) => {
      process.env.TZ = zone;
    },
    pause,
  };
}

function readFile(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : undefined;
}

/**
 * How long an open pipe may stay silent before it counts as one into which nobody writes. What has no other source but an
 * editor or an empty text is waited for, since the program that writes may be slow to start.
 */
const SILENCE_MS: Readonly<Record<Exclude<StdinNeed, 'only-source'>, number>> = { 'if-any': 25, 'likely-source': 2000 };

async function readStdin(need: StdinNeed): Promise<string> {
  const { stdin } = process;
  if (stdin.isTTY) return '';
  const stat = fstatSync(0, { throwIfNoEntry: false });
  if (!stat) return '';
  if (stat.isFile()) return readFileSync(0, 'utf8');
  const isSilent = need !== 'only-source' && !(await isReadable(stdin, SILENCE_MS[need]));
  if (isSilent) {
    stdin.destroy();
    return '';
  }
  let text = '';
  for await (const chunk of stdin.setEncoding('utf8')) text += chunk;
  return text;
}

/** Whether data or the end of it arrives in time. */
function isReadable(stream: NodeJS.ReadStream, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(settle, milliseconds, false);
    const seen = () => settle(true);
    function settle(answer: boolean) {
      clearTimeout(timer);
      stream.off('readable', seen).off('end', seen).off('error', seen);
      resolve(answer);
    }
    stream.once('readable', seen).once('end', seen).once('error', seen);
  });
}

async function ask(question: string, { secret = false } = {}): Promise<string> {
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!secret) process.stderr.write(chunk);
      done();
    },
  });
  process.stderr.write(question);
  const reader = createInterface({ input: process.stdin, output, terminal: secret && Boolean(process.stdin.isTTY) });
  const gone = new AbortController();
  reader.once('close', () => gone.abort());
  try {
    return await reader.question('', { signal: gone.signal });
  } catch {
    throw new Refusal('Nobody is there to answer: standard input has ended.');
  } finally {
    reader.close();
    if (secret) process.stderr.write('\n');
  }
}

function runProgram([program = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

async function pause(seconds: number): Promise<boolean> {
  const interrupted = new AbortController();
  const stop = () => interrupted.abort();
  process.once('SIGINT', stop);
  try {
    await sleep(seconds * 1000, undefined, { signal: interrupted.signal });
    return true;
  } catch {
    return false;
  } finally {
    process.off('SIGINT', stop);
  }
}
