/**
 * `onemarketapp export`: what an app offers is made in this cloud, an image or a VM template with its images
 * (marketplaceapp_ext.rb, 7.4). What was made is deleted again when a later step fails.
 */
import type { Client } from '../../../opennebula/client/client.ts';
import { UPDATE } from '../../../opennebula/client/constants.ts';
import type { OwnedDocument } from '../../../opennebula/client/document.ts';
import { APP_STATE, APP_TYPE, DATASTORE_TYPE, IMAGE_TYPE } from '../../../opennebula/numbers.ts';
import { nameOf } from '../../../opennebula/tables.ts';
import { parseTemplate, printTemplate, Template, templateFromXml } from '../../../opennebula/template.ts';
import { find, findAll, findText } from '../../../opennebula/xml.ts';
import { command, required } from '../command.ts';
import { DATASTORE } from '../datastore-option.ts';
import { textFormat } from '../formats.ts';
import { findId } from '../names.ts';
import { converted, flag, integer, text } from '../option.ts';
import { Refusal } from '../refusal.ts';
import { once } from '../verbs/each.ts';
import { app } from './app.ts';

const FILE_DATASTORE = converted(
  {
    name: 'file_datastore',
    long: '--file-datastore',
    argument: 'id|name',
    help: 'Selects the datastore for kernels and other files',
  },
  (typed, run) => findId(run, 'DATASTORE', typed),
);
export const VM_NAME = text({
  name: 'vmname',
  long: '--vmname',
  argument: 'name',
  help: 'Name of the VM template, where there is one',
});
const NO = flag({ name: 'no', long: '--no', help: 'Make the image only, not the VM template that belongs to it' });
const TEMPLATE = integer({
  name: 'template',
  long: '--template',
  argument: 'template_id',
  help: 'Make a copy of this VM template with the image as its disk',
});

export const exportApp = command({
  name: 'export',
  help: ['Makes what an app offers in this cloud:', '  onemarketapp export alpine my-alpine -d default'].join('\n'),
  args: [required(app.id), required(textFormat('name'))],
  options: [DATASTORE, FILE_DATASTORE, VM_NAME, NO, TEMPLATE],
  run: (run, id, name) =>
    once(run, id, { kind: app.kind, done: 'exporting' }, async () => {
      const datastoreId = run.get(DATASTORE);
      if (datastoreId === undefined) throw new Refusal('Missing datastore id');
      const made = await makeApp(run.client, await run.client.marketapp.info(id), {
        name,
        datastoreId,
        fileDatastoreId: run.get(FILE_DATASTORE),
        vmName: run.get(VM_NAME) ?? name,
        withTemplate: !run.has(NO),
        templateId: run.get(TEMPLATE),
      });
      for (const [title, ids] of [['IMAGE', made.imageIds] as const, ['VMTEMPLATE', made.templateIds] as const]) {
        if (ids.length > 0) run.print(title);
        for (const madeId of ids) run.print(`    ID: ${madeId}`);
      }
    }),
});

interface Wishes {
  /** Of the image, or of the VM template that the app is. */
  readonly name: string;
  readonly datastoreId: number;
  /** The first datastore for files unless given. */
  readonly fileDatastoreId: number | undefined;
  /** Of the VM template that comes with an image. */
  readonly vmName: string;
  readonly withTemplate: boolean;
  /** A VM template that is copied for the image, in place of the app's own; -1 for none. */
  readonly templateId: number | undefined;
}

interface Made {
  readonly imageIds: readonly number[];
  readonly templateIds: readonly number[];
}

const MAKERS = { IMAGE: makeImageApp, VMTEMPLATE: makeTemplateApp };

function makeApp(client: Client, offer: OwnedDocument, wishes: Wishes): Promise<Made> {
  if (offer.number('STATE') !== APP_STATE.READY) throw new Refusal('App is not READY');
  const type = nameOf(APP_TYPE, offer.number('TYPE')) ?? 'UNKNOWN';
  if (type === 'SERVICE_TEMPLATE') throw new Refusal(NO_SERVICES);
  if (type === 'UNKNOWN') throw new Refusal(`App type ${type} not supported`);
  return MAKERS[type](client, offer, wishes);
}

export const NO_SERVICES = 'Templates of services belong to OneFlow, which this tool does not speak.';

async function makeImageApp(client: Client, offer: OwnedDocument, wishes: Wishes): Promise<Made> {
  const { id } = await makeImage(client, offer, wishes);
  const { withTemplate, templateId, vmName } = wishes;
  const encoded = offer.text('TEMPLATE/VMTEMPLATE64');
  if (encoded === '' || !withTemplate || templateId === -1) return { imageIds: [id], templateIds: [] };
  return undoneOnFailure(client, [id], async () => {
    const disk = { IMAGE_ID: String(id) };
    if (templateId !== undefined) {
      const copyId = await client.template.clone(templateId, vmName);
      await client.template.update(copyId, printTemplate(new Template([['DISK', disk]])), UPDATE.APPEND);
      return { imageIds: [id], templateIds: [copyId] };
    }
    const template = decoded(encoded).set('NAME', vmName).add('DISK', disk);
    return { imageIds: [id], templateIds: [await client.template.allocate(printTemplate(template))] };
  });
}

/** Each app that the disks name becomes an image; disks that name the same one share it. */
async function makeTemplateApp(client: Client, offer: OwnedDocument, wishes: Wishes): Promise<Made> {
  const encoded = offer.text('APPTEMPLATE64');
  if (encoded === '') throw new Refusal(`Missing APPTEMPLATE64 for App ${offer.id}`);
  const disks = findAll(offer.element, 'TEMPLATE/DISK').map((disk) => ({
    name: findText(disk, 'NAME') ?? '',
    app: findText(disk, 'APP') ?? '',
  }));
  const apps = (await client.marketapppool.info()).objects;
  const taken = new Set((await client.imagepool.info()).objects.map((image) => image.name));
  const images = new Map<string, MadeImage>();
  const imageIds: number[] = [];
  return undoneOnFailure(client, imageIds, async () => {
    for (const disk of disks) {
      if (images.has(disk.app)) continue;
      const found = apps.find(({ name }) => name === disk.app);
      if (!found) throw new Refusal(`App \`${disk.app}\` not found`);
      const name = freeName(taken, [wishes.name, disk.app, disk.name, images.size].join('-'));
      const image = await makeImage(client, await client.marketapp.info(found.id), { ...wishes, name });
      images.set(disk.app, image);
      imageIds.push(image.id);
    }
    const template = decoded(encoded).set('NAME', wishes.name);
    for (const { app: appName } of disks) plug(template, images.get(appName) as MadeImage);
    return { imageIds, templateIds: [await client.template.allocate(printTemplate(template))] };
  });
}

function freeName(taken: ReadonlySet<string>, wanted: string): string {
  let name = wanted;
  for (let i = 0; taken.has(name); i++) name = `${wanted}_${i}`;
  return name;
}

interface MadeImage {
  readonly id: number;
  readonly type: keyof typeof IMAGE_TYPE;
}

/** The image as a disk, or a file as the kernel or among those of the context. */
function plug(template: Template, { id, type }: MadeImage): void {
  const file = `$FILE[IMAGE_ID=${id}]`;
  if (type === 'KERNEL') template.set('OS', { ...template.vector('OS'), KERNEL_DS: file });
  else if (type === 'RAMDISK') template.set('OS', { ...template.vector('OS'), INITRD_DS: file });
  else if (type === 'CONTEXT') {
    const context = template.vector('CONTEXT');
    template.set('CONTEXT', { ...context, FILES_DS: [context?.FILES_DS, file].filter(Boolean).join(' ') });
  } else template.add('DISK', { IMAGE_ID: String(id) });
}

const FILE_TYPES = ['KERNEL', 'RAMDISK', 'CONTEXT'];

async function makeImage(client: Client, offer: OwnedDocument, wishes: Wishes): Promise<MadeImage> {
  const template = decoded(offer.text('APPTEMPLATE64')).set('NAME', wishes.name).set('FROM_APP', String(offer.id));
  const isFile = FILE_TYPES.includes(template.get('TYPE')?.toUpperCase() ?? '');
  const datastoreId = isFile ? (wishes.fileDatastoreId ?? (await firstFileDatastore(client))) : wishes.datastoreId;
  const id = await client.image.allocate(printTemplate(template), datastoreId);
  const image = await client.image.info(id);
  // How the blocks are kept is the matter of the datastore, which is not that of the marketplace.
  const kept = templateFromXml(find(image.element, 'TEMPLATE') ?? image.element)
    .delete('FORMAT')
    .delete('DRIVER');
  await client.image.update(id, printTemplate(kept));
  return { id, type: nameOf(IMAGE_TYPE, image.number('TYPE')) ?? 'OS' };
}

async function firstFileDatastore(client: Client): Promise<number> {
  const found = (await client.datastorepool.info()).objects
    .filter(({ type }) => DATASTORE_TYPE[type] === DATASTORE_TYPE.FILE_DS)
    .map(({ id }) => id);
  if (found.length === 0) throw new Refusal('There is no datastore for files.');
  return Math.min(...found);
}

function decoded(base64: string): Template {
  return parseTemplate(Buffer.from(base64, 'base64').toString('utf8'));
}

/** @param imageIds  deleted when `make` fails */
async function undoneOnFailure<T>(client: Client, imageIds: readonly number[], make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    await Promise.allSettled(imageIds.map((id) => client.image.delete(id)));
    throw error;
  }
}
