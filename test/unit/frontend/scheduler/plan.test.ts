import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Datastore } from '../../../../src/frontend/objects/datastore.ts';
import { createHost, type Host } from '../../../../src/frontend/objects/host.ts';
import type { Vm } from '../../../../src/frontend/objects/vm.ts';
import { planPlacements, type World } from '../../../../src/frontend/scheduler/plan.ts';
import { HostRoom, type HostView, NetworkRoom } from '../../../../src/frontend/scheduler/rooms.ts';
import { parseTemplate, Template } from '../../../../src/opennebula/template.ts';
import { vmGroupRecord } from '../../../support/vm-groups.ts';
import { vmRecord } from '../../../support/vm-records.ts';
import { datastoreRecord, vnetRecord } from '../../../support/vm-surroundings.ts';

const GB = 1024 * 1024;

function host(id: number, fields: Partial<Host> = {}, share: Partial<Host['share']> = {}): HostView {
  const made = createHost(id, { name: `host-${id}`, imMad: 'dummy', vmMad: 'dummy', clusterId: 0, cluster: 'default' });
  return {
    host: {
      ...made,
      state: 'MONITORED',
      share: { ...made.share, maxCpu: 800, maxMem: 16 * GB, freeDisk: 1000, ...share },
      ...fields,
    },
    vmIds: new Set(),
    sample: {},
    clusterTemplate: new Template(),
  };
}

const system = (id: number, fields: Partial<Datastore> = {}) =>
  datastoreRecord({ id, type: 'SYSTEM_DS', template: parseTemplate('SHARED="YES"'), ...fields });

function world(changes: Partial<World> = {}): World {
  return {
    hosts: [host(0), host(1)],
    datastores: [system(101)],
    networks: [],
    rules: [],
    findOwner: (uid) => ({ uid, groupIds: [1] }),
    findDatastore: () => undefined,
    canTransfer: () => true,
    findVmGroup: () => undefined,
    ...changes,
  };
}

function vm(id: number, fields: Partial<Vm> = {}, template = 'CPU="1"\nMEMORY="512"'): Vm {
  return vmRecord({ id, uid: 0, gid: 0, template: parseTemplate(template), ...fields });
}

const user = (text: string) => ({ userTemplate: parseTemplate(text) });
const hostsOf = (vms: Vm[], changes: Partial<World> = {}) =>
  planPlacements(vms, world(changes)).placings.map(({ vm: { id }, hostId }) => `${id}@${hostId}`);
const refusalsOf = (vms: Vm[], changes: Partial<World> = {}) =>
  planPlacements(vms, world(changes)).refusals.map(({ message }) => message);

afterEach(() => vi.restoreAllMocks());

describe('placing', () => {
  it('spreads VMs over the hosts, from the last of those that are alike', () => {
    expect(hostsOf([vm(0), vm(1), vm(2)])).toEqual(['0@1', '1@0', '2@1']);
  });

  it('packs them when their rank says so', () => {
    expect(hostsOf([0, 1, 2].map((id) => vm(id, user('SCHED_RANK="RUNNING_VMS"'))))).toEqual(['0@1', '1@1', '2@1']);
  });

  it('takes those of higher priority first', () => {
    expect(hostsOf([vm(0), vm(1, user('USER_PRIORITY="5"'))])).toEqual(['1@1', '0@0']);
  });

  it('keeps to what VMs require', () => {
    expect(hostsOf([vm(0, user('SCHED_REQUIREMENTS="NAME = \\"host-1\\""'))])).toEqual(['0@1']);
    expect(refusalsOf([vm(0, user('SCHED_REQUIREMENTS="NAME = \\"nowhere\\""'))])).toEqual([
      'Cannot dispatch VM: No host meets SCHED_REQUIREMENTS',
    ]);
    expect(refusalsOf([vm(0, user('SCHED_REQUIREMENTS="NAME ="'))])[0]).toContain(
      "Cannot dispatch VM: Error in SCHED_REQUIREMENTS: 'NAME =', error: syntax error, unexpected $end",
    );
  });

  it('fills hosts and no more', () => {
    const small = [host(0, {}, { maxCpu: 200 }), host(1, {}, { maxMem: 512 * 1024 })];
    expect(
      hostsOf(
        [0, 1, 2, 3].map((id) => vm(id)),
        { hosts: small },
      ),
    ).toEqual(['0@1', '1@0', '2@0']);
    expect(
      refusalsOf(
        [0, 1, 2, 3].map((id) => vm(id)),
        { hosts: small },
      ),
    ).toEqual(['[HOST] Not enough CPU on hosts: 0[HOST] Not enough MEMORY on hosts: 1']);
  });

  it('keeps VMs apart, or together, by CURRENT_VMS', () => {
    expect(hostsOf([vm(0), vm(1, user('SCHED_REQUIREMENTS="CURRENT_VMS = 0"'))])).toEqual(['0@1', '1@1']);
    expect(hostsOf([vm(0), vm(1, user('SCHED_RANK="RUNNING_VMS"\nSCHED_REQUIREMENTS="CURRENT_VMS != 0"'))])).toEqual([
      '0@1',
      '1@0',
    ]);
  });

  it('moves a VM that is to be rescheduled away, on its datastore', () => {
    const running = vm(7, {
      phase: 'RUNNING',
      resched: true,
      history: [{ hostId: 0, datastoreId: 101 } as never],
    });
    const { placings } = planPlacements([running], world({ datastores: [system(100, { freeMb: 1 }), system(101)] }));
    expect(placings).toMatchObject([{ action: 'migrate', hostId: 1, datastoreId: 101 }]);
  });

  it('leaves locked VMs alone', () => {
    const locked = vm(0, { lock: { level: 1, uid: 0, time: 0, requestId: 0 } });
    expect(planPlacements([locked], world())).toEqual({ placings: [], refusals: [] });
  });
});

describe('without anywhere to go', () => {
  it.each([
    ['no host is on', { hosts: [] }, 'No hosts enabled to run VMs'],
    ['there is no system datastore', { datastores: [] }, 'No system datastores found to run VMs'],
    ['none was monitored', { datastores: [system(101, { totalMb: 0 })] }, 'No system datastores found to run VMs'],
    ['disks cannot get there', { canTransfer: () => false }, 'No system datastore meets SCHED_DS_REQUIREMENTS'],
  ])('because %s, the message says so', (_, changes, message) => {
    expect(refusalsOf([vm(0)], changes)).toEqual([`Cannot dispatch VM: ${message}`]);
  });

  it('because the owner may use none, the message says so', () => {
    const plain = vm(0, { uid: 2, gid: 1 });
    expect(refusalsOf([plain])).toEqual(['Cannot dispatch VM: User is not authorized to use any host']);
    const rules = [
      {
        user: { sign: '@', id: 1 },
        types: ['HOST'],
        resource: { sign: '*', id: 0 },
        rights: 2,
        zone: { sign: '#', id: 0 },
      } as const,
    ];
    expect(refusalsOf([plain], { rules })).toEqual([
      'Cannot dispatch VM: User is not authorized to use any system datastore',
    ]);
  });
});

describe('datastores', () => {
  const disk = 'CPU="1"\nMEMORY="64"\nDISK=[DISK_ID="0",TYPE="fs",SIZE="500"]';

  it('with most room win', () => {
    const { placings } = planPlacements([vm(0)], world({ datastores: [system(100, { freeMb: 5 }), system(101)] }));
    expect(placings).toMatchObject([{ datastoreId: 101 }]);
  });

  it('are full when disks of the same run fill them', () => {
    const datastores = [system(101, { freeMb: 800 })];
    expect(hostsOf([vm(0, {}, disk), vm(1, {}, disk)], { datastores })).toEqual(['0@1']);
    expect(refusalsOf([vm(0, {}, disk), vm(1, {}, disk)], { datastores })).toEqual([
      '[DS] Not enough capacity on datastores: 101[DS] No datastores matched the VM requirements',
    ]);
  });

  it('that lie on hosts have the room of the host', () => {
    const datastores = [system(0, { template: parseTemplate('SHARED="NO"'), totalMb: 0, freeMb: 0 })];
    const withRoom = host(1, {}, { datastores: [{ id: 0, totalMb: 9000, freeMb: 9000, usedMb: 0 }] });
    expect(hostsOf([vm(0, {}, disk)], { datastores, hosts: [host(0, {}, { freeDisk: 400 }), withRoom] })).toEqual([
      '0@1',
    ]);
  });

  it('must be in the cluster of the host', () => {
    expect(refusalsOf([vm(0)], { datastores: [system(101, { clusterIds: [100] })] })).toEqual([
      '[DS] Unavailable datastores: 101[DS] No datastores matched the VM requirements',
    ]);
  });
});

describe('networks for NICs that leave the choice', () => {
  const auto = 'CPU="1"\nMEMORY="64"\nNIC=[NIC_ID="0",NETWORK_MODE="auto"]\nNIC=[NIC_ID="1",NETWORK_MODE="auto"]';

  it('are chosen, a different one for each', () => {
    const networks = [0, 1].map((id) => new NetworkRoom(vnetRecord({ id, name: `net-${id}` }), id, 10));
    const { placings } = planPlacements([vm(0, {}, auto)], world({ networks }));
    expect(placings).toMatchObject([
      {
        nics: [
          { nicId: 0, networkId: 0 },
          { nicId: 1, networkId: 1 },
        ],
      },
    ]);
  });

  it('must have an address left', () => {
    const networks = [new NetworkRoom(vnetRecord(), 10, 10)];
    expect(refusalsOf([vm(0, {}, auto)], { networks })).toEqual(['[VNET] Unavailable leases on vnets: 0']);
  });
});

describe('many VMs', () => {
  it('that do not fit are told so without trying each', () => {
    const vms = Array.from({ length: 5000 }, (_, id) => vm(id, {}, 'CPU="100"\nMEMORY="64"'));
    const hosts = Array.from({ length: 200 }, (_, id) => host(id));
    const looks = vi.spyOn(HostRoom.prototype, 'shortage');
    expect(planPlacements(vms, world({ hosts })).refusals).toHaveLength(5000);
    expect(looks).toHaveBeenCalledTimes(200);
  });
});

describe('VM groups', () => {
  const inRole = (id: number, role: string, fields: Partial<Vm> = {}) =>
    vm(id, fields, `CPU="1"\nMEMORY="512"\nVMGROUP=[VMGROUP_ID="7",ROLE="${role}"]`);
  const withGroup = (source: string, roles: Record<string, readonly number[]>): Partial<World> => ({
    findVmGroup: () => ({
      group: vmGroupRecord(source),
      vmIds: ({ name }) => roles[name] ?? [],
      hostOf: () => undefined,
    }),
  });
  const AFFINED = 'ROLE=[NAME="a",POLICY="AFFINED"]\n';
  const APART = 'ROLE=[NAME="a",POLICY="ANTI_AFFINED"]\n';

  it('bring VMs together that would be spread, the oldest first whatever their priority', () => {
    const vms = [inRole(0, 'a'), inRole(1, 'a', user('USER_PRIORITY="9"')), inRole(2, 'a')];
    expect(hostsOf(vms, withGroup(AFFINED, { a: [0, 1, 2] }))).toEqual(['0@1', '1@1', '2@1']);
  });

  it('bring them to a host that has room for all', () => {
    const hosts = [host(0, {}, { maxCpu: 200 }), host(1, {}, { maxCpu: 300 })];
    const vms = [0, 1, 2].map((id) => inRole(id, 'a'));
    expect(hostsOf(vms, { hosts, ...withGroup(AFFINED, { a: [0, 1, 2] }) })).toEqual(['0@1', '1@1', '2@1']);
    expect(hostsOf(vms, { hosts: [hosts[0] as HostView], ...withGroup(AFFINED, { a: [0, 1, 2] }) })).toEqual([]);
  });

  it('keep VMs apart that would be packed, and let those wait for which no host is left', () => {
    const vms = [0, 1, 2].map((id) => inRole(id, 'a', user('SCHED_RANK="RUNNING_VMS"')));
    expect(hostsOf(vms, withGroup(APART, { a: [0, 1, 2] }))).toEqual(['0@1', '1@0']);
    expect(refusalsOf(vms, withGroup(APART, { a: [0, 1, 2] }))).toHaveLength(1);
  });

  it('do not hide that a requirement makes no sense', () => {
    const wrong = inRole(0, 'a', user('SCHED_REQUIREMENTS="NAME ="'));
    expect(refusalsOf([wrong, inRole(1, 'a')], withGroup(APART, { a: [0, 1] }))).toEqual([
      expect.stringContaining('syntax error'),
    ]);
  });
});
