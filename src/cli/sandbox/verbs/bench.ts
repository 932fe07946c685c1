import { fileURLToPath } from 'node:url';
import { defineCommand } from '../command.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

export const bench = defineCommand({
  name: 'bench',
  summary: 'Measure ONEDock beside bare LXC and Docker on this machine',
  description: 'Each figure is taken together with its floor, and printed as a ratio. It needs a checkout.',
  arguments: { figures: { required: false, rest: true, summary: 'Figures to take; all unless named.' } },
  options: {
    only: { kind: 'text', value: 'FIGURE', summary: 'The same as naming it.' },
    quick: { kind: 'flag', summary: 'Fewer rounds.' },
  },
  examples: [
    { line: 'bench', what: 'A table of all figures.' },
    { line: 'bench --quick --json', what: 'For a program, in a hurry.' },
  ],
  needsRoot: true,
  async run({ arguments: { figures }, options: { only, quick, json }, console }) {
    const flags = [...(quick ? ['--quick'] : []), ...(json ? ['--json'] : [])];
    const names = [...figures, ...(only === undefined ? [] : [only])];
    const argv = [process.execPath, 'test/bench/main.ts', ...flags, ...names];
    return console.foreground(argv, { workingDirectory: ROOT });
  },
});
