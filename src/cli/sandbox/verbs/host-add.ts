import { defineCommand } from '../command.ts';
import { seconds } from '../output/seconds.ts';
import { answer, openSite, withProgress } from '../site.ts';

export const hostAdd = defineCommand({
  name: 'host add',
  summary: 'Add a host to a sandbox that runs',
  description: 'Makes a machine with its own Docker Engine and registers it. Nothing else changes.',
  arguments: {},
  options: { keepOnFailure: { kind: 'flag', summary: 'Leave what was made when something fails.' } },
  examples: [{ line: 'host add', what: 'The next free number: host-3 after host-2.' }],
  needsRoot: true,
  async run(call) {
    const { configuration, services } = await openSite(call);
    const { addHost } = await import('../../../sandbox/hosts.ts');
    const { keepOnFailure } = call.options;
    const start = performance.now();
    const result = await withProgress(call, (run) => addHost({ configuration, keepOnFailure }, services, run));
    const took = (performance.now() - start) / 1000;
    answer(call, { ...result, seconds: took }, () => `Host ${result.host} is monitored (${seconds(took)}).`);
  },
});
