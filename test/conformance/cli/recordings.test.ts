/**
 * The commands are given the documents that OpenNebula's own commands were given, and must print what those printed,
 * to the last blank. Times of day come from the recordings.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOne } from '../../support/one-command.ts';
import { type Answers, startStubFrontend } from '../../support/stub-frontend.ts';
import { recordedXml, recording } from './recording.ts';

const RECORDED_IN = 'UTC';
/** Behind the creation of the recorded VM, before a minute has passed. */
const NOW = 1_795_452_186;

const HOSTS = recordedXml('13-onehost-list-x');
const VMS = recordedXml('61-onevm-list-x');
const NO_VMS = '<VM_POOL></VM_POOL>';
const CLUSTER = recordedXml('72-onecluster-show-x');

/** Recordings of one document in several forms, with the answers that they rest on. */
const DOCUMENTS: readonly (readonly [names: readonly string[], answers: Answers])[] = [
  [
    ['13-onehost-list', '13-onehost-list-csv', '13-onehost-list-j', '13-onehost-list-y', '13-onehost-list-x'],
    { 'one.hostpool.info': HOSTS },
  ],
  [
    ['14-onehost-show', '14-onehost-show-j', '14-onehost-show-x'],
    { 'one.hostpool.info': HOSTS, 'one.host.info': recordedXml('14-onehost-show-x'), 'one.vmpool.info': NO_VMS },
  ],
  [
    ['21-onedatastore-list', '21-onedatastore-list-j', '21-onedatastore-list-x'],
    { 'one.datastorepool.info': recordedXml('21-onedatastore-list-x') },
  ],
  [
    ['22-onedatastore-show', '22-onedatastore-show-x'],
    {
      'one.datastorepool.info': recordedXml('21-onedatastore-list-x'),
      'one.datastore.info': recordedXml('22-onedatastore-show-x'),
    },
  ],
  [
    ['31-oneimage-list', '31-oneimage-list-j', '31-oneimage-list-x'],
    { 'one.imagepool.info': recordedXml('31-oneimage-list-x') },
  ],
  [
    ['32-oneimage-show', '32-oneimage-show-j', '32-oneimage-show-x'],
    {
      'one.imagepool.info': recordedXml('31-oneimage-list-x'),
      'one.image.info': recordedXml('32-oneimage-show-x'),
    },
  ],
  [
    ['41-onevnet-list', '41-onevnet-list-j', '41-onevnet-list-x'],
    { 'one.vnpool.info': recordedXml('41-onevnet-list-x') },
  ],
  [
    ['42-onevnet-show', '42-onevnet-show-j', '42-onevnet-show-x'],
    { 'one.vnpool.info': recordedXml('41-onevnet-list-x'), 'one.vn.info': recordedXml('42-onevnet-show-x') },
  ],
  [['51-onetemplate-list', '51-onetemplate-list-x'], { 'one.templatepool.info': recordedXml('51-onetemplate-list-x') }],
  [
    ['52-onetemplate-show', '52-onetemplate-show-j', '52-onetemplate-show-x'],
    {
      'one.templatepool.info': recordedXml('51-onetemplate-list-x'),
      'one.template.info': recordedXml('52-onetemplate-show-x'),
    },
  ],
  [
    ['61-onevm-list', '61-onevm-list-csv', '61-onevm-list-j', '61-onevm-list-yaml', '61-onevm-list-x'],
    { 'one.vmpool.info': VMS },
  ],
  [
    ['62-onevm-show', '62-onevm-show-all', '62-onevm-show-j', '62-onevm-show-y', '62-onevm-show-x'],
    { 'one.vm.info': recordedXml('62-onevm-show-x'), 'one.cluster.info': CLUSTER },
  ],
  [
    ['82-onevm-show-done', '82-onevm-show-done-x'],
    { 'one.vm.info': recordedXml('82-onevm-show-done-x'), 'one.cluster.info': CLUSTER },
  ],
  [
    ['70-oneuser-list', '70-oneuser-list-j', '70-oneuser-list-x'],
    { 'one.userpool.info': recordedXml('70-oneuser-list-x') },
  ],
  [
    ['70-oneuser-show', '70-oneuser-show-x'],
    {
      'one.userpool.info': '<USER_POOL><USER><ID>2</ID><NAME>alice</NAME></USER></USER_POOL>',
      'one.user.info': recordedXml('70-oneuser-show-x'),
    },
  ],
  [['71-onegroup-list', '71-onegroup-list-x'], { 'one.grouppool.info': recordedXml('71-onegroup-list-x') }],
  [
    ['71-onegroup-show', '71-onegroup-show-x'],
    {
      'one.grouppool.info': '<GROUP_POOL><GROUP><ID>100</ID><NAME>staff</NAME></GROUP></GROUP_POOL>',
      'one.group.info': recordedXml('71-onegroup-show-x'),
    },
  ],
  [['72-onecluster-list', '72-onecluster-list-x'], { 'one.clusterpool.info': recordedXml('72-onecluster-list-x') }],
  [
    ['72-onecluster-show', '72-onecluster-show-x'],
    {
      'one.clusterpool.info': recordedXml('72-onecluster-list-x'),
      'one.cluster.info': CLUSTER,
      'one.host.info': recordedXml('14-onehost-show-x'),
    },
  ],
  [['73-oneacl-list', '73-oneacl-list-x'], { 'one.acl.info': recordedXml('73-oneacl-list-x') }],
  [['74-onezone-list-x'], { 'one.zonepool.info': recordedXml('74-onezone-list-x') }],
  [['74-onezone-show', '74-onezone-show-x'], { 'one.zone.info': recordedXml('74-onezone-show-x') }],
  [['75-onevdc-list'], { 'one.vdcpool.info': `<VDC_POOL>${recordedXml('75-onevdc-show-x')}</VDC_POOL>` }],
  [['75-onevdc-show-x'], { 'one.vdc.info': recordedXml('75-onevdc-show-x') }],
  [['75-onesecgroup-show-x'], { 'one.secgroup.info': recordedXml('75-onesecgroup-show-x') }],
];

let zone: string | undefined;

beforeAll(() => {
  zone = process.env.TZ;
  process.env.TZ = RECORDED_IN;
});

afterAll(() => {
  process.env.TZ = zone;
});

async function expectAsRecorded(name: string, answers: Answers): Promise<void> {
  await using frontend = await startStubFrontend(answers);
  const { argv, authFile: _, ...printed } = recording(name);
  const files = new Map(argv.filter((word) => word.startsWith('/tmp/')).map((path) => [path, 'NAME="anything"\n']));
  expect(await runOne(argv, { endpoint: frontend.endpoint, now: NOW, files })).toEqual(printed);
}

describe('documents', () => {
  const rows = DOCUMENTS.flatMap(([names, answers]) => names.map((name) => ({ name, answers })));
  it.each(rows)('$name', ({ name, answers }) => expectAsRecorded(name, answers));
});

/** How a command ends that the daemon carries out or refuses, and what the command itself refuses. */
const NOTHING: Answers = {};
const failure = (code: number, message: string) => ({ code, message });
const emptyPool = (name: string) => `<${name}_POOL></${name}_POOL>`;

const OUTCOMES: Readonly<Record<string, Answers>> = {
  '10-onehost-create': { 'one.host.allocate': 0 },
  '11-onehost-create-dup': {
    'one.host.allocate': failure(
      16384,
      '[one.host.allocate] Error allocating a new host. NAME is already taken by HOST 0.',
    ),
  },
  '12-onehost-create-noim': NOTHING,
  '15-onehost-show-fail': { 'one.hostpool.info': HOSTS },
  '15-onehost-show-fail-id': { 'one.host.info': failure(1024, '[one.host.info] Error getting host [999].') },
  '20-onedatastore-create-sys': { 'one.datastore.allocate': 100 },
  '23-onedatastore-show-fail': { 'one.datastorepool.info': emptyPool('DATASTORE') },
  '30-oneimage-create': {
    'one.datastorepool.info': recordedXml('21-onedatastore-list-x'),
    'one.image.allocate': 0,
  },
  '33-oneimage-create-nods': { 'one.datastorepool.info': recordedXml('21-onedatastore-list-x') },
  '33-oneimage-create-nods2': NOTHING,
  '33-oneimage-show-fail': { 'one.imagepool.info': emptyPool('IMAGE') },
  '40-onevnet-create': { 'one.vn.allocate': 0 },
  '43-onevnet-show-fail': { 'one.vnpool.info': emptyPool('VNET') },
  '50-onetemplate-create': { 'one.template.allocate': 0 },
  '53-onetemplate-show-fail': { 'one.templatepool.info': emptyPool('VMTEMPLATE') },
  '60-onevm-create': { 'one.vm.allocate': 0 },
  '63-onevm-show-fail-name': { 'one.vmpool.info': NO_VMS },
  '65-onevm-deploy-nohost': { 'one.hostpool.info': HOSTS },
  '65-onevm-recover': NOTHING,
  '65-onevm-resume-running': {
    'one.vm.action': failure(
      2048,
      '[one.vm.action] Error performing action "resume": This action is not available for state RUNNING',
    ),
  },
  '66-onevm-chmod': { 'one.vm.chmod': 0 },
  '66-onevm-chown': { 'one.userpool.info': recordedXml('70-oneuser-list-x'), 'one.vm.chown': 0 },
  '66-onevm-poweroff': { 'one.vm.action': 0 },
  '66-onevm-rename': { 'one.vm.rename': 0 },
  '70-oneuser-badauth': {
    'one.userpool.info': failure(256, "[one.userpool.info] User couldn't be authenticated, aborting call."),
  },
  '70-oneuser-create': { 'one.user.allocate': 2 },
  '70-oneuser-show-fail': { 'one.userpool.info': recordedXml('70-oneuser-list-x') },
  '71-onegroup-create': { 'one.group.allocate': 100, 'one.acl.addrule': 9, 'one.group.update': 100 },
  '71-onegroup-show-fail': { 'one.grouppool.info': emptyPool('GROUP') },
  '72-onecluster-create': { 'one.cluster.allocate': 100 },
  '72-onecluster-delete': {
    'one.clusterpool.info': '<CLUSTER_POOL><CLUSTER><ID>100</ID><NAME>c1</NAME></CLUSTER></CLUSTER_POOL>',
    'one.cluster.delete': 100,
  },
  '72-onecluster-show-fail': { 'one.clusterpool.info': emptyPool('CLUSTER') },
  '73-oneacl-create': { 'one.acl.addrule': 10 },
  '73-oneacl-create-bad': NOTHING,
  '73-oneacl-delete-fail': { 'one.acl.delrule': failure(2048, '[one.acl.delrule] Rule 999 does not exist') },
  '81-onevm-terminate-bigvm': { 'one.vm.action': 1 },
  '85-onetemplate-delete': {
    'one.templatepool.info': recordedXml('51-onetemplate-list-x'),
    'one.template.delete': 0,
  },
};

describe('outcomes', () => {
  it.each(Object.entries(OUTCOMES))('%s', (name, answers) => expectAsRecorded(name, answers));
});
