/** oneimage: images of disks, and files. */
import { IMAGE_TYPE } from '../../opennebula/numbers.ts';
import { command, type Format, optional, required, type Tool } from './command.ts';
import { createText } from './create.ts';
import { DATASTORE } from './datastore-option.ts';
import { FILE, RANGE, textFormat } from './formats.ts';
import { partFormat } from './lookup.ts';
import { DRY, IMAGE_FLAGS, IMAGE_TYPES, imageTemplate, NAME } from './oneimage/image-flags.ts';
import { imagePage, imageTable } from './oneimage/image-page.ts';
import { fetchVms } from './onevm/related-vms.ts';
import { flag, integer } from './option.ts';
import { FORCE } from './options/force.ts';
import { orphans } from './orphans.ts';
import { Refusal } from './refusal.ts';
import { fetchDocument, resource } from './resource.ts';
import type { Run } from './run.ts';
import { forEach, once } from './verbs/each.ts';
import { listCommands, membersOf } from './verbs/list.ts';
import { lockCommands, ownerCommands, plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const image = resource('IMAGE', 'image', 'image', 'imageid');
const { kind } = image;

const NO_CHECK_CAPACITY = flag({
  name: 'no_check_capacity',
  long: '--no_check_capacity',
  help: 'Do not ask whether the datastore has room; for administrators',
});
const BACKUP = flag({ name: 'backup', long: '--backup', help: 'List backups only' });
const NO_IP = flag({ name: 'no_ip', long: '--no_ip', help: 'Do not keep addresses of NICs' });
const NO_NIC = flag({ name: 'no_nic', long: '--no_nic', help: 'Do not keep networks of NICs' });
const INCREMENT = integer({
  name: 'increment',
  long: '--increment',
  argument: 'increment_id',
  help: 'Increment to restore, the last one when not given',
});
const DISK_ID = integer({ name: 'disk_id', long: '--disk-id', argument: 'disk_id', help: 'Restore this disk only' });

const TYPE: Format<string> = {
  name: 'type',
  help: `Image type: ${IMAGE_TYPES.join(', ')}`,
  read: (typed) => {
    const type = typed.trim().toUpperCase();
    if (!IMAGE_TYPES.includes(type)) throw new Refusal(`Image type not supported. Must be ${IMAGE_TYPES.join(', ')}.`);
    return type;
  },
};

const SNAPSHOT_ID = partFormat(
  { name: 'snapshot_id', help: 'Snapshot name or id' },
  'image',
  'SNAPSHOTS/SNAPSHOT',
  'ID',
  (text) => `${text} not found or duplicated`,
);

const create = command({
  name: 'create',
  help: [
    'Creates an image from a template, in a file or piped in, or from flags:',
    '  oneimage create -d default web.tmpl',
    '  oneimage create -d onedock --name web --path docker://nginx:latest',
    '  oneimage create -d default --name data --type DATABLOCK --size 400 --fs ext4',
  ].join('\n'),
  args: [optional(FILE)],
  options: [DATASTORE, NO_CHECK_CAPACITY, NAME, ...IMAGE_FLAGS],
  run: async (run, file) => {
    const datastoreId = run.get(DATASTORE);
    if (datastoreId === undefined && !run.has(DRY)) {
      throw new Refusal('Datastore to save the image is mandatory: \n\t -d datastore_id');
    }
    const template = await createText(run, file, IMAGE_FLAGS, () => imageTemplate(run));
    if (datastoreId === undefined || run.has(DRY)) run.print(template.replace(/\n$/, ''));
    else run.print(`ID: ${await run.client.image.allocate(template, datastoreId, run.has(NO_CHECK_CAPACITY))}`);
  },
});

const clone = command({
  name: 'clone',
  help: 'Creates an image as a copy of another one, in its datastore or the one given.',
  args: [required(image.id), required(textFormat('name'))],
  options: [DATASTORE],
  run: (run, id, name) =>
    once(run, id, { kind, done: 'cloning' }, async () => {
      run.print(`ID: ${await run.client.image.clone(id, name, run.get(DATASTORE))}`);
    }),
});

const deleteImages = command({
  name: 'delete',
  help: 'Deletes images.',
  args: [required(RANGE, image.idList)],
  options: [FORCE],
  run: (run, ids) => forEach(run, ids, { kind, done: 'deleting' }, (id) => run.client.image.delete(id, run.has(FORCE))),
});

const chtype = command({
  name: 'chtype',
  help: 'Changes the type of images.',
  args: [required(RANGE, image.idList), required(TYPE)],
  run: (run, ids, type) => forEach(run, ids, { kind, done: 'Type changed' }, (id) => run.client.image.chtype(id, type)),
});

function snapshotCommand(
  name: string,
  help: string,
  done: string,
  act: (run: Run, id: number, snapshot: number) => Promise<unknown>,
) {
  return command({
    name,
    help,
    args: [required(image.id), required(SNAPSHOT_ID)],
    run: (run, id, snapshot) => once(run, id, { kind, done }, () => act(run, id, snapshot)),
  });
}

const restore = command({
  name: 'restore',
  help: 'Makes images and a VM template from a backup.',
  args: [required(image.id)],
  options: [DATASTORE, NO_NIC, NO_IP, NAME, INCREMENT, DISK_ID],
  run: (run, id) =>
    once(run, id, { kind, done: 'vm backup restored' }, async () => {
      const datastoreId = run.get(DATASTORE);
      if (datastoreId === undefined) {
        throw new Refusal('Datastore to restore the backup is mandatory: \n\t -d datastore_id | name');
      }
      const wishes = [
        run.has(NO_NIC) ? 'NO_NIC="YES"\n' : '',
        run.has(NO_IP) ? 'NO_IP="YES"\n' : '',
        run.has(NAME) ? `NAME="${run.get(NAME)}"\n` : '',
        run.has(INCREMENT) ? `INCREMENT_ID="${run.get(INCREMENT)}"\n` : '',
        run.has(DISK_ID) ? `DISK_ID="${run.get(DISK_ID)}"\n` : '',
      ];
      const [template, ...images] = (await run.client.image.restore(id, datastoreId, wishes.join(''))).split(' ');
      if (template && template !== '-1') run.print(`VM Template: ${template}`);
      if (images.length > 0) run.print(`Images: ${images.join(' ')}`);
    }),
});

const listOrphans = command({
  name: 'orphans',
  help: 'Lists the images that no VM template uses.',
  run: async (run) => {
    const images = membersOf(await fetchDocument(run, 'one.imagepool.info', -2, -1, -1));
    const templates = await fetchDocument(run, 'one.templatepool.info', -2, -1, -1);
    const candidates = images.filter((candidate) => candidate.int('TYPE') !== IMAGE_TYPE.BACKUP);
    for (const id of orphans(candidates, templates, 'DISK', 'IMAGE')) run.print(id);
  },
});

export const oneimage: Tool = {
  name: 'oneimage',
  commands: [
    create,
    clone,
    deleteImages,
    plainVerb(
      image,
      {
        name: 'persistent',
        help: 'Makes images persistent: one VM at a time, which writes to it.',
        done: 'made persistent',
      },
      ({ client }, id) => client.image.persistent(id, true),
    ),
    plainVerb(
      image,
      { name: 'nonpersistent', help: 'Makes images non persistent: VMs get copies.', done: 'made non persistent' },
      ({ client }, id) => client.image.persistent(id, false),
    ),
    plainVerb(image, { name: 'enable', help: 'Enables images.', done: 'enabled' }, ({ client }, id) =>
      client.image.enable(id, true),
    ),
    plainVerb(
      image,
      { name: 'disable', help: 'Disables images: no VM can use one.', done: 'disabled' },
      ({ client }, id) => client.image.enable(id, false),
    ),
    chtype,
    snapshotCommand(
      'snapshot-delete',
      'Deletes a snapshot of an image.',
      'deleting snapshot',
      ({ client }, id, snapshot) => client.image.snapshotdelete(id, snapshot),
    ),
    snapshotCommand(
      'snapshot-revert',
      'Sets an image back to a snapshot.',
      'reverting image state',
      ({ client }, id, snapshot) => client.image.snapshotrevert(id, snapshot),
    ),
    snapshotCommand(
      'snapshot-flatten',
      'Makes an image of a snapshot and deletes all others.',
      'flattening snapshot',
      ({ client }, id, snapshot) => client.image.snapshotflatten(id, snapshot),
    ),
    restore,
    listOrphans,
    ...ownerCommands(image),
    ...lockCommands(image, 'Image'),
    renameCommand(image),
    updateCommand(image),
    ...listCommands({
      title: image.title,
      table: imageTable,
      fetch: (run, filterFlag) => fetchDocument(run, 'one.imagepool.info', filterFlag, -1, -1),
      keep: (run, document) => !run.has(BACKUP) || document.int('TYPE') === IMAGE_TYPE.BACKUP,
      hasFilterFlag: true,
      hasTop: true,
      options: [BACKUP],
    }),
    showCommand({
      resource: image,
      page: async (document, run) => {
        const vms = document.isFilled('VMS') ? await fetchVms(run) : undefined;
        return imagePage(document, vms, run.io.now());
      },
    }),
  ],
};
