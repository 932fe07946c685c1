import { describe, expect, it } from 'vitest';
import { command } from '../../../src/cli/one/command.ts';
import { bashCompletion } from '../../../src/cli/one/completion.ts';
import { flag } from '../../../src/cli/one/option.ts';
import { runOne } from '../../support/one-command.ts';

const HARD = flag({ name: 'hard', long: '--hard', help: '' });
const run = async () => {};
const TOOL = {
  name: 'onething',
  globalOptions: [],
  commands: [
    command({ name: 'end', aliases: ['stop'], help: '', options: [HARD], run }),
    command({ name: 'begin', help: '', run }),
  ],
};

describe('completion', () => {
  it('offers commands, and then their options, also under other names', () => {
    const lines = bashCompletion([TOOL]).split('\n');
    expect(lines).toContain("    onething/*/0) words='begin end' ;;");
    expect(lines).toContain("    onething/end/1|onething/stop/1) words='--hard' ;;");
    expect(lines.at(-1)).toBe('complete -F _onedock_one onething');
  });

  it('is printed for all tools', async () => {
    const { stdout, exitCode } = await runOne(['one', 'completion'], { endpoint: '' });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('    onevm/terminate/1|onevm/shutdown/1) words=');
  });
});
