import { fileURLToPath } from 'node:url';
import { defineCommand } from '../command.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

export const bench = defineCommand({
  name: 'bench',
  summary: 'Measure ONEDock beside bare LXC and Docker on this machine',
  description: 'Each figure is taken together with its floor, and printed as a ratio. It needs a checkout.',
  arguments: {
    figures: { required: false, rest: true, summary: 'Figures to take, and options of the bench behind `--`.' },
  },
  options: {},
  examples: [{ line: 'bench --json', what: 'All figures as a document.' }],
  needsRoot: true,
  async run({ arguments: { figures }, options, console }) {
    const argv = [process.execPath, 'test/bench/main.ts', ...(options.json ? ['--json'] : []), ...figures];
    return console.foreground(argv, { workingDirectory: ROOT });
  },
});
