import { defineCommand } from '../command.ts';
import { answer, openSite, withProgress } from '../site.ts';

export const hostRm = defineCommand({
  name: 'host rm',
  summary: 'Take a host out of a sandbox that runs',
  description: 'Takes it out of OpenNebula and removes its machine. It is refused while VMs run there.',
  arguments: { host: { required: true, summary: 'Its name, as `host-2`.' } },
  options: { force: { kind: 'flag', summary: 'Terminate the VMs that run there.' } },
  examples: [{ line: 'host rm host-3', what: 'The counterpart of `host add`.' }],
  needsRoot: true,
  async run(call) {
    const { configuration, services } = await openSite(call);
    const { removeHost } = await import('../../../sandbox/hosts.ts');
    const { host } = call.arguments;
    const { force } = call.options;
    await withProgress(call, (run) => removeHost({ configuration, host, force }, services, run));
    answer(call, { host }, () => `Host ${host} is gone.`);
  },
});
