/**
 * `onemarketapp vm-template import` and `vm import`: a VM template is offered as an app, and the images of its disks as
 * further ones (template_ext.rb, 7.4). Apps are deleted again when a later step fails.
 */
import { randomBytes } from 'node:crypto';
import type { Client } from '../../../opennebula/client/client.ts';
import type { OwnedDocument } from '../../../opennebula/client/document.ts';
import type { Image } from '../../../opennebula/client/views.ts';
import { waitForImage } from '../../../opennebula/client/wait.ts';
import { IMAGE_TYPE } from '../../../opennebula/numbers.ts';
import { nameOf } from '../../../opennebula/tables.ts';
import { printTemplate, Template, templateFromXml, type Vector } from '../../../opennebula/template.ts';
import { find } from '../../../opennebula/xml.ts';
import { type Command, command, required } from '../command.ts';
import { intFormat } from '../formats.ts';
import { OPENNEBULA_VERSION } from '../help.ts';
import { template as vmTemplate } from '../onetemplate/template.ts';
import { saveAsTemplate } from '../onevm/save.ts';
import { vm } from '../onevm/vm.ts';
import { flag, integer } from '../option.ts';
import { Refusal } from '../refusal.ts';
import { fetchDocument } from '../resource.ts';
import type { AnyOption, Run } from '../run.ts';
import { NO_SERVICES, VM_NAME } from './export.ts';

const YES = flag({ name: 'yes', long: '--yes', help: 'Offer the images of its disks too' });
const NO = flag({ name: 'no', long: '--no', help: 'Offer the VM template without disks' });
const MARKET = integer({ name: 'market', long: '--market', argument: 'market_id', help: 'Marketplace to offer it in' });
const OPTIONS: readonly AnyOption[] = [YES, NO, MARKET, VM_NAME];

export const importCommands: readonly Command[] = [
  command({
    name: 'vm-template import',
    help: 'Offers a VM template, and the images of its disks, in a marketplace. What is not said by options is asked.',
    args: [required(vmTemplate.id)],
    options: OPTIONS,
    run: importTemplate,
  }),
  command({
    name: 'vm import',
    help: 'Saves a VM as a VM template, and offers that in a marketplace.\nStates: POWEROFF',
    args: [required(vm.id)],
    options: OPTIONS,
    run: async (run, id) => {
      const document = await fetchDocument(run, 'one.vm.info', id, false);
      const templateId = await saveAsTemplate(run.client, document, `${document.get('NAME')}-saved`, false);
      await importTemplate(run, templateId);
      run.print();
      run.print(`To delete saved template use: \`onetemplate delete ${templateId} --recursive\``);
    },
  }),
  command({
    name: 'service-template import',
    help: 'Would offer a template of a service, which is OneFlow’s: this tool does not speak OneFlow.',
    args: [required(intFormat('service_template_id', 'Service template id'))],
    options: OPTIONS,
    run: async () => {
      throw new Refusal(NO_SERVICES);
    },
  }),
];

async function importTemplate(run: Run, templateId: number): Promise<void> {
  const markets = await takingMarkets(run.client);
  const template = await run.client.template.info(templateId);
  const withImages = await wantsImages(run);
  const marketId = await chosenMarket(run, markets);
  const ids = await offerTemplate(run.client, template, { marketId, withImages, name: run.get(VM_NAME) });
  for (const id of ids) run.print(`ID: ${id}`);
}

/** Drivers of marketplaces that take apps; the others belong to somebody else. */
const TAKING = ['http', 's3', 'dummy'];

async function takingMarkets(client: Client): Promise<OwnedDocument[]> {
  const markets = (await client.marketpool.info()).objects.filter((market) =>
    TAKING.includes(market.text('MARKET_MAD')),
  );
  if (markets.length === 0) throw new Refusal(`There are no ${TAKING.join('/')} marketplaces`);
  return markets.toSorted((a, b) => a.id - b.id);
}

async function wantsImages(run: Run): Promise<boolean> {
  if (run.has(YES) || run.has(NO)) return run.has(YES);
  for (;;) {
    const answer = await run.io.ask('Do you want to import images too? (yes/no, default=yes): ');
    if (/^(yes|no|)$/i.test(answer)) return answer.toLowerCase() !== 'no';
  }
}

async function chosenMarket(run: Run, markets: readonly OwnedDocument[]): Promise<number> {
  const exists = (id: number | undefined) => markets.some((market) => market.id === id);
  let id = run.get(MARKET);
  if (id === undefined) {
    run.print('\nAvailable Marketplaces (please enter ID)');
    for (const market of markets) run.print(`- ${market.id}: ${market.name}`);
    run.print();
  }
  const initial = markets[0]?.id as number;
  while (id === undefined || !exists(id)) {
    const answer = await run.io.ask(`Where do you want to import the VM template? (default=${initial})`);
    id = answer === '' ? initial : Number(answer);
  }
  return id;
}

interface Wishes {
  readonly marketId: number;
  readonly withImages: boolean;
  /** Of the app; the template's with a suffix unless given. */
  readonly name: string | undefined;
}

/** @returns the apps that were made, that of the template last */
async function offerTemplate(client: Client, offered: OwnedDocument, wishes: Wishes): Promise<number[]> {
  const { marketId, withImages, name = unlike(offered.name) } = wishes;
  const template = templateFromXml(find(offered.element, 'TEMPLATE') ?? offered.element);
  const disks = template.vectors('DISK');
  template.delete('DISK');
  makeNicsAutomatic(template);
  const ids: number[] = [];
  try {
    const app = new Template([
      ['NAME', name],
      ['ORIGIN_ID', '-1'],
      ['TYPE', 'VMTEMPLATE'],
      ['VERSION', OPENNEBULA_VERSION],
      ['APPTEMPLATE64', base64(template)],
    ]);
    for (const [i, disk] of withImages ? disks.entries() : []) {
      const image = await imageOf(client, disk, offered.text('UNAME'));
      if (!image) continue;
      const imageApp = appOfImage(image);
      ids.push(await client.marketapp.allocate(printTemplate(imageApp), marketId));
      app.add('DISK', { NAME: `${nameOf(IMAGE_TYPE, image.number('TYPE'))}_${i}`, APP: imageApp.get('NAME') ?? '' });
    }
    ids.push(await client.marketapp.allocate(printTemplate(app), marketId));
    return ids;
  } catch (error) {
    await Promise.allSettled(ids.map((id) => client.marketapp.delete(id)));
    throw error;
  }
}

/** The image of a disk; none for a volatile one. */
async function imageOf(client: Client, disk: Vector, owner: string): Promise<Image | undefined> {
  const { IMAGE_ID: id, IMAGE: name, IMAGE_UNAME: uname = owner } = disk;
  if (id === undefined && name === undefined) return undefined;
  const found =
    id === undefined
      ? (await client.imagepool.info()).objects.find((image) => image.name === name && image.text('UNAME') === uname)
      : await client.image.info(Number(id));
  if (!found) throw new Refusal(`Image ${name} not found`);
  if (found.state !== 'USED' && found.state !== 'LOCKED' && found.state !== 'READY') {
    throw new Refusal(`Image ${found.id} is ${found.state}; an image can be offered that is READY or USED.`);
  }
  return found.state === 'LOCKED' ? waitForImage(client, found.id, 'READY') : found;
}

function appOfImage(image: Image): Template {
  const contents = new Template([['TYPE', nameOf(IMAGE_TYPE, image.number('TYPE')) ?? 'OS']]);
  const prefix = image.text('TEMPLATE/DEV_PREFIX');
  if (prefix !== '') contents.set('DEV_PREFIX', prefix);
  return new Template([
    ['NAME', unlike(image.name)],
    ['ORIGIN_ID', String(image.id)],
    ['TYPE', 'IMAGE'],
    ['VERSION', OPENNEBULA_VERSION],
    ['APPTEMPLATE64', base64(contents)],
  ]);
}

/** Networks of this cloud mean nothing elsewhere: the scheduler is to choose. It cannot for NICs with aliases. */
function makeNicsAutomatic(template: Template): void {
  const hasAliases = template.has('NIC_ALIAS');
  for (const nic of template.vectors('NIC')) {
    if (nic.NETWORK === undefined && nic.NETWORK_ID === undefined) continue;
    if (hasAliases) nic.MARKET = 'YES';
    else nic.NETWORK_MODE = 'auto';
    for (const name of NETWORK_ATTRIBUTES) delete nic[name];
  }
  for (const alias of template.vectors('NIC_ALIAS')) for (const name of NETWORK_ATTRIBUTES) delete alias[name];
}

const NETWORK_ATTRIBUTES = ['NETWORK', 'NETWORK_ID', 'NETWORK_UNAME', 'SECURITY_GROUPS'];

/** Names of apps of one owner differ, and the same image may be offered twice. */
function unlike(name: string): string {
  return `${name}-${randomBytes(5).toString('hex')}`;
}

function base64(template: Template): string {
  return Buffer.from(printTemplate(template)).toString('base64');
}
