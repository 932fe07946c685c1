/** What choices in the transition table ask. */
import { isYes } from '../../opennebula/template.ts';
import { currentRecord, type Vm } from '../objects/vm.ts';
import type { Condition } from './row.ts';

const lastAction = (vm: Vm) => currentRecord(vm)?.action;

export const wasStopped: Condition = { name: 'it was stopped', holds: (vm) => lastAction(vm) === 'stop' };

export const wasUndeployed: Condition = {
  name: 'it was undeployed',
  holds: (vm) => lastAction(vm) === 'undeploy' || lastAction(vm) === 'undeploy-hard',
};

/** The migration switched the guest off rather than saving it. */
export const wasSwitchedOff: Condition = {
  name: 'the guest was switched off',
  holds: (vm) => lastAction(vm) === 'poweroff-migrate' || lastAction(vm) === 'poweroff-hard-migrate',
};

export const onHold: Condition = {
  name: 'it was submitted on hold',
  holds: (vm) => isYes(vm.template.get('SUBMIT_ON_HOLD')),
};

export const hasColdNicAttach: Condition = {
  name: 'the driver has COLD_NIC_ATTACH',
  holds: (_, { vmm }) => vmm.coldNicAttach,
};

export const hasHistory: Condition = { name: 'it was on a host', holds: (vm) => vm.history.length > 0 };
