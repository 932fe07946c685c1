import { hinting } from '../called-as.ts';
import { defineCommand } from '../command.ts';
import { statusText } from '../output/sandbox-text.ts';
import { answer, openSite } from '../site.ts';

export const status = defineCommand({
  name: 'status',
  summary: 'Show what the sandbox consists of',
  arguments: {},
  options: { all: { kind: 'flag', short: 'a', summary: 'All sandboxes of this machine.' } },
  examples: [
    { line: 'status', what: 'Machines, hosts, images and VMs.' },
    { line: 'status --json', what: 'The same for programs, as `.vms[0].addresses[0]`.' },
  ],
  needsRoot: true,
  async run(call) {
    const { configuration, services } = await openSite(call);
    const sandbox = await import('../../../sandbox/status.ts');
    const hint = hinting(call.console.env, call.options);
    if (!call.options.all) {
      const found = await sandbox.status(services, configuration.name);
      answer(call, found, () => statusText(found, hint));
      return;
    }
    const names = await services.testbed.sandboxes();
    const found = await Promise.all(names.map((name) => sandbox.status(services, name)));
    answer(call, found, () =>
      found.length === 0 ? 'There is no sandbox.' : found.map((each) => statusText(each, hint)).join('\n\n'),
    );
  },
});
