/** Disks of VMs that come, go and grow, by the commands that a user types. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Vm } from '../../src/opennebula/client/views.ts';
import { CloudCommands } from '../support/cloud-commands.ts';
import { describeSandbox } from '../support/test-sandbox.ts';

describeSandbox('disks of VMs', () => {
  let cloud: CloudCommands;
  let one: Vm;
  let other: Vm;

  beforeAll(async () => {
    cloud = await CloudCommands.start();
    await cloud.sandbox.one('oneimage', 'persistent', 'data');
    [one, other] = await Promise.all([cloud.create('one'), cloud.create('other', '', 'host-2')]);
  });
  afterAll(() => cloud?.[Symbol.asyncDispose]());

  it('go from a running VM to one on another host, with what was written', async () => {
    await cloud.change('RUNNING', 'disk-attach', one, '--image', 'data');
    await cloud.inside(one, 'echo "from one" >/media/2/note');
    await cloud.change('RUNNING', 'disk-detach', one, '2');
    expect(await cloud.inside(one, 'ls /media')).toBe('');

    await expect
      .poll(() => cloud.onevm('disk-attach', other, '--image', 'data').then(() => 'done', String))
      .toBe('done');
    await cloud.reach(other, 'RUNNING');
    expect(await cloud.inside(other, 'cat /media/2/note')).toBe('from one');
  });

  it('stay with a VM that is powered off and on again', async () => {
    await cloud.change('POWEROFF', 'poweroff', other);
    await cloud.change('RUNNING', 'resume', other);
    expect(await cloud.inside(other, 'cat /media/2/note')).toBe('from one');
  });

  it('come and go while the VM is off', async () => {
    const file = join(cloud.sandbox.folder, 'volatile.tmpl');
    await writeFile(file, 'DISK = [ TYPE = "fs", SIZE = "16", FORMAT = "raw", FS = "ext4" ]\n');
    await cloud.change('POWEROFF', 'poweroff', one);
    await cloud.change('POWEROFF', 'disk-attach', one, '--file', file);
    await cloud.change('RUNNING', 'resume', one);
    const [disk = ''] = (await cloud.inside(one, 'ls /media')).split('\n');
    await cloud.inside(one, `echo kept >/media/${disk}/file`);
    await cloud.change('POWEROFF', 'poweroff', one);
    await cloud.change('POWEROFF', 'disk-detach', one, disk);
    await cloud.change('RUNNING', 'resume', one);
    expect(await cloud.inside(one, 'ls /media')).toBe('');
  });

  it('grow while they are used, and while the VM is off', async () => {
    const sizeMb = async () => Number(await cloud.inside(other, "df -m /media/2 | awk 'END { print $2 }'"));
    const small = await sizeMb();
    await cloud.change('RUNNING', 'disk-resize', other, '2', '64');
    const larger = await sizeMb();
    expect(larger).toBeGreaterThan(small * 2);
    await cloud.change('POWEROFF', 'poweroff', other);
    await cloud.change('POWEROFF', 'disk-resize', other, '2', '128');
    await cloud.change('RUNNING', 'resume', other);
    expect(await sizeMb()).toBeGreaterThan(larger * 1.5);
    expect(await cloud.inside(other, 'cat /media/2/note')).toBe('from one');
  });

  it('that a process uses cannot be taken away, and the VM says so', async () => {
    await cloud.sandbox.on(
      'host-2',
      'docker',
      'exec',
      '--detach',
      `one-${other.id}`,
      'sh',
      '-c',
      'exec sleep 600 >/media/2/open',
    );
    await cloud.change('RUNNING', 'disk-detach', other, '2');
    expect(await cloud.failed(other)).toContain('/media/2 is in use');
    expect(await cloud.inside(other, 'cat /media/2/note')).toBe('from one');
  });

  it('that cannot be mounted are refused, and leave nothing', async () => {
    await cloud.change('RUNNING', 'disk-attach', one, '--image', 'sample');
    expect(await cloud.failed(one)).toContain('is a container image, but not its first disk');
    expect(
      await cloud.sandbox.on(
        'host-1',
        'sh',
        '-c',
        `ls /var/lib/one/datastores/0/${one.id} | grep -c disk[.][^01]$ || true`,
      ),
    ).toBe('0');
    expect(await cloud.inside(one, 'echo alive')).toBe('alive');
  });

  it('leave nothing on the hosts, and their images as they were', async () => {
    await cloud.terminate(one, other);
    for (const host of ['host-1', 'host-2']) expect(await cloud.leftovers(host)).toBe('');
    for (const image of (await cloud.client.imagepool.info()).objects) expect(image.state).toBe('READY');
  });
});
