import { fileURLToPath } from 'node:url';
import { calledAs } from '../called-as.ts';
import { defineCommand } from '../command.ts';
import { fail } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { ALL_PROJECTS, runTests, TEST_PROJECTS, type TestCounts } from '../self-test.ts';
import { answer } from '../site.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

export const selfTest = defineCommand({
  name: 'self-test',
  summary: 'Run ONEDock’s own checks and tests: what `npm test` does',
  description: `Lint and types, then the projects ${TEST_PROJECTS.join(' and ')} unless others are named (contract, system), each against real services as far as this machine has them; what is skipped says why: contract and system need root. The last line is \`N passed, N failed\`. It needs a checkout.`,
  arguments: { projects: { required: false, rest: true, summary: 'Only these projects.' } },
  options: {},
  examples: [
    { line: 'self-test', what: 'What CI runs.' },
    { line: 'self-test contract system', what: 'Drivers on a real Docker Engine, and whole sandboxes.' },
  ],
  needsRoot: false,
  async run(call) {
    const {
      arguments: { projects },
      options,
      console,
    } = call;
    const unknown = projects.find((project) => !ALL_PROJECTS.includes(project));
    if (unknown !== undefined) {
      const problem = `${unknown} is none of the projects ${ALL_PROJECTS.join(', ')}.`;
      throw fail('USAGE', { problem, command: `${calledAs(console.env)} self-test` });
    }
    const counts = await runTests(ROOT, projects, console, { output: options.json ? 'stderr' : 'stdout' });
    const sum = (key: keyof TestCounts) => counts.reduce((total, each) => total + each[key], 0);
    const document = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), parts: counts };
    answer(call, document, () => `${sum('passed')} passed, ${sum('failed')} failed`);
    return sum('failed') === 0 ? EXIT.OK : EXIT.FAILURE;
  },
});
