import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AnyCommand, defineCommand } from '../../../src/cli/sandbox/command.ts';
import { EXIT } from '../../../src/cli/sandbox/exit-codes.ts';
import { run } from '../../../src/cli/sandbox/run.ts';
import { fail } from '../../../src/sandbox/errors.ts';
import { traced } from '../../../src/tracing/spans.ts';
import { RecordingConsole } from '../../support/recording-console.ts';

const command = (more: Partial<AnyCommand>): AnyCommand =>
  defineCommand({
    name: 'try',
    summary: 'Try',
    arguments: {},
    options: {},
    examples: [],
    needsRoot: false,
    run: async () => {},
    ...(more as object),
  });

function start(line: string, more: Partial<AnyCommand>, console = new RecordingConsole()) {
  const ownCommand = ['/usr/bin/node', '/opt/onedock'];
  const invocation = { argv: line.split(' '), commands: [command(more)], version: '1', ownCommand };
  return { console, exitCode: run(invocation, console) };
}

describe('a run of onedock', () => {
  it('ends with 0, or with the code that the verb returns', async () => {
    expect(await start('try', {}).exitCode).toBe(EXIT.OK);
    expect(await start('try', { run: async () => 42 }).exitCode).toBe(42);
  });

  it.each([
    ['a failure', new Error('no'), EXIT.FAILURE],
    ['a machine that is not fit', fail('PREFLIGHT_FAILED', { findings: ['X'] }), EXIT.PREFLIGHT],
    ['a leak', fail('LEAK_FOUND', { sandbox: 'a', leaks: ['b'] }), EXIT.LEAK],
    ['something late', fail('PAGE_SILENT', { vm: 'a', url: 'b', seconds: 1 }), EXIT.TIMEOUT],
    ['an interruption', fail('INTERRUPTED', {}), EXIT.INTERRUPTED],
    ['a wrong file', fail('CONFIGURATION_INVALID', { path: 'a', problems: [] }), EXIT.USAGE],
  ])('ends after %s with a code of its own', async (_, error, exitCode) => {
    expect(await start('try', { run: () => Promise.reject(error) }).exitCode).toBe(exitCode);
  });

  it('says on stderr what went wrong, why, and what to do', async () => {
    const { console, exitCode } = start('try', { run: () => Promise.reject(fail('FRONT_END_DOWN', { sandbox: 'a' })) });
    await exitCode;
    expect(console.stdout).toBe('');
    expect(console.stderr).toContain('The front-end of sandbox a does not run. [FRONT_END_DOWN]\n`onedock up`');
  });

  it('with --json says it as a document on stdout', async () => {
    const error = fail('FRONT_END_DOWN', { sandbox: 'a' });
    const { console, exitCode } = start('try --json', { run: () => Promise.reject(error) });
    await exitCode;
    expect(JSON.parse(console.stdout)).toMatchObject({ error: { code: 'FRONT_END_DOWN', data: { sandbox: 'a' } } });
    expect(console.stderr).toBe('');
  });

  it('with --trace writes how long the parts of it took, also of one that failed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onedock-trace-'));
    try {
      const file = join(folder, 'trace.json');
      const step = () => traced('a step', () => Promise.reject(fail('FRONT_END_DOWN', { sandbox: 'a' })));
      expect(await start(`try --trace ${file}`, { run: step }).exitCode).toBe(EXIT.FAILURE);
      const events = JSON.parse(await readFile(file, 'utf8'));
      expect(events).toContainEqual(expect.objectContaining({ ph: 'M', args: { name: 'onedock try' } }));
      expect(events).toContainEqual(expect.objectContaining({ ph: 'X', name: 'a step' }));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('does nothing when the file for the trace cannot be written', async () => {
    let ran = false;
    const work = async () => {
      ran = true;
    };
    const { console, exitCode } = start('try --trace /nowhere/at/all/trace.json', { run: work });
    expect(await exitCode).toBe(EXIT.FAILURE);
    expect(ran).toBe(false);
    expect(console.stderr).toContain('/nowhere/at/all/trace.json');
  });

  it('explains a wrong command line', async () => {
    const { console, exitCode } = start('try --hard', {});
    expect(await exitCode).toBe(EXIT.USAGE);
    expect(console.stderr).toContain("Unknown option '--hard'.");
    expect(console.stderr).toContain('`onedock try --help`');
  });

  it('calls sudo for verbs that need root, with what we go by', async () => {
    const console = new RecordingConsole({ isRoot: false, env: { NO_COLOR: '1', HOME: '/home/a' } });
    console.exitCode = 7;
    const { exitCode } = start('try --json', { needsRoot: true }, console);
    expect(await exitCode).toBe(7);
    expect(console.started).toEqual(['sudo env NO_COLOR=1 /usr/bin/node /opt/onedock try --json']);
  });
});
