import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MonitorReport } from '../../../../src/drivers/contract/driver-runner.ts';
import { InProcessDrivers } from '../../../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../../../src/drivers/services.ts';
import { driverTable } from '../../../../src/drivers/table.ts';
import type { XmlRpcValue } from '../../../../src/opennebula/xmlrpc.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

/** A dummy host has 8 processors and 16 GiB. */
const HOST_CPU = 8;

let one: CloudInProcess;
let clock: ManualClock;
let host: number;

beforeEach(async () => {
  clock = new ManualClock();
  one = await startCloudInProcess({ clock });
  host = await one.host('dummy-1');
});

afterEach(() => one[Symbol.asyncDispose]());

const vmOf = (id: number) => one.cloud.pools.vm.get(id);
const phaseOf = (id: number) => vmOf(id)?.phase;
const hostOf = (id: number) => vmOf(id)?.history.at(-1)?.hostId;
const saidOf = (id: number) =>
  vmOf(id)
    ?.userTemplate.get('SCHED_MESSAGE')
    ?.replace(/^.*?\d{4}: /, '');
const running = (id: number) => one.until(() => phaseOf(id) === 'RUNNING');
/** The scheduler runs on the next turn; its reasons are said a moment later. */
const told = async (id: number) => {
  await nextTurn();
  clock.advance(1);
  await one.until(() => saidOf(id) !== undefined);
};
const admin = (method: string, ...params: readonly XmlRpcValue[]) => one.oneadmin.call(method, ...params);

function allocate(cpu: number, more = ''): Promise<number> {
  return admin('one.vm.allocate', `CPU=${cpu}\nMEMORY=64\n${more}`, false);
}

async function place(cpu: number, more = ''): Promise<number> {
  const id = await allocate(cpu, more);
  await running(id);
  return id;
}

async function wait(cpu: number, more = ''): Promise<number> {
  const id = await allocate(cpu, more);
  await told(id);
  return id;
}

describe('a VM that fits', () => {
  it('is dispatched at once, by no clock', async () => {
    expect(phaseOf(await place(1))).toBe('RUNNING');
  });

  it('goes where more room is left', async () => {
    await place(1);
    const second = await one.host('dummy-2');
    expect(hostOf(await place(1))).toBe(second);
  });

  it.each([
    ['SCHED_REQUIREMENTS="NAME = \\"dummy-2\\""\n'],
    ['SCHED_REQUIREMENTS="NAME = \\"*-2\\" & FREE_CPU > -1 & !(STATE = 3)"\n'],
    ['SCHED_REQUIREMENTS="RACK = 7"\n'],
    ['SCHED_RANK="RACK * 2 - RUNNING_VMS"\n'],
    ['SCHED_REQUIREMENTS="CLUSTER = default | CLUSTER = none & RACK > 5"\n'],
  ])('goes where %j leads', async (expression) => {
    const second = await one.host('dummy-2');
    await admin('one.host.update', second, 'RACK=7\n', 1);
    expect(hostOf(await place(1, expression))).toBe(second);
  });

  it('goes to the VM that it wants to be with, or away from it', async () => {
    await one.host('dummy-2');
    const first = await place(1);
    const near = await place(1, `SCHED_REQUIREMENTS="CURRENT_VMS = ${first}"\n`);
    const far = await place(1, `SCHED_REQUIREMENTS="CURRENT_VMS != ${first}"\n`);
    expect(hostOf(near)).toBe(hostOf(first));
    expect(hostOf(far)).not.toBe(hostOf(first));
  });
});

describe('a VM that does not fit', () => {
  it.each([
    [`CPU=${HOST_CPU + 1}\nMEMORY=64\n`, '[HOST] Not enough CPU on hosts: 0'],
    ['CPU=1\nMEMORY=99999\n', '[HOST] Not enough MEMORY on hosts: 0'],
    ['CPU=1\nMEMORY=64\nDISK=[TYPE=fs,SIZE=99999999]\n', '[DS] Not enough capacity on datastores: 0,100'],
    ['CPU=1\nMEMORY=64\nSCHED_REQUIREMENTS="RACK = 7"\n', 'Cannot dispatch VM: No host meets SCHED_REQUIREMENTS'],
    [
      'CPU=1\nMEMORY=64\nSCHED_DS_REQUIREMENTS="NAME = fast"\n',
      'Cannot dispatch VM: No system datastore meets SCHED_DS_REQUIREMENTS',
    ],
    [
      'CPU=1\nMEMORY=64\nSCHED_REQUIREMENTS="RACK >= 7"\n',
      "Cannot dispatch VM: Error in SCHED_REQUIREMENTS: '!(PIN_POLICY = PINNED) & ( RACK >= 7 )', error: ",
    ],
    ['CPU=1\nMEMORY=64\nSCHED_REQUIREMENTS="CURRENT_VMS = 77"\n', '[HOST] Requirements not met on hosts: 0'],
  ])('says why: %j', async (template, message) => {
    const id = await admin('one.vm.allocate', template, false);
    await told(id);
    expect(saidOf(id)).toContain(message.slice(0, 100));
    expect(phaseOf(id)).toBe('PENDING');
  });

  it('asks for nothing else by what it says, and so is not looked at again for it', async () => {
    const id = await allocate(1, 'SCHED_REQUIREMENTS="RACK = 7"\n');
    const template = vmOf(id)?.template;
    await told(id);
    expect(vmOf(id)?.template).toBe(template);
  });

  it('says nothing when it has found a place a moment later', async () => {
    const id = await allocate(1, 'SCHED_REQUIREMENTS="RACK = 7"\n');
    await nextTurn();
    expect([phaseOf(id), saidOf(id)]).toEqual(['PENDING', undefined]);
    await admin('one.host.update', host, 'RACK=7\n', 1);
    await running(id);
    clock.advance(1);
    expect(saidOf(id)).toBeUndefined();
  });

  it('says so when there is no host at all', async () => {
    await admin('one.host.status', host, 1);
    expect(saidOf(await wait(1))).toBe('Cannot dispatch VM: No hosts enabled to run VMs');
  });

  it('no longer says so when it has found a place', async () => {
    const id = await wait(1, 'SCHED_REQUIREMENTS="RACK = 7"\n');
    await admin('one.host.update', host, 'RACK=7\n', 1);
    await running(id);
    expect(saidOf(id)).toBeUndefined();
  });
});

/** Each begins with a VM that waits, and ends with what lets it go: that starts within 100 ms. */
const ROOM: readonly [what: string, () => Promise<[vm: number, change: () => Promise<unknown>]>][] = [
  [
    'another VM ends',
    async () => {
      const first = await place(HOST_CPU);
      return [await wait(1), () => admin('one.vm.action', 'terminate-hard', first)];
    },
  ],
  [
    'a host comes',
    async () => {
      await place(HOST_CPU);
      return [await wait(1), () => admin('one.host.allocate', 'dummy-2', 'dummy', 'dummy', -1)];
    },
  ],
  [
    'a host is enabled',
    async () => {
      await admin('one.host.status', host, 1);
      return [await wait(1), () => admin('one.host.status', host, 0)];
    },
  ],
  [
    'a host may be overcommitted',
    async () => {
      await place(HOST_CPU);
      return [await wait(1), () => admin('one.host.update', host, 'RESERVED_CPU="-100"\n', 1)];
    },
  ],
  [
    'a host no longer reserves what it has',
    async () => {
      await admin('one.host.update', host, 'RESERVED_CPU="100%"\n', 1);
      return [await wait(1), () => admin('one.host.update', host, 'RESERVED_CPU="50%"\n', 1)];
    },
  ],
  [
    'its cluster no longer reserves what its hosts have',
    async () => {
      await admin('one.cluster.update', 0, 'RESERVED_MEM="100%"\n', 1);
      return [await wait(1), () => admin('one.cluster.update', 0, 'RESERVED_MEM=""\n', 1)];
    },
  ],
  [
    'another VM becomes smaller',
    async () => {
      const first = await place(HOST_CPU);
      await admin('one.vm.action', 'poweroff-hard', first);
      await one.until(() => phaseOf(first) === 'POWEROFF');
      return [await wait(1), () => admin('one.vm.resize', first, 'CPU=1\n', true)];
    },
  ],
  [
    'it asks for less',
    async () => [await wait(1, 'SCHED_REQUIREMENTS="RACK = 7"\n'), () => admin('one.vm.update', 0, 'NOTE=x\n', 0)],
  ],
  [
    'a datastore may be used',
    async () => {
      for (const id of [0, 100]) await admin('one.datastore.enable', id, false);
      return [await wait(1), () => admin('one.datastore.enable', 100, true)];
    },
  ],
  [
    'a host moves to the cluster of its network',
    async () => {
      const cluster = await admin('one.cluster.allocate', 'c');
      await admin('one.cluster.adddatastore', cluster, 100);
      const network = 'NAME=n\nVN_MAD=dummy\nBRIDGE=b\nAR=[TYPE=IP4,IP=10.0.0.1,SIZE=2]\n';
      await admin('one.vn.allocate', network, cluster);
      return [await wait(1, 'NIC=[NETWORK_ID=0]\n'), () => admin('one.cluster.addhost', cluster, host)];
    },
  ],
  [
    'an address is free for a NIC that leaves the choice',
    async () => {
      await admin('one.vn.allocate', 'NAME=n\nVN_MAD=dummy\nBRIDGE=b\nAR=[TYPE=IP4,IP=10.0.0.1,SIZE=1]\n', -1);
      await place(1, 'NIC=[NETWORK_ID=0]\n');
      return [
        await wait(1, 'NIC=[NETWORK_MODE=auto]\n'),
        () => admin('one.vn.add_ar', 0, 'AR=[TYPE=IP4,IP=10.1.0.1,SIZE=1]\n'),
      ];
    },
  ],
];

describe('a VM that waits starts at once, by no clock, when', () => {
  it.each(ROOM)('%s', async (_, begin) => {
    const [id, change] = await begin();
    expect(phaseOf(id)).toBe('PENDING');
    await change();
    await running(id);
  });

  it('a rule lets its owner use the hosts', async () => {
    for (const rule of [...one.cloud.pools.acl.all()]) {
      if (rule.name.startsWith('@1 HOST')) await admin('one.acl.delrule', rule.id);
    }
    const ada = await one.user('ada');
    const id = await ada.call('one.vm.allocate', 'CPU=1\nMEMORY=64\n', false);
    await told(id);
    expect(saidOf(id)).toBe('Cannot dispatch VM: User is not authorized to use any host');
    await admin('one.acl.addrule', '200000001', '2400000000', '2');
    await running(id);
  });
});

describe('a VM that asks for what hosts measure', () => {
  const ASKS = 'SCHED_REQUIREMENTS="FREE_CPU > 400"\n';
  /** What the agent of the host can be made to tell. */
  let tell: (report: MonitorReport) => void;
  const measure = (freeCpu: number) => tell({ type: 'MONITOR_HOST', text: `FREECPU=${freeCpu}\n` });

  beforeEach(async () => {
    await one[Symbol.asyncDispose]();
    const inner = new InProcessDrivers(driverTable, openServices());
    one = await startCloudInProcess({
      clock,
      drivers: {
        has: (family, driver) => inner.has(family, driver),
        run: (call) => inner.run(call),
        monitor: (_driver, _host, report, signal) => {
          tell = report;
          report({ type: 'SYSTEM_HOST', text: 'TOTALCPU=800\nTOTALMEMORY=16777216\n' });
          return once(signal, 'abort').then(() => {});
        },
        [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
      },
    });
    host = await one.host('dummy-1');
    // What datastores report makes room as well, and is not to be what lets the VM go.
    await one.until(() => [1, 2].every((id) => (one.cloud.pools.datastore.get(id)?.totalMb ?? 0) > 0));
  });

  it('starts when its host measures that for the first time', async () => {
    const id = await wait(1, ASKS);
    expect(saidOf(id)).toBe('Cannot dispatch VM: No host meets SCHED_REQUIREMENTS');
    measure(800);
    await running(id);
  });

  it('is tried again by no other measurement within five seconds, and by the last of them then', async () => {
    const [id, other] = [await wait(1, ASKS), await wait(1, 'SCHED_REQUIREMENTS="RACK = 7"\n')];
    for (const freeCpu of [100, 200, 800]) {
      measure(freeCpu);
      await nextTurn();
    }
    expect(phaseOf(id)).toBe('PENDING');
    clock.advance(5);
    await running(id);
    expect(phaseOf(other)).toBe('PENDING');
  });

  it('starts at once when five seconds have gone by', async () => {
    const id = await wait(1, ASKS);
    measure(100);
    await nextTurn();
    clock.advance(5);
    await nextTurn();
    expect(phaseOf(id)).toBe('PENDING');
    measure(800);
    await running(id);
  });
});

describe('capacity', () => {
  it('is never given twice, however many VMs come at once', async () => {
    const ids = await Promise.all(Array.from({ length: 2 * HOST_CPU }, () => allocate(1)));
    await nextTurn();
    clock.advance(1);
    await one.until(() => ids.every((id) => phaseOf(id) === 'RUNNING' || saidOf(id) !== undefined));
    expect(ids.filter((id) => phaseOf(id) === 'RUNNING')).toHaveLength(HOST_CPU);
    expect(one.cloud.pools.host.get(host)?.share.cpuUsage).toBe(HOST_CPU * 100);
  });

  it('goes to those of higher priority first', async () => {
    const first = await place(HOST_CPU);
    const low = await wait(HOST_CPU, 'USER_PRIORITY=1\n');
    const high = await wait(HOST_CPU, 'USER_PRIORITY=9\n');
    await admin('one.vm.action', 'terminate-hard', first);
    await running(high);
    expect(phaseOf(low)).toBe('PENDING');
  });

  it('is moved to by a VM that is to be rescheduled', async () => {
    const id = await place(1);
    const second = await one.host('dummy-2');
    await admin('one.vm.action', 'resched', id);
    await one.until(() => hostOf(id) === second && phaseOf(id) === 'RUNNING');
    expect(vmOf(id)?.resched).toBe(false);
    // Plans are oneadmin's.
    expect(vmOf(id)?.history[0]).toMatchObject({ action: 'migrate', actor: { uid: 0, gid: 0 } });
  });
});

describe('how VMs are rescheduled', () => {
  it.each([
    { configuration: 'LIVE_RESCHEDS = "1"\n', action: 'live-migrate' },
    { configuration: 'COLD_MIGRATE_MODE = "1"\n', action: 'poweroff-migrate' },
    { configuration: 'COLD_MIGRATE_MODE = "2"\n', action: 'poweroff-hard-migrate' },
    { configuration: 'COLD_MIGRATE_MODE = "3"\n', action: 'migrate' },
  ])('is what oned.conf says: $configuration', async ({ configuration, action }) => {
    await using cloud = await startCloudInProcess({ clock, configuration });
    await one[Symbol.asyncDispose]();
    one = cloud;
    host = await one.host('dummy-1');
    const id = await place(1);
    const second = await one.host('dummy-2');
    await admin('one.vm.action', 'resched', id);
    await one.until(() => hostOf(id) === second && phaseOf(id) === 'RUNNING');
    expect(vmOf(id)?.history[0]?.action).toBe(action);
  });
});

describe('a window that oned.conf asks for', () => {
  const within = async (configuration: string, check: () => Promise<void>) => {
    await using cloud = await startCloudInProcess({ clock, configuration });
    await one[Symbol.asyncDispose]();
    one = cloud;
    host = await one.host('dummy-1');
    await check();
  };

  it('has a VM wait until it is over', () =>
    within('SCHED_MAX_WND_TIME = "10"\n', async () => {
      const id = await allocate(1);
      clock.advance(9);
      await nextTurn();
      expect(phaseOf(id)).toBe('PENDING');
      clock.advance(1);
      await running(id);
      const next = await allocate(1);
      await nextTurn();
      expect(phaseOf(next)).toBe('PENDING');
    }));

  it('is over when so many VMs wait', () =>
    within('SCHED_MAX_WND_LENGTH = "3"\n', async () => {
      const ids = [await allocate(1), await allocate(1)];
      await nextTurn();
      expect(ids.map(phaseOf)).toEqual(['PENDING', 'PENDING']);
      ids.push(await allocate(1));
      await Promise.all(ids.map(running));
    }));

  it('lets a VM be ended before', () =>
    within('SCHED_MAX_WND_TIME = "10"\n', async () => {
      const id = await allocate(1);
      await admin('one.vm.action', 'terminate', id);
      expect(phaseOf(id)).toBe('DONE');
    }));
});
