import { defineCommand } from '../command.ts';
import { fail } from '../errors.ts';
import { seconds } from '../output/seconds.ts';
import { answer, openSite, withProgress } from '../site.ts';

export const down = defineCommand({
  name: 'down',
  summary: 'Remove the sandbox, and prove that nothing of it is left',
  description:
    'Machines, networks, mounts, loop devices, rules, processes and files are found by the sandbox’s label, so also what a killed run has left. The last step is an audit; if anything is left the exit code says so. Image layers stay in /var/cache/onedock for the next sandbox.',
  arguments: {},
  options: {
    yes: { kind: 'flag', short: 'y', summary: 'Do not ask.' },
    dryRun: { kind: 'flag', summary: 'List what would be removed.' },
  },
  examples: [
    { line: 'down', what: 'Lists what will go, and asks.' },
    { line: 'down --yes --name ci', what: 'For scripts.' },
  ],
  needsRoot: true,
  async run(call) {
    const { options, console } = call;
    const { configuration, services } = await openSite(call);
    const { down: remove, whatGoes } = await import('../../../sandbox/down.ts');
    const goes = await whatGoes(services, configuration.name);
    const list = goes.map((each) => `  - ${each}`).join('\n');
    if (options.dryRun) {
      answer(call, { name: configuration.name, goes }, () => (list === '' ? 'There is nothing to remove.' : list));
      return;
    }
    if (goes.length > 0 && !options.yes) {
      console.err(`Sandbox ${configuration.name} will be removed:\n${list}\n`);
      const agreed = await console.confirm('Remove it?');
      if (agreed !== true) throw agreed === undefined ? fail('CONFIRMATION_NEEDED', {}) : fail('NOT_CONFIRMED', {});
    }
    const result = await withProgress(call, (run) => remove(configuration.name, services, run));
    answer(call, result, () =>
      result.changed
        ? `Sandbox ${result.name} is gone (${seconds(result.seconds)}).`
        : `There is no sandbox ${result.name}; nothing was removed.`,
    );
  },
});
