/** How snapshots of a disk hang together, by what the datastore's driver says of them (ALLOW_ORPHANS; Snapshots.cc, 7.4). */
import { expect, it } from 'vitest';
import { type CloudInProcess, startCloudInProcess } from '../../../support/cloud-in-process.ts';

/** A VM that is off, with a persistent disk of a datastore whose driver keeps snapshots in a mode. */
async function start(mode: string, format = 'raw') {
  const entry = `NAME="dummy", LN_TARGET="NONE", CLONE_TARGET="SYSTEM", SHARED="YES", ALLOW_ORPHANS="${mode}"`;
  const one = await startCloudInProcess({ configuration: `TM_MAD_CONF = [ ${entry} ]\n` });
  await one.host('dummy-1');
  const datastore = await one.datastore('d');
  const template = `NAME=i\nTYPE=DATABLOCK\nSOURCE=a\nFORMAT=${format}\nSIZE=10\nPERSISTENT=YES\n`;
  const image = await one.oneadmin.call('one.image.allocate', template, datastore, false);
  await one.until(() => one.cloud.pools.image.get(image)?.state === 'READY');
  return { one, image, vm: await turnedOff(one, image), [Symbol.asyncDispose]: () => one[Symbol.asyncDispose]() };
}

async function turnedOff(one: CloudInProcess, image: number): Promise<number> {
  const vm = await one.oneadmin.call('one.vm.allocate', `CPU=1\nMEMORY=64\nDISK=[IMAGE_ID=${image}]\n`, false);
  await one.until(() => one.cloud.pools.vm.get(vm)?.phase === 'RUNNING');
  await one.oneadmin.call('one.vm.action', 'poweroff-hard', vm);
  await one.until(() => one.cloud.pools.vm.get(vm)?.phase === 'POWEROFF');
  return vm;
}

type Started = Awaited<ReturnType<typeof start>>;

async function act({ one, vm }: Pick<Started, 'one' | 'vm'>, method: string, ...args: (string | number)[]) {
  await one.oneadmin.call(`one.vm.disksnapshot${method}`, vm, 0, ...args);
  await one.until(() => one.cloud.pools.vm.get(vm)?.phase === 'POWEROFF');
}

async function take(started: Pick<Started, 'one' | 'vm'>, names: string) {
  for (const name of names) await act(started, 'create', name);
}

/** `id<parent`, with a star where it is the active one. */
const treeOf = ({ one, vm }: Pick<Started, 'one' | 'vm'>) =>
  one.cloud.pools.vm
    .get(vm)
    ?.diskSnapshots[0]?.snapshots.map(({ id, parent, active }) => `${id}<${parent}${active ? '*' : ''}`);

async function ended({ one, vm, image }: Started) {
  await one.oneadmin.call('one.vm.action', 'terminate', vm);
  await one.until(() => one.cloud.pools.image.get(image)?.state === 'READY');
}

async function ofImage({ one, image }: Started, method: string, id: number) {
  await one.oneadmin.call(`one.image.snapshot${method}`, image, id);
  await one.until(() => one.cloud.pools.image.get(image)?.state === 'READY');
  return one.cloud.pools.image.get(image)?.snapshots.list.map(({ ID, ACTIVE }) => `${ID}${ACTIVE ? '*' : ''}`);
}

it.each([
  ['NO', 'raw', ['0<-1', '1<0', '2<1*']],
  ['YES', 'raw', ['0<-1', '1<-1', '2<-1*']],
  ['mixed', 'raw', ['0<-1', '1<-1', '2<-1']],
  ['LINEAR', 'raw', ['0<-1', '1<-1', '2<-1*']],
  ['FORMAT', 'raw', ['0<-1', '1<-1', '2<-1*']],
  ['FORMAT', 'qcow2', ['0<-1', '1<0', '2<1*']],
  ['FORMAT', 'vmdk', ['0<-1', '1<0', '2<1*']],
])('ALLOW_ORPHANS=%s with a %s disk', async (mode, format, tree) => {
  await using started = await start(mode, format);
  await take(started, 'abc');
  expect(treeOf(started)).toEqual(tree);
});

it('LINEAR: a disk that goes back loses what is younger', async () => {
  await using started = await start('LINEAR');
  const { one, vm } = started;
  await take(started, 'abc');
  await act(started, 'revert', 1);
  expect(treeOf(started)).toEqual(['0<-1', '1<-1*']);
  expect(one.cloud.pools.vm.get(vm)?.template.vector('DISK')?.DISK_SNAPSHOT_TOTAL_SIZE).toBe('20');
  await take(started, 'd');
  expect(treeOf(started)).toEqual(['0<-1', '1<-1', '3<-1*']);
});

it('LINEAR: the first of a persistent disk stays, the active one may go', async () => {
  await using started = await start('LINEAR');
  await take(started, 'ab');
  expect(await started.one.oneadmin.refusal('one.vm.disksnapshotdelete', started.vm, 0, 0)).toContain(
    'Cannot delete snapshot 0 for persistent disk images',
  );
  await act(started, 'delete', 1);
  expect(treeOf(started)).toEqual(['0<-1']);
});

it('LINEAR: an image that goes back loses what is younger, and any may be deleted of it', async () => {
  await using started = await start('LINEAR');
  await take(started, 'abc');
  await ended(started);
  expect(await ofImage(started, 'revert', 1)).toEqual(['0', '1*']);
  expect(await ofImage(started, 'delete', 1)).toEqual(['0']);
});

it('MIXED: what is taken hangs on what the image went back to', async () => {
  await using started = await start('MIXED');
  await take(started, 'ab');
  await ended(started);
  expect(await ofImage(started, 'revert', 0)).toEqual(['0*', '1']);
  const next = { one: started.one, vm: await turnedOff(started.one, started.image) };
  await take(next, 'c');
  expect(treeOf(next)).toEqual(['0<-1*', '1<-1', '2<0']);
});
