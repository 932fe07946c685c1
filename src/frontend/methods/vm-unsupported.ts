/** Methods of virtual machines that OpenNebula has and this front-end refuses, so that nobody takes silence for success. */
import { internal } from './api-error.ts';
import { boolean, defineMethod, int, type Method, optional, type Params, string } from './method.ts';

export const unsupportedVmMethods: readonly Method[] = [
  refused('backup', 'Backups of virtual machines', {
    id: int,
    datastore: optional(int, -1),
    reset: optional(boolean, false),
  }),
  refused('backupcancel', 'Backups of virtual machines', { id: int }),
  refused('restore', 'Backups of virtual machines', { id: int, image: int, increment: int, disk: int }),
  refused('attachpci', 'PCI devices', { id: int, template: string }),
  refused('detachpci', 'PCI devices', { id: int, pci: int }),
  refused('attachsg', 'Security groups of single NICs', { id: int, nic: int, group: int }),
  refused('detachsg', 'Security groups of single NICs', { id: int, nic: int, group: int }),
  refused('exec', 'Commands in the guest', { id: int, command: string, stdin: optional(string, '') }),
  refused('retryexec', 'Commands in the guest', { id: int }),
  refused('cancelexec', 'Commands in the guest', { id: int }),
  refused('vmgroupadd', 'VM groups', { id: int, group: int, role: string }),
  refused('vmgroupdel', 'VM groups', { id: int }),
];

function refused(name: string, what: string, params: Params): Method {
  return defineMethod({
    name: `one.vm.${name}`,
    params,
    help: `Refused: ${what} are not supported.`,
    run(call, args) {
      call.getAuthorized('vm', (args as { id: number }).id, 'MANAGE');
      throw internal(`${what} are not supported.`);
    },
  });
}
