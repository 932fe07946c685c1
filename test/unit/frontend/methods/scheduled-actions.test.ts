import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SqliteStore } from '../../../../src/frontend/store/sqlite-store.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

let clock: ManualClock;
let one: CloudInProcess;

beforeEach(async () => {
  clock = new ManualClock();
  one = await startCloudInProcess({ clock });
  await one.host('dummy-1');
});

afterEach(() => one[Symbol.asyncDispose]());

const phaseOf = (id: number) => one.cloud.pools.vm.get(id)?.phase;
const actionsOf = (id: number) => one.cloud.pools.vm.get(id)?.schedActions ?? [];

async function runningVm(template = ''): Promise<number> {
  const id = await one.oneadmin.call('one.vm.allocate', `CPU=1\nMEMORY=64\n${template}`, false);
  await one.until(() => phaseOf(id) === 'RUNNING');
  return id;
}

describe('scheduled actions', () => {
  it('are carried out when their time comes, not before', async () => {
    const id = await runningVm('SCHED_ACTION=[ACTION="poweroff",TIME="+60"]\n');
    clock.advance(59);
    expect(phaseOf(id)).toBe('RUNNING');
    clock.advance(1);
    await one.until(() => phaseOf(id) === 'POWEROFF');
    expect(actionsOf(id)).toMatchObject([{ done: clock.now(), message: '' }]);
  });

  it('are tried again when nothing could be written at their time', async () => {
    const id = await runningVm('SCHED_ACTION=[ACTION="poweroff",TIME="+60"]\n');
    const commit = vi.spyOn(SqliteStore.prototype, 'commit').mockImplementation(() => {
      throw new Error('database or disk is full');
    });
    clock.advance(60);
    expect([commit.mock.calls.length > 0, phaseOf(id)]).toEqual([true, 'RUNNING']);
    commit.mockRestore();
    clock.advance(60);
    await one.until(() => phaseOf(id) === 'POWEROFF');
  });

  it('are never carried out at a time before all times', async () => {
    const id = await runningVm();
    await one.oneadmin.call('one.vm.schedadd', id, 'SCHED_ACTION=[ACTION="hold",TIME="-5"]\n');
    await one.oneadmin.call('one.vm.schedadd', id, 'SCHED_ACTION=[ACTION="poweroff",TIME="+60"]\n');
    clock.advance(60);
    await one.until(() => phaseOf(id) === 'POWEROFF');
    expect(actionsOf(id)[0]).toMatchObject({ done: -1, message: '' });
  });

  it('are told in full of one VM, and by their ids in lists', async () => {
    await one.oneadmin.call('one.vm.allocate', 'CPU=1\nMEMORY=64\nSCHED_ACTION=[ACTION="poweroff",TIME="+60"]\n', true);
    expect(await one.oneadmin.read('TEMPLATE/SCHED_ACTION/ACTION', 'one.vm.info', 0, false)).toBe('poweroff');
    const list = ['one.vmpool.infoextended', -2, -1, -1, -1] as const;
    expect(await one.oneadmin.read('VM/SCHED_ACTIONS/ID', ...list)).toBe('0');
    expect(await one.oneadmin.read('VM/TEMPLATE/SCHED_ACTION/ACTION', ...list)).toBeUndefined();
  });

  it('are written down to oneadmin, who asked through no request', async () => {
    const id = await runningVm('SCHED_ACTION=[ACTION="poweroff",TIME="+60"]\n');
    clock.advance(60);
    await one.until(() => phaseOf(id) === 'POWEROFF');
    expect(one.cloud.pools.vm.get(id)?.history.at(-1)).toMatchObject({
      action: 'poweroff',
      actor: { uid: 0, gid: 0, requestId: -1 },
    });
  });

  it('that are refused say why, and are tried again', async () => {
    const id = await runningVm('SCHED_ACTION=[ACTION="resume",TIME="+60"]\n');
    clock.advance(60);
    expect(actionsOf(id)[0]?.message).toContain(
      '[resume] Error performing action "resume": This action is not available for state RUNNING',
    );
    await one.oneadmin.call('one.vm.action', 'poweroff', id);
    await one.until(() => phaseOf(id) === 'POWEROFF');
    clock.advance(15);
    await one.until(() => phaseOf(id) === 'RUNNING');
    expect(actionsOf(id)).toMatchObject([{ done: clock.now(), message: '' }]);
  });

  it('come again as often as they say', async () => {
    const id = await runningVm();
    const action = 'ACTION="snapshot-create",ARGS="hourly",TIME="+3600",REPEAT=3,DAYS="1",END_TYPE=1,END_VALUE=2';
    await one.oneadmin.call('one.vm.schedadd', id, `SCHED_ACTION=[${action}]`);
    const snapshots = () => one.cloud.pools.vm.get(id)?.template.vectors('SNAPSHOT').length ?? 0;
    for (const number of [1, 2]) {
      clock.advance(3600);
      await one.until(() => snapshots() === number && phaseOf(id) === 'RUNNING');
    }
    clock.advance(7200);
    expect(snapshots()).toBe(2);
    expect(actionsOf(id)[0]?.endValue).toBe(0);
  });

  it('follow a change of their time', async () => {
    const id = await runningVm('SCHED_ACTION=[ACTION="poweroff",TIME="+600"]\n');
    await one.oneadmin.call('one.vm.schedupdate', id, 0, 'SCHED_ACTION=[TIME="+60"]');
    clock.advance(60);
    await one.until(() => phaseOf(id) === 'POWEROFF');
    expect(phaseOf(id)).toBe('POWEROFF');
  });

  it('name the arguments that they lack', async () => {
    const id = await runningVm('SCHED_ACTION=[ACTION="disk-snapshot-create",ARGS="x",TIME="+1"]\n');
    clock.advance(1);
    expect(actionsOf(id)[0]?.message).toContain(
      'Missing or malformed ARGS for: disk-snapshot-create. Format: disk-id, snapshot-name',
    );
  });

  it('of a VM that is gone are forgotten', async () => {
    const id = await runningVm('SCHED_ACTION=[ACTION="poweroff",TIME="+60"]\n');
    await one.oneadmin.call('one.vm.action', 'terminate-hard', id);
    await one.until(() => phaseOf(id) === 'DONE');
    clock.advance(120);
    expect(actionsOf(id)).toMatchObject([{ done: -1, message: '' }]);
  });
});
