/** Typed names for the parts of documents that the sandbox, the stacks and the tests read. */
import {
  DATASTORE_STATE,
  DATASTORE_TYPE,
  type DatastoreState,
  type DatastoreType,
  HOST_STATE,
  type HostState,
  IMAGE_STATE,
  type ImageState,
  VNET_STATE,
  type VnetState,
} from '../numbers.ts';
import { nameOf } from '../tables.ts';
import { type LcmState, lcmStateName, type VmState, vmStateName } from '../vm-states.ts';
import { findAll, findText } from '../xml.ts';
import { OneDocument, OwnedDocument } from './document.ts';

export class Vm extends OwnedDocument {
  get state(): VmState {
    return vmStateName(this.number('STATE'));
  }

  /** `LCM_INIT` unless `state` is ACTIVE. */
  get lcmState(): LcmState {
    return lcmStateName(this.number('LCM_STATE'));
  }

  get isRunning(): boolean {
    return this.state === 'ACTIVE' && this.lcmState === 'RUNNING';
  }

  /** Nothing goes on any more until somebody recovers the VM. */
  get hasFailed(): boolean {
    return this.state === 'CLONING_FAILURE' || this.lcmState.endsWith('_FAILURE');
  }

  /** Name of the host of the last history record, `''` before the first deployment. */
  get hostName(): string {
    return findText(findAll(this.element, 'HISTORY_RECORDS/HISTORY').at(-1) ?? this.element, 'HOSTNAME') ?? '';
  }

  /** IPv4 addresses of its NICs, in order. */
  get addresses(): string[] {
    return findAll(this.element, 'TEMPLATE/NIC/IP').map((ip) => ip.text);
  }

  get deployId(): string {
    return this.text('DEPLOY_ID');
  }

  override get error(): string {
    return this.text('USER_TEMPLATE/ERROR');
  }

  /** Why the scheduler leaves the VM waiting. */
  get schedulerMessage(): string {
    return this.text('USER_TEMPLATE/SCHED_MESSAGE');
  }
}

export class Host extends OneDocument {
  get state(): HostState {
    return stateName(HOST_STATE, this.number('STATE'));
  }

  get clusterId(): number {
    return this.number('CLUSTER_ID');
  }

  get vmIds(): number[] {
    return this.ids('VMS');
  }
}

export class Image extends OwnedDocument {
  get state(): ImageState {
    return stateName(IMAGE_STATE, this.number('STATE'));
  }

  get sizeMb(): number {
    return this.number('SIZE');
  }

  get source(): string {
    return this.text('SOURCE');
  }

  get datastoreId(): number {
    return this.number('DATASTORE_ID');
  }

  get isPersistent(): boolean {
    return this.number('PERSISTENT') === 1;
  }
}

export class Datastore extends OwnedDocument {
  get state(): DatastoreState {
    return stateName(DATASTORE_STATE, this.number('STATE'));
  }

  get type(): DatastoreType {
    return stateName(DATASTORE_TYPE, this.number('TYPE'));
  }

  get driver(): string {
    return this.text('DS_MAD');
  }

  get imageIds(): number[] {
    return this.ids('IMAGES');
  }
}

export class Vnet extends OwnedDocument {
  get state(): VnetState {
    return stateName(VNET_STATE, this.number('STATE'));
  }

  get bridge(): string {
    return this.text('BRIDGE');
  }

  get usedLeases(): number {
    return this.number('USED_LEASES');
  }
}

export class VmTemplate extends OwnedDocument {}

export class User extends OneDocument {
  get groupId(): number {
    return this.number('GID');
  }

  get isEnabled(): boolean {
    return this.number('ENABLED') === 1;
  }
}

export class Group extends OneDocument {
  get userIds(): number[] {
    return this.ids('USERS');
  }
}

export class Cluster extends OneDocument {
  get hostIds(): number[] {
    return this.ids('HOSTS');
  }

  get datastoreIds(): number[] {
    return this.ids('DATASTORES');
  }

  get vnetIds(): number[] {
    return this.ids('VNETS');
  }
}

function stateName<Name extends string>(numbers: Readonly<Record<Name, number>>, number: number): Name {
  const name = nameOf(numbers, number);
  if (name === undefined) throw new RangeError(`${number} is none of ${Object.keys(numbers).join(', ')}.`);
  return name;
}
