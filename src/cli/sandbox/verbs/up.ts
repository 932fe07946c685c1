import { hinting } from '../called-as.ts';
import { defineCommand } from '../command.ts';
import { planText } from '../output/plan-text.ts';
import { upText } from '../output/sandbox-text.ts';
import { answer, openSite, withProgress } from '../site.ts';

export const MOST_HOSTS = 32;
/** As many as sandbox.yaml takes. */
const MOST_DUMMIES = 2500;

export const up = defineCommand({
  name: 'up',
  summary: 'Make the sandbox, or bring it to what sandbox.yaml says',
  description:
    'Looks at what is there and does what is missing: run twice, the second changes nothing. It ends when the VMs that sandbox.yaml declares run and their pages answer. What fails or is interrupted is taken back, and the logs are kept below /var/log/onedock.',
  arguments: {},
  options: {
    hosts: {
      kind: 'count',
      value: 'N',
      most: MOST_HOSTS,
      summary: 'How many hosts, instead of what sandbox.yaml says.',
    },
    dummy: {
      kind: 'count',
      value: 'N',
      most: MOST_DUMMIES,
      summary: 'How many dummy hosts besides, which run whatever VM they are given; for the tests of clients.',
    },
    keepOnFailure: { kind: 'flag', summary: 'Leave what was made when something fails.' },
    dryRun: { kind: 'flag', summary: 'Print what would be done, and do nothing.' },
  },
  examples: [
    { line: 'up', what: 'A front-end, two hosts, and a VM with a page to look at.' },
    { line: 'up --name ci --hosts 1 --json', what: 'A second, smaller one, for a program.' },
    { line: 'up --hosts 0 --dummy 3', what: 'A front-end on its own machine, with dummy hosts.' },
    { line: 'up --dry-run', what: 'The steps that are missing.' },
  ],
  needsRoot: true,
  async run(call) {
    const { options, console } = call;
    const { hosts, dummy, dryRun, keepOnFailure } = options;
    const { configuration, folder, services } = await openSite(call, {
      ...(hosts === undefined ? {} : { hosts }),
      ...(dummy === undefined ? {} : { dummyHosts: dummy }),
    });
    const sandbox = await import('../../../sandbox/up.ts');
    if (dryRun) {
      const plan = await sandbox.planUp(configuration, services);
      answer(call, plan, () => planText(plan));
      return;
    }
    const request = { configuration, folder, keepOnFailure };
    const result = await withProgress(call, (run) => sandbox.up(request, services, run));
    answer(call, result, () => `\n${upText(result, hinting(console.env, options))}`);
  },
});
