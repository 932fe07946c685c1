import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHookCommand } from '../../src/frontend/hooks/hook-runner.ts';

let folder: string;
let script: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onedock-hook-'));
  script = join(folder, 'tell');
  await writeFile(script, '#!/bin/sh\necho "got $*"\ncat\necho trouble >&2\nexit 3\n');
  await chmod(script, 0o755);
});

afterAll(() => rm(folder, { recursive: true }));

const run = (line: string, { stdin = '', timeoutSeconds = 10 } = {}) =>
  runHookCommand({ line, stdin, timeoutSeconds }, new AbortController().signal);

describe('commands of hooks', () => {
  it('are scripts, which get arguments and standard input', async () => {
    expect(await run(`${script} a b`, { stdin: 'in\n' })).toEqual({
      code: 3,
      stdout: 'got a b\nin\n',
      stderr: 'trouble\n',
    });
  });

  it('are ended at their time limit, and count as failed', async () => {
    expect(await run('sleep 20', { timeoutSeconds: 1 })).toEqual({
      code: 255,
      stdout: '',
      stderr: 'Timeout executing sleep 20',
    });
  });

  it('that do not exist count as failed', async () => {
    expect((await run(join(folder, 'missing'))).code).not.toBe(0);
  });
});
