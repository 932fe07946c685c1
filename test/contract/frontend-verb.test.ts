/** `onedock frontend` as a program, as the test suites of others start it. */
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/opennebula/client/client.ts';

const PROGRAM = join(import.meta.dirname, '../../bin/onedock.mjs');

/** Starts it and reads as many lines as are expected of it. */
async function start(args: readonly string[], lines: number) {
  const child = execa(process.execPath, [PROGRAM, 'frontend', '--port', '0', ...args], { reject: false });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === lines) break;
  }
  return {
    said,
    async end(signal: 'SIGTERM' | 'SIGINT') {
      child.kill(signal);
      return (await child).exitCode;
    },
  };
}

describe('onedock frontend', () => {
  it('says when it takes calls, and how to reach it, and ends when it is told to', async () => {
    const program = await start(['--dummy', '3'], 3);
    const [ready = '', endpointLine = '', authLine = ''] = program.said;
    const endpoint = ready.replace('ONEDock front-end ready at ', '');
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/RPC2$/);
    expect(endpointLine).toBe(`export ONE_XMLRPC=${endpoint}`);
    const authFile = authLine.replace('export ONE_AUTH=', '');
    const session = (await readFile(authFile, 'utf8')).trim();
    {
      using client = createClient({ endpoint, session });
      expect((await client.hostpool.info()).objects).toHaveLength(3);
    }
    expect(await program.end('SIGTERM')).toBe(0);
    await expect(access(dirname(authFile))).rejects.toThrow('ENOENT');
  });

  it('ends by Ctrl-C as well', async () => {
    const program = await start(['--dummy', '3'], 1);
    expect(await program.end('SIGINT')).toBe(0);
  });

  it('says the same in JSON', async () => {
    const program = await start(['--json'], 1);
    const { endpoint, health, authFile } = JSON.parse(program.said[0] ?? '');
    expect(endpoint).toContain('/RPC2');
    expect(await (await fetch(health)).text()).toBe('ok\n');
    await access(authFile);
    await program.end('SIGTERM');
  });

  it('leaves the folder that it was given', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onedock-verb-'));
    try {
      const program = await start(['--data', folder, '--listen', '127.0.0.2'], 3);
      expect(program.said).toEqual([
        expect.stringContaining('http://127.0.0.2:'),
        expect.stringContaining('ONE_XMLRPC'),
        `export ONE_AUTH=${join(folder, 'one_auth')}`,
      ]);
      await program.end('SIGTERM');
      await access(join(folder, 'one_auth'));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
