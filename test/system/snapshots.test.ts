/** Snapshots and copies of VMs and disks, and images that keep what is written, by the commands that a user types. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Vm } from '../../src/opennebula/client/views.ts';
import { waitForImage } from '../../src/opennebula/client/wait.ts';
import { CloudCommands } from '../support/cloud-commands.ts';
import { describeSandbox } from '../support/test-sandbox.ts';

describeSandbox('snapshots and copies', () => {
  let cloud: CloudCommands;
  let vm: Vm;

  beforeAll(async () => {
    cloud = await CloudCommands.start();
    vm = await cloud.create('web', 'DISK = [ IMAGE = "data" ]');
  });
  afterAll(() => cloud?.[Symbol.asyncDispose]());

  const write = (text: string) => cloud.inside(vm, `for place in /www /media/1; do echo ${text} >$place/note; done`);
  const notes = () => cloud.inside(vm, 'cat /www/note /media/1/note');
  const page = (of: Vm) => fetch(`http://${of.addresses[0]}/note`).then((answer) => answer.text(), String);
  const image = (id: number) => waitForImage(cloud.client, id, 'READY');
  const saveAs = async (...words: string[]) => {
    const [, id] = /Image ID: (\d+)/.exec(await cloud.onevm('disk-saveas', vm, ...words)) ?? [];
    await image(Number(id));
  };

  it('a broken VM goes back to a snapshot, with its address', async () => {
    await write('good');
    await cloud.change('RUNNING', 'snapshot-create', vm, 'before');
    await cloud.inside(vm, 'rm /www/note');
    await cloud.change('RUNNING', 'snapshot-revert', vm, '0');
    await expect.poll(() => page(vm)).toBe('good\n');
    await cloud.change('RUNNING', 'snapshot-create', vm, 'after');
    await cloud.change('RUNNING', 'snapshot-delete', vm, '1');
    const images = ['docker', 'images', '--format', '{{.Tag}}', `onedock/vm-${vm.id}`];
    expect(await cloud.sandbox.on('host-1', ...images)).toBe('snapshot-0');
  });

  it('disks go back to snapshots that were taken while the VM was off', async () => {
    await write('good');
    await cloud.change('POWEROFF', 'poweroff', vm);
    for (const disk of ['0', '1']) await cloud.change('POWEROFF', 'disk-snapshot-create', vm, disk, 'good');
    await cloud.change('RUNNING', 'resume', vm);
    await write('bad');
    await cloud.change('POWEROFF', 'poweroff', vm);
    for (const disk of ['0', '1']) await cloud.change('POWEROFF', 'disk-snapshot-revert', vm, disk, '0');
    await cloud.change('RUNNING', 'resume', vm);
    expect(await notes()).toBe('good\ngood');
    await expect.poll(() => page(vm)).toBe('good\n');
  });

  it('disks of a running VM have snapshots too, which can be deleted', async () => {
    for (const disk of ['0', '1']) {
      await cloud.change('RUNNING', 'disk-snapshot-create', vm, disk, 'live');
      await cloud.change('RUNNING', 'disk-snapshot-delete', vm, disk, '1');
    }
    expect((await cloud.client.vm.info(vm.id)).error).toBe('');
    expect(await notes()).toBe('good\ngood');
  });

  it('disks of a running VM are saved as images, and a VM of the copies runs', async () => {
    await saveAs('0', 'saved-root');
    await saveAs('1', 'saved-data');
    await write('later');
    const template = 'DISK = [ IMAGE = "saved-data" ]';
    const copy = await cloud.create('copy', template, 'host-2', 'saved-root');
    expect(await cloud.inside(copy, 'cat /www/note /media/1/note')).toBe('good\ngood');
    await expect.poll(() => page(copy)).toBe('good\n');
    await cloud.terminate(copy);
  });

  it('a snapshot of a disk is saved as an image', async () => {
    await saveAs('0', 'saved-snapshot', '--snapshot', '0');
    const copy = await cloud.create('old', '', 'host-2', 'saved-snapshot');
    expect(await cloud.inside(copy, 'cat /www/note')).toBe('good');
    await cloud.terminate(copy);
  });

  it('persistent images keep what a VM has written, for the next one', async () => {
    await cloud.sandbox.one('oneimage', 'persistent', 'saved-root,saved-data');
    const first = await cloud.create('first', 'DISK = [ IMAGE = "saved-data" ]', 'host-1', 'saved-root');
    await cloud.inside(first, 'for place in /www /media/1; do echo kept >$place/note; done');
    await cloud.sandbox.one('onevm', 'terminate', String(first.id));
    await cloud.reach(first, 'DONE');
    const next = await cloud.create('next', 'DISK = [ IMAGE = "saved-data" ]', 'host-2', 'saved-root');
    expect(await cloud.inside(next, 'cat /www/note /media/1/note')).toBe('kept\nkept');
    await cloud.sandbox.one('onevm', 'terminate', String(next.id));
    await cloud.reach(next, 'DONE');
  });

  it('nothing is left of VMs and their snapshots', async () => {
    await cloud.terminate(vm);
    for (const host of ['host-1', 'host-2']) expect(await cloud.leftovers(host)).toBe('');
  });
});
