/** Verbs on the disks of VMs. */
import { type Command, command, type Format, required } from '../command.ts';
import { textFormat } from '../formats.ts';
import { findId } from '../names.ts';
import { converted, text } from '../option.ts';
import { TEMPLATE_FILE } from '../options/template-file.ts';
import { Refusal } from '../refusal.ts';
import { fetchDocument } from '../resource.ts';
import type { Run } from '../run.ts';
import { megabytes } from '../size-text.ts';
import { once } from '../verbs/each.ts';
import { deviceText } from './device-text.ts';
import { DISK_ID, DISK_SNAPSHOT_ID } from './disk-snapshot-commands.ts';
import { vm } from './vm.ts';

const { kind } = vm;

const IMAGE = converted(
  { name: 'image', short: '-i', long: '--image', argument: 'id|name', help: 'Image to attach' },
  (typed, run) => findId(run, 'IMAGE', typed),
);

const TARGET = text({ name: 'target', short: '-t', long: '--target', argument: 'target', help: 'Device name for it' });

const PREFIX = text({ name: 'prefix', long: '--prefix', argument: 'prefix', help: 'Beginning of its device name' });

const CACHE = text({ name: 'cache', long: '--cache', argument: 'cache_mode', help: 'How the hypervisor caches it' });

const DISCARD = text({
  name: 'discard',
  long: '--discard',
  argument: 'discard_mode',
  help: 'Discard: ignore or unmap',
});

const TYPE = text({ name: 'type', short: '-t', long: '--type', argument: 'type', help: 'Type of the new image' });

const SNAPSHOT = text({
  name: 'snapshot',
  short: '-s',
  long: '--snapshot',
  argument: 'snapshot',
  help: 'Snapshot to save, in place of the present contents',
});

const SIZE: Format<number> = {
  name: 'size',
  help: 'Disk size in MiB, or with G or T',
  read: (typed) => megabytes(typed, { malformed: 'Size value malformed', terabytes: true, round: Math.ceil }),
};

const diskAttach = command({
  name: 'disk-attach',
  help: 'Attaches a disk to a VM: an image, or what a template with one DISK says.\nStates: RUNNING, POWEROFF',
  args: [required(vm.id)],
  options: [TEMPLATE_FILE, IMAGE, TARGET, CACHE, DISCARD, PREFIX],
  run: async (run, id) => {
    const disk = await deviceText(run, () => diskText(run));
    return once(run, id, { kind, done: 'Attaching disk' }, () => run.client.vm.attach(id, disk));
  },
});

function diskText(run: Run): string {
  if (!run.has(IMAGE)) {
    throw new Refusal('Provide a template or an image:\n\t--file  <file>\n\t--image <image>');
  }
  const attributes = [
    `IMAGE_ID = ${run.get(IMAGE)}`,
    run.has(TARGET) ? `TARGET = ${run.get(TARGET)}` : run.has(PREFIX) ? `DEV_PREFIX = ${run.get(PREFIX)}` : [],
    run.has(CACHE) ? `CACHE = "${run.get(CACHE)}"` : [],
    run.has(DISCARD) ? `DISCARD = "${run.get(DISCARD)}"` : [],
  ];
  return `DISK = [ ${attributes.flat().join(', ')} ]`;
}

const diskDetach = command({
  name: 'disk-detach',
  help: 'Detaches a disk from a VM.\nStates: RUNNING, POWEROFF',
  args: [required(vm.id), required(DISK_ID)],
  run: (run, id, diskId) => once(run, id, { kind, done: 'Detaching disk' }, () => run.client.vm.detach(id, diskId)),
});

const diskResize = command({
  name: 'disk-resize',
  help: 'Makes a disk of a VM larger. Sizes are in MiB, or with G or T.\nStates: RUNNING, POWEROFF',
  args: [required(vm.id), required(DISK_ID), required(SIZE)],
  run: (run, id, diskId, size) =>
    once(run, id, { kind, done: 'resizing disk' }, async () => {
      const document = await fetchDocument(run, 'one.vm.info', id, false);
      const disk = document.all('TEMPLATE/DISK').find((candidate) => candidate.int('DISK_ID') === diskId);
      const present = disk?.int('SIZE') ?? 0;
      if (size <= present) throw new Refusal(`New size '${size}' must be larger than current size '${present}'`);
      await run.client.vm.diskresize(id, diskId, String(size));
    }),
});

const diskSaveAs = command({
  name: 'disk-saveas',
  help: 'Saves a disk of a VM as a new image, which is there at once and filled meanwhile.\nStates: any but DONE',
  args: [required(vm.id), required(DISK_ID), required(textFormat('img_name'))],
  options: [TYPE, SNAPSHOT],
  run: async (run, id, diskId, name) => {
    const wanted = run.get(SNAPSHOT);
    const snapshotId = wanted ? ((await DISK_SNAPSHOT_ID.read(wanted, run, [id])) ?? -1) : -1;
    const what = snapshotId === -1 ? `disk ${diskId}` : `disk ${diskId} snapshot ${snapshotId}`;
    return once(run, id, { kind, done: `${what} prepared to be saved in the image ${name}` }, async () => {
      run.print(`Image ID: ${await run.client.vm.disksaveas(id, diskId, name, run.get(TYPE), snapshotId)}`);
    });
  },
});

export const diskCommands: readonly Command[] = [diskAttach, diskDetach, diskResize, diskSaveAs];
