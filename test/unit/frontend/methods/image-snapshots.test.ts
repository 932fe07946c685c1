import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InProcessDrivers } from '../../../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../../../src/drivers/services.ts';
import { driverTable } from '../../../../src/drivers/table.ts';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

let one: CloudInProcess;
let vm: number;
let image: number;
let failing: string | undefined;

const phaseOf = () => one.cloud.pools.vm.get(vm)?.phase;
const record = () => one.cloud.pools.image.get(image);
const snapshots = () => record()?.snapshots.list.map(({ ID, ACTIVE }) => `${ID}${ACTIVE ? ' active' : ''}`);

/** A persistent image with two snapshots that a VM has left. */
beforeEach(async () => {
  failing = undefined;
  const inner = new InProcessDrivers(driverTable, openServices());
  one = await startCloudInProcess({
    drivers: {
      has: (family, driver) => inner.has(family, driver),
      run: async (call) => {
        if (call.action === failing) throw new Error('The disk is gone.');
        return await inner.run(call);
      },
      monitor: (...args) => inner.monitor(...args),
      [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    },
  });
  await one.host('dummy-1');
  const datastore = await one.datastore('d');
  const template = 'NAME=i\nTYPE=DATABLOCK\nSIZE=10\nPERSISTENT=YES\n';
  image = await one.oneadmin.call('one.image.allocate', template, datastore, false);
  await one.until(() => record()?.state === 'READY');
  vm = await one.oneadmin.call('one.vm.allocate', `CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=${image}]\n`, false);
  await one.until(() => phaseOf() === 'RUNNING');
  await one.oneadmin.call('one.vm.action', 'poweroff', vm);
  await one.until(() => phaseOf() === 'POWEROFF');
  for (const name of ['first', 'second']) {
    await one.oneadmin.call('one.vm.disksnapshotcreate', vm, 0, name);
    await one.until(() => phaseOf() === 'POWEROFF');
  }
  await one.oneadmin.call('one.vm.action', 'terminate', vm);
  await one.until(() => phaseOf() === 'DONE' && record()?.state === 'READY');
});

afterEach(() => one[Symbol.asyncDispose]());

describe('snapshots of an image', () => {
  it('take the size of the image back to what it was, and are told no more when they are merged', async () => {
    one.cloud.transaction(() => {
      const grown = record();
      if (grown) one.cloud.pools.image.put({ ...grown, sizeMb: 300 });
    });
    expect(await one.oneadmin.call('one.image.snapshotrevert', image, 0)).toBe(image);
    await one.until(() => record()?.state === 'READY');
    expect(record()?.sizeMb).toBe(10);
    expect(await one.oneadmin.call('one.image.snapshotflatten', image, 0)).toBe(image);
    await one.until(() => record()?.state === 'READY');
    expect(await one.oneadmin.call<string>('one.image.info', image, false)).toContain('<SNAPSHOTS></SNAPSHOTS>');
  });

  it('stay with a persistent image', () => {
    expect(snapshots()).toEqual(['0', '1 active']);
  });

  it('can be gone back to', async () => {
    expect(await one.oneadmin.call('one.image.snapshotrevert', image, 0)).toBe(0);
    await one.until(() => record()?.state === 'READY');
    expect(snapshots()).toEqual(['0 active', '1']);
  });

  it('can be deleted when nothing hangs on them', async () => {
    expect(await one.oneadmin.refusal('one.image.snapshotdelete', image, 1)).toBe(
      '2048 [one.image.snapshotdelete] Cannot delete the active snapshot',
    );
    expect(await one.oneadmin.refusal('one.image.snapshotdelete', image, 0)).toContain('snapshot with children');
    await one.oneadmin.call('one.image.snapshotrevert', image, 0);
    await one.until(() => record()?.state === 'READY');
    await one.oneadmin.call('one.image.snapshotdelete', image, 1);
    await one.until(() => record()?.state === 'READY');
    expect(snapshots()).toEqual(['0 active']);
  });

  it('can be merged into the image', async () => {
    await one.oneadmin.call('one.image.snapshotflatten', image, 1);
    await one.until(() => record()?.state === 'READY');
    expect(snapshots()).toEqual([]);
  });

  it('stay as they were when the driver fails, and the image says why', async () => {
    failing = 'snap_flatten';
    await one.oneadmin.call('one.image.snapshotflatten', image, 1);
    await one.until(() => record()?.state === 'READY');
    expect(snapshots()).toEqual(['0', '1 active']);
    expect(record()?.template.get('ERROR')).toContain('Error flattening image snapshot 1 from image 0: The disk is');
  });

  it('are refused where there are none', async () => {
    expect(await one.oneadmin.refusal('one.image.snapshotrevert', image, 7)).toContain('Snapshot does not exist');
    await one.oneadmin.call('one.image.enable', image, false);
    expect(await one.oneadmin.refusal('one.image.snapshotrevert', image, 0)).toContain(
      'Cannot revert to snapshot in state DISABLED',
    );
  });
});
