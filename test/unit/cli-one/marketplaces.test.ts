/** Pages and lists of marketplaces and their apps, and what becomes of apps in a cloud. */
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../src/opennebula/template.ts';
import type { XmlRpcValue } from '../../../src/opennebula/xmlrpc.ts';
import type { Answers } from '../../support/stub-frontend.ts';
import { inUtc } from './in-utc.ts';
import { type } from './type.ts';

inUtc();

type Calls = readonly (readonly XmlRpcValue[])[];

const heading = (text: string) => text.padEnd(80);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const decode = (text = '') => Buffer.from(text, 'base64').toString();
const OWNED =
  '<UID>0</UID><GID>0</GID><UNAME>oneadmin</UNAME><GNAME>oneadmin</GNAME><PERMISSIONS><OWNER_U>1</OWNER_U><OWNER_M>1</OWNER_M></PERMISSIONS>';
const AT = Date.UTC(2026, 10, 3, 16, 42, 55) / 1000;

const MARKET = `<MARKETPLACE><ID>100</ID>${OWNED}<NAME>public</NAME><STATE>0</STATE><MARKET_MAD>http</MARKET_MAD><ZONE_ID>0</ZONE_ID><TOTAL_MB>2048</TOTAL_MB><FREE_MB>512</FREE_MB><USED_MB>1536</USED_MB><MARKETPLACEAPPS><ID>3</ID><ID>4</ID></MARKETPLACEAPPS><TEMPLATE><BASE_URL>http://m</BASE_URL></TEMPLATE></MARKETPLACE>`;
const MARKETS = `<MARKETPLACE_POOL>${MARKET}<MARKETPLACE><ID>0</ID><NAME>theirs</NAME><STATE>1</STATE><MARKET_MAD>one</MARKET_MAD><ZONE_ID>0</ZONE_ID><TEMPLATE/></MARKETPLACE></MARKETPLACE_POOL>`;

interface App {
  readonly id?: number;
  readonly name?: string;
  readonly state?: number;
  readonly kind?: number;
  readonly contents?: string;
  readonly template?: string;
}

function appOf({ id = 3, name = 'tiny', state = 1, kind = 1, contents = 'TYPE=OS', template = '' }: App = {}): string {
  return `<MARKETPLACEAPP><ID>${id}</ID>${OWNED}<NAME>${name}</NAME><REGTIME>${AT}</REGTIME><ZONE_ID>0</ZONE_ID><ORIGIN_ID>7</ORIGIN_ID><SOURCE>http://m/f</SOURCE><MD5>0123</MD5><SIZE>1536</SIZE><DESCRIPTION>small</DESCRIPTION><VERSION>1.0</VERSION><FORMAT>raw</FORMAT><APPTEMPLATE64>${base64(contents)}</APPTEMPLATE64><MARKETPLACE>public</MARKETPLACE><STATE>${state}</STATE><TYPE>${kind}</TYPE><TEMPLATE><ARCHITECTURE>x86_64</ARCHITECTURE>${template}</TEMPLATE></MARKETPLACEAPP>`;
}

describe('onemarket', () => {
  it('lists marketplaces', async () => {
    const { stdout } = await type('onemarket list', { 'one.marketpool.info': MARKETS });
    expect(stdout.split('\n')).toEqual([
      '  ID NAME                  SIZE AVAIL        APPS MAD     ZONE STAT',
      ' 100 public                  2G 25%             2 http       0 on',
      '   0 theirs                  0M -               0 one        0 off',
      '',
    ]);
  });

  it('shows one', async () => {
    const { stdout } = await type('onemarket show 100', { 'one.market.info': MARKET });
    expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      'MARKETPLACE 100 INFORMATION',
      'ID             : 100',
      'NAME           : public',
      'USER           : oneadmin',
      'GROUP          : oneadmin',
      'STATE          : ENABLED',
      'MARKET_MAD     : http',
      '',
      'MARKETPLACE CAPACITY',
      'TOTAL:         : 2G',
      'FREE:          : 512M',
      'USED:          : 1.5G',
      '',
      'PERMISSIONS',
      'OWNER          : um-',
      'GROUP          : ---',
      'OTHER          : ---',
      '',
      'MARKETPLACE TEMPLATE',
      'BASE_URL="http://m"',
      '',
      'MARKETAPPS',
      '3',
      '4',
      '',
    ]);
  });
});

describe('onemarketapp', () => {
  it('lists apps', async () => {
    const { stdout, calls } = await type('onemarketapp list m', {
      'one.marketapppool.info': `<MARKETPLACEAPP_POOL>${appOf()}</MARKETPLACEAPP_POOL>`,
    });
    expect(stdout.split('\n')).toEqual([
      '  ID NAME                    VERSION  SIZE    ARCH HYPERVISOR STAT TYPE  REGTIME MARKET     ZONE',
      '   3 tiny                        1.0  1.5G  x86_64             rdy  img 11/03/26 public        0',
      '',
    ]);
    expect(calls).toEqual([['one.marketapppool.info', -3, -1, -1]]);
  });

  it('shows one with what it would make', async () => {
    const { stdout } = await type('onemarketapp show 3', { 'one.marketapp.info': appOf() });
    const lines = stdout.split('\n');
    expect(lines.slice(lines.indexOf(heading('DETAILS'))).map((line) => line.trimEnd())).toEqual([
      'DETAILS',
      'SOURCE         : http://m/f',
      'MD5            : 0123',
      'PUBLISHER      :',
      'REGISTER TIME  : Tue Nov  3 16:42:55 2026',
      'VERSION        : 1.0',
      'DESCRIPTION    : small',
      'SIZE           : 1.5G',
      'ORIGIN_ID      : 7',
      'FORMAT         : raw',
      '',
      'IMPORT TEMPLATE',
      'TYPE=OS',
      '',
      'MARKETPLACE APP TEMPLATE',
      'ARCHITECTURE="x86_64"',
      '',
      '',
    ]);
  });

  it('wants a marketplace for a new app', async () => {
    expect(await type('onemarketapp create --name x', {})).toMatchObject({
      stderr: 'Marketplace to save the app is mandatory: \n\t -m marketplace_id\n',
      exitCode: 255,
    });
  });
});

describe('onemarketapp export', () => {
  const IMAGE =
    '<IMAGE><ID>9</ID><NAME>i</NAME><TYPE>0</TYPE><TEMPLATE><FORMAT>raw</FORMAT><DEV_PREFIX>vd</DEV_PREFIX></TEMPLATE></IMAGE>';
  const cloud = (app: string, more: Answers = {}): Answers => ({
    'one.marketapp.info': app,
    'one.image.allocate': 9,
    'one.image.info': IMAGE,
    'one.image.update': 9,
    'one.image.delete': 9,
    'one.imagepool.info': '<IMAGE_POOL/>',
    'one.template.allocate': 5,
    'one.template.clone': 6,
    'one.template.update': 6,
    ...more,
  });
  const sent = (calls: Calls, method: string) => calls.filter(([called]) => called === method);
  const templates = (calls: Calls, method: string) =>
    sent(calls, method).map(([, text]) => parseTemplate(String(text)).attributes);

  it('makes an image, without what belongs to another datastore', async () => {
    const { stdout, calls } = await type('onemarketapp export 3 copy -d 1', cloud(appOf()));
    expect(stdout).toBe('IMAGE\n    ID: 9\n');
    expect(sent(calls, 'one.image.allocate')).toEqual([
      ['one.image.allocate', 'TYPE="OS"\nNAME="copy"\nFROM_APP="3"', 1, false],
    ]);
    expect(sent(calls, 'one.image.update')).toEqual([['one.image.update', 9, 'DEV_PREFIX="vd"', 0]]);
  });

  const VM = `<VMTEMPLATE64>${base64('CPU=1\nMEMORY=64')}</VMTEMPLATE64>`;

  it.each<[string, string, string]>([
    ['its own VM template', '', 'IMAGE\n    ID: 9\nVMTEMPLATE\n    ID: 5\n'],
    ['a copy of another', '--template 2 --vmname web', 'IMAGE\n    ID: 9\nVMTEMPLATE\n    ID: 6\n'],
    ['none', '--no', 'IMAGE\n    ID: 9\n'],
  ])('makes the VM template that is asked for: %s', async (_, options, printed) => {
    const line = ['onemarketapp export 3 copy -d 1', options].join(' ').trim();
    const { stdout, calls } = await type(line, cloud(appOf({ template: VM })));
    expect(stdout).toBe(printed);
    const made = templates(calls, 'one.template.allocate');
    const own = [['CPU', '1'], ['MEMORY', '64'], ['NAME', 'copy'], ['DISK', { IMAGE_ID: '9' }]]; // biome-ignore format: one row
    expect(made).toEqual(options === '' ? [own] : []);
    expect(sent(calls, 'one.template.clone')).toEqual(
      options.startsWith('--template') ? [['one.template.clone', 2, 'web', false]] : [],
    );
  });

  it('puts a kernel into a datastore for files', async () => {
    const datastore = (id: number, kind: number) =>
      `<DATASTORE><ID>${id}</ID><NAME>d${id}</NAME><TYPE>${kind}</TYPE></DATASTORE>`;
    const pool = `<DATASTORE_POOL>${datastore(102, 2)}${datastore(2, 2)}${datastore(1, 0)}</DATASTORE_POOL>`;
    const answers = cloud(appOf({ contents: 'TYPE=KERNEL' }), { 'one.datastorepool.info': pool });
    const { calls } = await type('onemarketapp export 3 vmlinuz -d 1', answers);
    expect(sent(calls, 'one.image.allocate')[0]?.[2]).toBe(2);
    const chosen = await type('onemarketapp export 3 vmlinuz -d 1 --file-datastore 102', answers);
    expect(sent(chosen.calls, 'one.image.allocate')[0]?.[2]).toBe(102);
  });

  const MACHINE = appOf({
    id: 4,
    name: 'machine',
    kind: 2,
    contents: 'CPU=1',
    template: '<DISK><NAME>OS_0</NAME><APP>tiny</APP></DISK><DISK><NAME>OS_1</NAME><APP>tiny</APP></DISK>',
  });
  const withMachine = (more: Answers = {}) =>
    cloud('', {
      'one.marketapppool.info': `<MARKETPLACEAPP_POOL>${MACHINE}${appOf()}</MARKETPLACEAPP_POOL>`,
      'one.marketapp.info': (id: XmlRpcValue) => (id === 4 ? MACHINE : appOf()),
      ...more,
    });

  it('makes a VM template and one image for disks of the same app, by a name that is free', async () => {
    const taken = '<IMAGE_POOL><IMAGE><ID>1</ID><NAME>web-tiny-OS_0-0</NAME></IMAGE></IMAGE_POOL>';
    const answers = withMachine({ 'one.imagepool.info': taken });
    const { stdout, calls } = await type('onemarketapp export 4 web -d 1', answers);
    expect(stdout).toBe('IMAGE\n    ID: 9\nVMTEMPLATE\n    ID: 5\n');
    expect(templates(calls, 'one.image.allocate')).toEqual([
      [['TYPE', 'OS'], ['NAME', 'web-tiny-OS_0-0_0'], ['FROM_APP', '3']], // biome-ignore format: one row
    ]);
    const disk = ['DISK', { IMAGE_ID: '9' }];
    expect(templates(calls, 'one.template.allocate')).toEqual([[['CPU', '1'], ['NAME', 'web'], disk, disk]]);
  });

  it('deletes the images again when the template is refused', async () => {
    const refused = { code: 16384, message: '[one.template.allocate] NAME is already taken by TEMPLATE 2.' };
    const answers = withMachine({ 'one.template.allocate': refused });
    const { stderr, calls, exitCode } = await type('onemarketapp export 4 web -d 1', answers);
    expect({ stderr, exitCode }).toEqual({ stderr: `${refused.message}\n`, exitCode: 255 });
    expect(sent(calls, 'one.image.delete')).toEqual([['one.image.delete', 9, false]]);
  });

  it.each([
    ['no datastore', 'onemarketapp export 3 x', appOf(), 'Missing datastore id'],
    ['an app that is not ready', 'onemarketapp export 3 x -d 1', appOf({ state: 2 }), 'App is not READY'],
    ['a service', 'onemarketapp export 3 x -d 1', appOf({ kind: 3 }), 'OneFlow'],
  ])('refuses %s', async (_, line, app, reason) => {
    const { stderr, exitCode, calls } = await type(line, cloud(app));
    expect(stderr).toContain(reason);
    expect({ exitCode, made: sent(calls, 'one.image.allocate') }).toEqual({ exitCode: 255, made: [] });
  });
});

describe('onemarketapp import', () => {
  const TEMPLATE =
    '<VMTEMPLATE><ID>5</ID><UNAME>oneadmin</UNAME><NAME>web</NAME><TEMPLATE><CPU>1</CPU><DISK><IMAGE>tiny</IMAGE></DISK><DISK><TYPE>fs</TYPE><SIZE>10</SIZE></DISK><NIC><NETWORK>lan</NETWORK><MODEL>virtio</MODEL></NIC></TEMPLATE></VMTEMPLATE>';
  const IMAGES = (state: number) =>
    `<IMAGE_POOL><IMAGE><ID>7</ID><NAME>tiny</NAME><UNAME>oneadmin</UNAME><TYPE>0</TYPE><STATE>${state}</STATE><TEMPLATE><DEV_PREFIX>vd</DEV_PREFIX></TEMPLATE></IMAGE></IMAGE_POOL>`;
  const cloud = (more: Answers = {}): Answers => ({
    'one.marketpool.info': MARKETS,
    'one.template.info': TEMPLATE,
    'one.imagepool.info': IMAGES(1),
    'one.marketapp.allocate': (text: XmlRpcValue) => (String(text).includes('VMTEMPLATE') ? 12 : 11),
    'one.marketapp.delete': 11,
    ...more,
  });
  const offered = (calls: Calls) =>
    calls
      .filter(([method]) => method === 'one.marketapp.allocate')
      .map(([, text, market]) => ({ template: parseTemplate(String(text)), market }));

  it('offers a template and the images of its disks, without the networks of this cloud', async () => {
    const { stdout, calls } = await type('onemarketapp vm-template import 5 --yes --market 100', cloud());
    expect(stdout).toBe('ID: 11\nID: 12\n');
    const [image, machine] = offered(calls);
    expect([image?.market, machine?.market]).toEqual([100, 100]);
    expect(image?.template.get('NAME')).toMatch(/^tiny-[0-9a-f]{10}$/);
    expect(image?.template.get('ORIGIN_ID')).toBe('7');
    expect(decode(image?.template.get('APPTEMPLATE64'))).toBe('TYPE="OS"\nDEV_PREFIX="vd"');
    expect(machine?.template.get('NAME')).toMatch(/^web-[0-9a-f]{10}$/);
    expect(machine?.template.vectors('DISK')).toEqual([{ NAME: 'OS_0', APP: image?.template.get('NAME') }]);
    expect(parseTemplate(decode(machine?.template.get('APPTEMPLATE64'))).attributes).toEqual([
      ['CPU', '1'],
      ['NIC', { MODEL: 'virtio', NETWORK_MODE: 'auto' }],
    ]);
  });

  it('asks for what is not said', async () => {
    const answers = ['maybe', 'no', '0', '100'];
    const { stdout, calls } = await type('onemarketapp vm-template import 5 --vmname w', cloud(), { answers });
    expect(stdout).toBe('\nAvailable Marketplaces (please enter ID)\n- 100: public\n\nID: 12\n');
    const [machine] = offered(calls);
    expect(machine?.template.get('NAME')).toBe('w');
    expect(machine?.template.has('DISK')).toBe(false);
  });

  it('takes its apps back when the template is refused', async () => {
    const refused = { code: 16384, message: 'refused' };
    const allocate = (text: XmlRpcValue) => (String(text).includes('VMTEMPLATE') ? refused : 11);
    const answers = cloud({ 'one.marketapp.allocate': allocate });
    const { calls, exitCode } = await type('onemarketapp vm-template import 5 --yes --market 100', answers);
    expect(exitCode).toBe(255);
    expect(calls).toContainEqual(['one.marketapp.delete', 11]);
  });

  it.each([
    ['an image in ERROR', cloud({ 'one.imagepool.info': IMAGES(5) }), 'Image 7 is ERROR'],
    ['an image that is not there', cloud({ 'one.imagepool.info': '<IMAGE_POOL/>' }), 'Image tiny not found'],
    ['no marketplace', cloud({ 'one.marketpool.info': '<MARKETPLACE_POOL/>' }), 'There are no http/s3/dummy'],
  ])('refuses %s', async (_, answers, reason) => {
    const { stderr, exitCode, calls } = await type('onemarketapp vm-template import 5 --yes --market 100', answers);
    expect(stderr).toContain(reason);
    expect({ exitCode, made: offered(calls) }).toEqual({ exitCode: 255, made: [] });
  });

  it('says that services are not spoken', async () => {
    const { stderr, exitCode } = await type('onemarketapp service-template import 1', {});
    expect({ stderr, exitCode }).toEqual({ stderr: expect.stringContaining('OneFlow'), exitCode: 255 });
  });
});
