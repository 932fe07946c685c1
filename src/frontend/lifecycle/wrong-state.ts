/** A VM is asked for something that its phase does not allow. The words are oned's (src/dm/DispatchManagerActions.cc, 7.4). */
import { Refusal } from '../objects/refusal.ts';
import type { Vm } from '../objects/vm.ts';
import type { EventName, LifeCycleEvent } from './events.ts';

export class WrongState extends Refusal {
  override name = 'WrongState';
  readonly event: EventName;

  constructor(vm: Vm, event: LifeCycleEvent) {
    super((REFUSALS[event.name] ?? unavailable)(vm, event));
    this.event = event.name;
  }
}

type Wording = (vm: Vm, event: LifeCycleEvent) => string;

const unavailable: Wording = (vm) => `This action is not available for state ${vm.phase}`;
const cannotFor =
  (what: Wording): Wording =>
  (vm, event) =>
    `Could not ${what(vm, event)}, wrong state ${vm.phase}.`;
const snapshotIn = ({ operation }: LifeCycleEvent) =>
  operation && 'snapshotId' in operation ? operation.snapshotId : -1;

const terminate = cannotFor((vm) => `terminate VM ${vm.id}`);
const migrate: Wording = (vm) => `Migrate action is not available for state ${vm.phase}`;
const recover: Wording = (vm) => `Could not perform a recover operation on VM ${vm.id}, wrong state ${vm.phase}.`;

const REFUSALS: { readonly [Name in EventName]?: Wording } = {
  deploy: (vm) => `Deploy action is not available for state ${vm.phase}`,
  terminate,
  'terminate-hard': terminate,
  migrate,
  'migrate-poweroff': migrate,
  'migrate-poweroff-hard': migrate,
  'migrate-live': migrate,
  'disk-attach': cannotFor((vm) => `attach a new disk to VM ${vm.id}`),
  'disk-detach': cannotFor((vm) => `detach disk from VM ${vm.id}`),
  'nic-attach': cannotFor((vm) => `add a new NIC to VM ${vm.id}`),
  'nic-detach': cannotFor((vm) => `detach NIC from VM ${vm.id}`),
  'snapshot-create': cannotFor((vm) => `create a new snapshot for VM ${vm.id}`),
  'snapshot-revert': cannotFor((vm, event) => `revert VM ${vm.id} to snapshot ${snapshotIn(event)}`),
  'snapshot-delete': cannotFor((vm, event) => `delete snapshot ${snapshotIn(event)} for VM ${vm.id}`),
  'disk-snapshot-create': cannotFor((vm) => `create a new snapshot for VM ${vm.id}`),
  'disk-snapshot-revert': cannotFor((vm) => `revert to disk snapshot for VM ${vm.id}`),
  'disk-snapshot-delete': cannotFor((vm) => `delete disk snapshot from VM ${vm.id}`),
  'disk-resize': cannotFor((vm) => `resize disk for VM ${vm.id}`),
  resize: (vm) => `Cannot resize a VM in state ${vm.phase}`,
  updateconf: (vm) => `configuration cannot be updated in state ${vm.phase}`,
  exec: () => 'Could not execute command, VM must be in running',
  'exec-cancel': () => 'Could not cancel command, VM must be in running',
  'recover-success': recover,
  'recover-failure': recover,
  'recover-retry': (vm) => `Could not perform a retry on VM ${vm.id}, wrong state ${vm.phase}.`,
  'recover-recreate': () => 'Cannot delete-recreate a VM already in DONE state',
};
