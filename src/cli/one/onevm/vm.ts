import { required } from '../command.ts';
import { RANGE } from '../formats.ts';
import { resource } from '../resource.ts';

export const vm = resource('VM', 'vm', 'VM', 'vmid');

/** The argument of verbs that take several VMs. */
export const VMS = required(RANGE, vm.idList);
