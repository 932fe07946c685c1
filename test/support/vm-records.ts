/** Records of VMs for tests, with what they do not care about filled in. */
import type { LifeCycleEvent } from '../../src/frontend/lifecycle/events.ts';
import type { Phase } from '../../src/frontend/objects/phase.ts';
import type { HistoryRecord, Placement, Vm } from '../../src/frontend/objects/vm.ts';
import { parseTemplate, Template } from '../../src/opennebula/template.ts';

export function vmRecord(fields: Partial<Vm> = {}): Vm {
  return {
    id: 7,
    name: 'web',
    uid: 2,
    gid: 1,
    uname: 'alice',
    gname: 'users',
    permissions: 0o600,
    phase: 'PENDING',
    resched: false,
    createdAt: 1000,
    endedAt: 0,
    deployId: '',
    template: parseTemplate(
      'CPU="0.5"\nMEMORY="128"\nVMID="7"\nDISK=[DISK_ID="0",IMAGE_ID="3",SIZE="10",CLONE="YES"]\nNIC=[NIC_ID="0",NETWORK_ID="1"]',
    ),
    userTemplate: new Template(),
    history: [],
    diskSnapshots: [],
    schedActions: [],
    disksAt: 'host',
    ...fields,
  };
}

export function placement(fields: Partial<Placement> = {}): Placement {
  return {
    hostId: 0,
    hostName: 'host-1',
    clusterId: 0,
    vmMad: 'dummy',
    tmMad: 'dummy',
    datastoreId: 101,
    planId: -1,
    planActionId: 0,
    ...fields,
  };
}

export function historyRecord(fields: Partial<HistoryRecord> = {}): HistoryRecord {
  return {
    ...placement(),
    seq: 0,
    startedAt: 1000,
    endedAt: 0,
    prologStartedAt: 1000,
    prologEndedAt: 1001,
    runStartedAt: 1001,
    runEndedAt: 0,
    epilogStartedAt: 0,
    epilogEndedAt: 0,
    action: 'none',
    ...fields,
  };
}

/** A VM in a phase that it can only reach on a host. */
export function placedVm(phase: Phase, fields: Partial<Vm> = {}): Vm {
  return vmRecord({ phase, deployId: 'one-7', history: [historyRecord()], ...fields });
}

export const ACTOR = { uid: 2, gid: 1, requestId: 42 } as const;

/** An event with all that its row may ask for. */
export function event(name: LifeCycleEvent['name'], fields: Partial<LifeCycleEvent> = {}): LifeCycleEvent {
  return { name, actor: ACTOR, ...fields };
}
