import { defineCommand } from '../command.ts';
import { machineOf, openSite } from '../site.ts';

export const exec = defineCommand({
  name: 'exec',
  summary: 'Run a command on a machine, as root',
  description: 'Input, output and exit code are the command’s.',
  arguments: {
    machine: { required: true, summary: '`frontend`, `host-1` and so on.' },
    command: { required: true, rest: true, summary: 'The command and its arguments, behind `--`.' },
  },
  options: {},
  examples: [
    { line: 'exec host-1 -- docker ps', what: 'The containers of a host.' },
    { line: 'exec frontend -- tail -f /var/log/one/oned.log', what: 'What OpenNebula does.' },
  ],
  needsRoot: true,
  async run(call) {
    const { configuration, services } = await openSite(call);
    const { machine, command } = call.arguments;
    const found = await machineOf(services, configuration.name, machine);
    return call.console.foreground(services.testbed.foregroundCommand(configuration.name, found, command));
  },
});
