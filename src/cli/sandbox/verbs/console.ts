import { defineCommand } from '../command.ts';
import { fail } from '../errors.ts';
import { openSite } from '../site.ts';

export const consoleOfVm = defineCommand({
  name: 'console',
  summary: 'Open a shell in a VM',
  description: 'As the user of its image, on the host that runs it; images without a shell are lent one.',
  arguments: { vm: { required: true, summary: 'Id of a VM that runs.' } },
  options: {},
  examples: [{ line: 'console 0', what: 'A shell in the first VM.' }],
  needsRoot: true,
  async run(call) {
    const { configuration, services } = await openSite(call);
    const { connectToFrontEnd, networksOf } = await import('../../../sandbox/front-end.ts');
    const vmId = Number(call.arguments.vm);
    const networks = await networksOf(services, configuration.name);
    using client = await connectToFrontEnd(services, configuration.name, networks);
    const vm = await client.vm.info(vmId);
    if (!vm.isRunning) throw fail('VM_NOT_RUNNING', { vmId, state: vm.state === 'ACTIVE' ? vm.lcmState : vm.state });
    const terminal = process.stdin.isTTY ? ['--tty', '--env', 'TERM'] : [];
    const argv = ['docker', 'exec', '--interactive', ...terminal, `one-${vmId}`, ...SHELL];
    return call.console.foreground(services.testbed.foregroundCommand(configuration.name, vm.hostName, argv));
  },
});

/** `src/drivers/host-files/onedock-vm-init` */
const SHELL = ['/.onedock/busybox', 'sh', '/.onedock/init', 'terminal'];
