/**
 * Methods of virtual machines that OpenNebula has and this front-end refuses, so that nobody takes silence for success.
 * What OpenNebula refuses too is refused in its words.
 */
import type { Vm } from '../objects/vm.ts';
import { ApiError, internal, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, type Method, optional, type Params, string } from './method.ts';

type Arguments = Readonly<Record<string, number>>;
/** Refuses what OpenNebula would refuse too. */
type Check = (call: Call, vm: Vm, args: Arguments) => void;

export const unsupportedVmMethods: readonly Method[] = [
  refused(
    'backup',
    'Backups of virtual machines',
    { id: int, datastore: optional(int, -1), reset: optional(boolean, false) },
    (call, _, { datastore: id = -1 }) => {
      if (id < 0) throw new ApiError('NO_EXISTS', '', { kind: 'datastore' });
      if (call.get('datastore', id).type !== 'BACKUP_DS') throw notPossible('Datastore needs to be of type BACKUP');
    },
  ),
  refused('backupcancel', 'Backups of virtual machines', { id: int }, (_, vm) => {
    throw internal(`Could not cancel backup for VM ${vm.id}, no backup in progress`);
  }),
  refused(
    'restore',
    'Backups of virtual machines',
    { id: int, image: int, increment: int, disk: int },
    (call, _, { image: id = -1 }) => {
      if (call.get('image', id).type !== 'BACKUP') throw notPossible('Image has to be of type BACKUP');
    },
  ),
  refused('attachpci', 'PCI devices', { id: int, template: string }, mustBeOff),
  refused('detachpci', 'PCI devices', { id: int, pci: int }, mustBeOff),
  refused('exec', 'Commands in the guest', { id: int, command: string, stdin: optional(string, '') }, () => {}),
  refused('retryexec', 'Commands in the guest', { id: int }, () => {
    throw notPossible('Could not execute command, VM must be in running');
  }),
  refused('cancelexec', 'Commands in the guest', { id: int }, () => {
    throw notPossible('Could not cancel command, VM must be in running');
  }),
];

function mustBeOff(_: Call, vm: Vm): void {
  if (vm.phase !== 'POWEROFF') throw notPossible('VM in wrong state, it has to be in poweroff');
}

function refused(name: string, what: string, params: Params, check: Check): Method {
  return defineMethod({
    name: `one.vm.${name}`,
    params,
    help: `Refused: ${what} are not supported.`,
    run(call, args) {
      const given = args as Arguments;
      check(call, call.getAuthorized('vm', given.id ?? -1, 'MANAGE'), given);
      throw internal(`${what} are not supported.`);
    },
  });
}
