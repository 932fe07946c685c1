import { defineCommand } from '../command.ts';
import { machineOf, openSite } from '../site.ts';

export const logs = defineCommand({
  name: 'logs',
  summary: 'Show the logs of OpenNebula, of a VM or of a machine',
  arguments: {
    what: { required: false, summary: 'Id of a VM, or a machine. OpenNebula’s own log unless given.' },
  },
  options: {
    follow: { kind: 'flag', short: 'f', summary: 'Go on as lines come.' },
    lines: { kind: 'count', value: 'N', summary: 'How many of the last lines; 200 unless given.' },
  },
  examples: [
    { line: 'logs', what: 'oned.log.' },
    { line: 'logs 0 -f', what: 'The log of VM 0, as it grows.' },
    { line: 'logs host-1', what: 'The journal of a host.' },
  ],
  needsRoot: true,
  async run(call) {
    const { configuration, services } = await openSite(call);
    const { what = '' } = call.arguments;
    const { follow, lines = 200 } = call.options;
    const isFile = what === '' || /^\d+$/.test(what);
    const machine = await machineOf(services, configuration.name, isFile ? undefined : what);
    const file = what === '' ? '/var/log/one/oned.log' : `/var/log/one/${what}.log`;
    const argv = isFile
      ? ['tail', `--lines=${lines}`, ...(follow ? ['--follow=name'] : []), file]
      : ['journalctl', '--boot', '--no-pager', `--lines=${lines}`, ...(follow ? ['--follow'] : [])];
    return call.console.foreground(services.testbed.foregroundCommand(configuration.name, machine, argv));
  },
});
