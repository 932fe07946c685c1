import { fileURLToPath } from 'node:url';
import { calledAs } from '../called-as.ts';
import { defineCommand } from '../command.ts';
import { fail } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { failuresText, runTests, TEST_PROJECTS, type TestCounts } from '../self-test.ts';
import { answer } from '../site.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

export const selfTest = defineCommand({
  name: 'self-test',
  summary: 'Run ONEDock’s own checks and tests: what `npm test` does',
  description: `Lint and types, then the projects ${TEST_PROJECTS.join(', ')}, each against real services as far as this machine has them; what is skipped says why. What failed is said again at the end; the last line is \`N passed, N failed\`. It needs a checkout, and root for contract and system.`,
  arguments: { projects: { required: false, rest: true, summary: 'Only these projects.' } },
  options: {},
  examples: [
    { line: 'self-test', what: 'Everything.' },
    { line: 'self-test unit conformance', what: 'Without root: units, and real clients against the front-end.' },
  ],
  needsRoot: false,
  async run(call) {
    const {
      arguments: { projects },
      options,
      console,
    } = call;
    const unknown = projects.find((project) => !TEST_PROJECTS.includes(project));
    if (unknown !== undefined) {
      const problem = `${unknown} is none of the projects ${TEST_PROJECTS.join(', ')}.`;
      throw fail('USAGE', { problem, command: `${calledAs(console.env)} self-test` });
    }
    const parts = await runTests(ROOT, projects, console, { output: options.json ? 'stderr' : 'stdout' });
    console.err(failuresText(parts.flatMap((part) => part.failures)));
    const sum = (key: keyof TestCounts) => parts.reduce((total, each) => total + each[key], 0);
    const document = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), parts };
    answer(call, document, () => `${sum('passed')} passed, ${sum('failed')} failed`);
    return sum('failed') === 0 ? EXIT.OK : EXIT.FAILURE;
  },
});
