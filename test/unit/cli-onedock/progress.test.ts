import { describe, expect, it } from 'vitest';
import { jsonLinesProgress } from '../../../src/cli/sandbox/progress/json-lines.ts';
import { liveProgress } from '../../../src/cli/sandbox/progress/live.ts';
import { openProgress } from '../../../src/cli/sandbox/progress/open-progress.ts';
import { plainProgress } from '../../../src/cli/sandbox/progress/plain.ts';
import type { SandboxEvent } from '../../../src/sandbox/events.ts';
import { RecordingConsole } from '../../support/recording-console.ts';

const EVENTS: readonly SandboxEvent[] = [
  { type: 'plan', steps: [{ id: 'a', title: 'Step A' }] },
  { type: 'started', step: 'a', title: 'Step A' },
  { type: 'output', step: 'a', line: 'half of it' },
  { type: 'done', step: 'a', title: 'Step A', seconds: 1.26 },
  { type: 'failed', step: 'b', title: 'Step B', seconds: 0.004, reason: 'no' },
  { type: 'cancelled', step: 'c', title: 'Step C' },
  { type: 'note', text: 'By the way' },
];

async function shown(
  options: { json?: boolean; quiet?: boolean; verbose?: boolean },
  console = new RecordingConsole(),
) {
  const progress = await openProgress(console, { json: false, quiet: false, verbose: false, ...options });
  for (const event of EVENTS) progress.report(event);
  await progress[Symbol.asyncDispose]();
  return console;
}

describe('progress', () => {
  it('without a terminal is a line for each step, with how long it took', async () => {
    const { stderr, stdout } = await shown({});
    expect(stderr).toBe('✓ Step A (1.3 s)\n✗ Step B (4 ms)\n- Step C, cancelled\n! By the way\n');
    expect(stdout).toBe('');
  });

  it('shows what steps print when it is verbose', async () => {
    expect((await shown({ verbose: true })).stderr).toContain('    half of it\n');
  });

  it('announces a step that takes long', async () => {
    const console = new RecordingConsole();
    await using progress = plainProgress(console, { verbose: false, announceMs: 0 });
    progress.report({ type: 'started', step: 'a', title: 'Step A' });
    await expect.poll(() => console.stderr).toBe('  Step A …\n');
  });

  it('as JSON is an event on each line', () => {
    const console = new RecordingConsole();
    const progress = jsonLinesProgress(console, () => new Date(0));
    for (const event of EVENTS) progress.report(event);
    const lines = console.stderr.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      EVENTS.map((event) => ({ time: '1970-01-01T00:00:00.000Z', ...event })),
    );
  });

  it('is nothing when it is quiet', async () => {
    expect(await shown({ quiet: true })).toMatchObject({ stdout: '', stderr: '' });
  });

  it('on a terminal ends, whatever steps came to no end', async () => {
    const console = new RecordingConsole({ isTerminal: true, env: { NO_COLOR: '1' } });
    const progress = liveProgress(console);
    progress.report({ type: 'done', step: 'before', title: 'Before', seconds: 2 });
    progress.report({ type: 'plan', steps: [] });
    progress.report({ type: 'note', text: 'By the way' });
    await progress[Symbol.asyncDispose]();
    expect(console.stderr).toBe('✓ Before (2.0 s)\n! By the way\n');
  });
});
