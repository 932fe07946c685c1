import { describe, expect, it } from 'vitest';
import { ActionFailure } from '../../../../src/drivers/contract/action.ts';
import type { DriverCall, DriverRunner } from '../../../../src/drivers/contract/driver-runner.ts';
import { runExecutable } from '../../../../src/drivers/contract/executable.ts';

async function run(argv: readonly string[], answer: (call: DriverCall) => string = () => '') {
  const calls: DriverCall[] = [];
  const printed = { stdout: '', stderr: '' };
  const drivers: DriverRunner = {
    has: (family, driver) => family === 'tm' && driver === 'onedock',
    async run(call) {
      calls.push(call);
      return answer(call);
    },
    async monitor() {},
    async [Symbol.asyncDispose]() {},
  };
  const exitCode = await runExecutable(drivers, {
    argv: ['/usr/bin/node', ...argv],
    readStdin: async () => 'PFZNLz4=',
    stdout: (text) => {
      printed.stdout += text;
    },
    stderr: (text) => {
      printed.stderr += text;
    },
    signal: new AbortController().signal,
  });
  return { exitCode, calls, ...printed };
}

describe('runExecutable', () => {
  it.each([
    ['its own path', ['/var/lib/one/remotes/tm/onedock/clone', 'a', 'b']],
    ['its arguments', ['/usr/lib/one/onedock/drivers.cjs', 'tm', 'onedock', 'clone', 'a', 'b']],
  ])('knows the action by %s', async (_, argv) => {
    const { exitCode, calls } = await run(argv);
    expect(exitCode).toBe(0);
    expect(calls).toMatchObject([
      { family: 'tm', driver: 'onedock', action: 'clone', argv: ['a', 'b'], stdin: 'PFZNLz4=' },
    ]);
  });

  it('prints the result as one line, or nothing', async () => {
    const argv = ['/x/tm/onedock/clone'];
    expect((await run(argv, () => 'SOURCE raw')).stdout).toBe('SOURCE raw\n');
    expect((await run(argv, () => '')).stdout).toBe('');
  });

  it('says in one sentence why it failed, with exit code 1 and never 42', async () => {
    const failing = await run(['/x/tm/onedock/clone'], () => {
      throw new ActionFailure('The disk is full.');
    });
    expect(failing).toMatchObject({ exitCode: 1, stdout: '', stderr: 'The disk is full.\n' });
  });

  it('prints log lines that OpenNebula takes for such', async () => {
    const { stderr } = await run(['/x/tm/onedock/clone'], ({ log }) => {
      log?.('warning', 'two\nlines');
      return '';
    });
    expect(stderr).toBe('WARN: clone: two lines\n');
  });

  it('fails when it cannot know which action is meant', async () => {
    const { exitCode, stderr } = await run(['/tmp/drivers.cjs', 'tm', 'other', 'clone']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('It is not clear which driver action to run as /tmp/drivers.cjs.');
  });
});
