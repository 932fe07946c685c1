/**
 * Methods of virtual machines that OpenNebula has and this front-end refuses, so that nobody takes silence for success.
 * What OpenNebula refuses too is refused in its words.
 */
import type { Vm } from '../objects/vm.ts';
import { pciDevice } from '../vm/host-devices.ts';
import { ApiError, internal, notPossible } from './api-error.ts';
import type { Call } from './call.ts';
import { boolean, defineMethod, int, type Method, optional, type Params, string } from './method.ts';
import { change, vmFor } from './vm-access.ts';
import type { VmOperation } from './vm-operations.ts';

type Arguments = Readonly<Record<string, number | string>>;
/** Refuses what OpenNebula would refuse too, once the caller's right is known. */
type Check = (call: Call, vm: Vm, args: Arguments) => void;

export const unsupportedVmMethods: readonly Method[] = [
  refused(
    'backup',
    'Backups of virtual machines',
    'backup',
    { id: int, datastore: optional(int, -1), reset: optional(boolean, false) },
    () => {},
    (call, { id: vmId, datastore }) => {
      call.get('vm', Number(vmId));
      const id = Number(datastore);
      if (id < 0) throw new ApiError('NO_EXISTS', '', { kind: 'datastore' });
      if (call.get('datastore', id).type !== 'BACKUP_DS') throw notPossible('Datastore needs to be of type BACKUP');
    },
  ),
  refused('backupcancel', 'Backups of virtual machines', 'backup', { id: int }, (_, vm) => {
    throw internal(`Could not cancel backup for VM ${vm.id}, no backup in progress`);
  }),
  refused(
    'restore',
    'Backups of virtual machines',
    'restore',
    { id: int, image: int, increment: int, disk: int },
    (call, _, { image }) => {
      if (call.get('image', Number(image)).type !== 'BACKUP') throw notPossible('Image has to be of type BACKUP');
    },
  ),
  refused('attachpci', 'PCI devices', 'pci-attach', { id: int, template: string }, mustBeOff, (call, { template }) => {
    const device = call.parseTemplate(String(template)).vector('PCI');
    if (!device) throw notPossible('PCI attribute not found');
    if (device.TYPE === 'NIC') throw notPossible('Use one.vm.attachnic to attach this PCI device');
    change(call, () => pciDevice(device, 0, ''), notPossible);
  }),
  refused('detachpci', 'PCI devices', 'pci-attach', { id: int, pci: int }, (call, vm, { pci }) => {
    mustBeOff(call, vm);
    const isThere = vm.template.vectors('PCI').some(({ PCI_ID }) => Number(PCI_ID) === pci);
    if (!isThere) throw notPossible('PCI device not found');
  }),
];

function mustBeOff(_: Call, vm: Vm): void {
  const isOff = vm.phase === 'POWEROFF' || vm.phase === 'UNDEPLOYED';
  if (!isOff) throw notPossible('VM in wrong state, it has to be in poweroff');
}

/** @param before refuses what is asked for before the caller's right */
function refused(
  name: string,
  what: string,
  operation: VmOperation,
  params: Params,
  check: Check,
  before: (call: Call, args: Arguments) => void = () => {},
): Method {
  return defineMethod({
    name: `one.vm.${name}`,
    params,
    help: `Refused: ${what} are not supported.`,
    run(call, args) {
      const given = args as Arguments;
      const id = Number(given.id);
      before(call, given);
      check(call, vmFor(call, id, operation), given);
      throw internal(`${what} are not supported.`);
    },
  });
}
