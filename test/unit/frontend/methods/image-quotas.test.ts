/** What images and their snapshots count for with the owner of the image (DATASTORE quotas, 7.4). */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

let one: CloudInProcess;
let ada: Awaited<ReturnType<CloudInProcess['user']>>;
let datastore: number;
let image: number;
let vm: number;

const TARGET_SELF =
  'TM_MAD_CONF = [ NAME="dummy", LN_TARGET="NONE", CLONE_TARGET="SELF", SHARED="YES", ALLOW_ORPHANS="YES" ]\n';

/** A VM of oneadmin that is off, with a persistent image of somebody else: the disk is the image itself. */
beforeEach(async () => {
  one = await startCloudInProcess({ configuration: TARGET_SELF });
  await one.host('dummy-1');
  datastore = await one.datastore('d');
  await one.oneadmin.call('one.datastore.chmod', datastore, -1, -1, -1, -1, -1, -1, 1, -1, -1);
  ada = await one.user('ada');
  const template = 'NAME=i\nTYPE=DATABLOCK\nSIZE=10\nPERSISTENT=YES\n';
  image = await one.oneadmin.call('one.image.allocate', template, datastore, false);
  await isReady();
  await one.oneadmin.call('one.image.chown', image, ada.id, -1);
  vm = await turnedOff(one.oneadmin, image);
});

afterEach(() => one[Symbol.asyncDispose]());

const isReady = () => one.until(() => one.cloud.pools.image.get(image)?.state === 'READY');
const isOff = (id = vm) => one.until(() => one.cloud.pools.vm.get(id)?.phase === 'POWEROFF');
const used = () => ada.read('DATASTORE_QUOTA/DATASTORE/SIZE_USED', 'one.user.info', -1, false);

async function turnedOff(by: CloudInProcess['oneadmin'], imageId: number): Promise<number> {
  const id = await by.call('one.vm.allocate', `CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=${imageId}]\n`, false);
  await one.until(() => one.cloud.pools.vm.get(id)?.phase === 'RUNNING');
  await by.call('one.vm.action', 'poweroff-hard', id);
  await isOff(id);
  return id;
}

async function act(method: string, ...args: (string | number)[]) {
  await one.oneadmin.call(`one.vm.${method}`, vm, 0, ...args);
  await isOff();
}

it('each snapshot counts as much as the image had then, and the image as it has grown', async () => {
  expect(await used()).toBe('10');
  await act('disksnapshotcreate', 'a');
  expect(await used()).toBe('20');
  await act('diskresize', '30');
  expect(await used()).toBe('40');
  await act('disksnapshotcreate', 'b');
  expect(await used()).toBe('70');
  await act('disksnapshotrevert', 0);
  expect(await used()).toBe('50');
  await act('disksnapshotdelete', 1);
  expect(await used()).toBe('20');
});

it('snapshots go with the image to another owner, and count no more when they are gone, nor when it is', async () => {
  for (const name of 'abc') await act('disksnapshotcreate', name);
  await one.oneadmin.call('one.vm.action', 'terminate', vm);
  await isReady();
  expect(await used()).toBe('40');
  await one.oneadmin.call('one.image.chown', image, 0, -1);
  expect(await used()).toBeUndefined();
  await one.oneadmin.call('one.image.chown', image, ada.id, -1);
  expect(await used()).toBe('40');
  await one.oneadmin.call('one.image.snapshotdelete', image, 1);
  await isReady();
  expect(await used()).toBe('30');
  await one.oneadmin.call('one.image.snapshotflatten', image, 2);
  await isReady();
  expect(await used()).toBe('10');
  await one.oneadmin.call('one.image.delete', image, false);
  await one.until(() => one.cloud.pools.image.get(image) === undefined);
  expect(await used()).toBeUndefined();
});

it.each([
  ['disksnapshotcreate', 'more'],
  ['diskresize', '20'],
])('one.vm.%s is refused where the owner of the image may have no more', async (method, argument) => {
  await one.oneadmin.call('one.user.quota', ada.id, `DATASTORE=[ID=${datastore},SIZE=15]\n`);
  expect(await one.oneadmin.refusal(`one.vm.${method}`, vm, 0, argument)).toContain(
    `user [${ada.id}] limit of 15 reached for SIZE quota in DATASTORE with ID: ${datastore}`,
  );
  expect(await used()).toBe('10');
});

it('snapshots of a copy beside the image count with the owner of the VM', async () => {
  const template = 'NAME=os\nTYPE=OS\nSOURCE=a\nFORMAT=raw\nSIZE=10\n';
  const os = await one.oneadmin.call('one.image.allocate', template, datastore, false);
  await one.until(() => one.cloud.pools.image.get(os)?.state === 'READY');
  await one.oneadmin.call('one.image.chmod', os, -1, -1, -1, -1, -1, -1, 1, -1, -1);
  const own = await turnedOff(ada, os);
  expect(await used()).toBe('20');
  await ada.call('one.vm.disksnapshotcreate', own, 0, 'a');
  await isOff(own);
  expect(await used()).toBe('30');
  await ada.call('one.vm.action', 'terminate-hard', own);
  await one.until(() => one.cloud.pools.vm.get(own)?.phase === 'DONE');
  expect(await used()).toBe('10');
});
