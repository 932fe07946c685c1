import { defineCommand } from '../command.ts';
import { machineOf, openSite } from '../site.ts';

export const ssh = defineCommand({
  name: 'ssh',
  summary: 'Open a root shell on a machine of the sandbox',
  arguments: { machine: { required: false, summary: '`frontend` unless given; `host-1` and so on.' } },
  options: {},
  examples: [
    { line: 'ssh', what: 'The front-end.' },
    { line: 'ssh host-1', what: 'A host, where `docker ps` shows the VMs.' },
  ],
  needsRoot: true,
  async run(call) {
    const { configuration, services } = await openSite(call);
    const machine = await machineOf(services, configuration.name, call.arguments.machine);
    return call.console.foreground(services.testbed.foregroundCommand(configuration.name, machine, []));
  },
});
