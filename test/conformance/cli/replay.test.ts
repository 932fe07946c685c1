/**
 * The session in which OpenNebula 7.4.0's commands were recorded, typed again: each command in its turn against the
 * embedded front-end with dummy drivers, its output compared to the last blank. What no two sessions have alike is made
 * neutral first: times, random values of the dummy drivers, keys, and what a machine is. States that last for an
 * instant only, such as a VM that waits for the scheduler, are left out.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '../../../src/opennebula/client/wait.ts';
import { runOne } from '../../support/one-command.ts';
import { type ServerProgram, startServerProgram } from '../../support/server-program.ts';
import { recording } from './recording.ts';

/** What stood in the files of the session, as far as the objects made of them tell. */
const VM = 'CPU=0.1\nMEMORY=64\nDISK=[ IMAGE="dimg" ]\nNIC=[ NETWORK="dnet" ]\nCONTEXT=[ NETWORK="YES" ]\n';
const PLACED = 'SCHED_DS_REQUIREMENTS="NAME=dummy_sys"\n';
const FILES: Readonly<Record<string, string>> = {
  '/tmp/ds1': 'NAME=dummy_sys\nTYPE=SYSTEM_DS\nTM_MAD=dummy\n',
  '/tmp/ds2': 'NAME=dummy_img\nDS_MAD=dummy\nTM_MAD=dummy\n',
  '/tmp/ds3': 'NAME=no_tm\nDS_MAD=dummy\n',
  '/tmp/ds4': 'NAME=bad_ds\nDS_MAD=nosuch\nTM_MAD=dummy\n',
  '/tmp/im1': 'NAME=dimg\nPATH=/etc/hostname\nTYPE=OS\n',
  '/tmp/im2': 'NAME=nopath\nTYPE=OS\n',
  '/tmp/net1':
    'NAME=dnet\nVN_MAD=dummy\nBRIDGE=br0\nNETWORK_ADDRESS=10.0.0.0\nNETWORK_MASK=255.255.0.0\nGATEWAY=10.0.0.1\nDNS=10.0.0.2\nAR=[ TYPE=IP4, IP=10.0.0.10, SIZE=250 ]\n',
  '/tmp/net2': 'NAME=bad\nBRIDGE=br0\n',
  '/tmp/tp1': `NAME=dtpl\n${VM}`,
  '/tmp/vm1': `NAME=dvm\n${VM}${PLACED}`,
  '/tmp/vm2': 'NAME=nomem\nCPU=1\n',
  '/tmp/vm3': 'NAME=noimage\nCPU=1\nMEMORY=64\nDISK=[ IMAGE="nosuch" ]\n',
  '/tmp/vm4': 'NAME=nonet\nCPU=1\nMEMORY=64\nNIC=[ NETWORK="nosuch" ]\n',
  '/tmp/vm5': 'NAME=bad\nCPU=1\nMEMORY=64\nDISK=[\n',
  '/tmp/vm6': `NAME=bigvm\nCPU=100\nMEMORY=64\n${PLACED}`,
};

const SESSION = 'oneadmin:opennebula';
const SESSIONS: Readonly<Record<string, string>> = { '/tmp/aliceauth': 'alice:secret', '/tmp/badauth': 'nobody:wrong' };

/** A recording's name, or what has to be so before the next one: a command, and what it prints by then. */
type Step = string | readonly [line: string, awaited: string | RegExp];

const hostIs = (state: string): Step => ['onehost list --no-header -l STAT', state];
const imageIs = (state: string): Step => ['oneimage list --no-header -l STAT', state];
const vmIs = (state: string): Step => ['onevm list --no-header -l STAT -f ID=0', state];

const STEPS: readonly Step[] = [
  '10-onehost-create',
  '11-onehost-create-dup',
  '12-onehost-create-noim',
  hostIs('on'),
  '13-onehost-list',
  '13-onehost-list-csv',
  '13-onehost-list-j',
  '13-onehost-list-x',
  '13-onehost-list-y',
  '14-onehost-show',
  '14-onehost-show-j',
  '14-onehost-show-x',
  '15-onehost-show-fail',
  '15-onehost-show-fail-id',
  '20-onedatastore-create-sys',
  '20-onedatastore-create-img',
  '20-onedatastore-create-dup',
  '20-onedatastore-create-notm',
  '20-onedatastore-create-baddsmad',
  '21-onedatastore-list',
  '21-onedatastore-list-j',
  '21-onedatastore-list-x',
  '22-onedatastore-show',
  '22-onedatastore-show-x',
  '22-onedatastore-show-0-x',
  '22-onedatastore-show-sys-x',
  '23-onedatastore-show-fail',
  '30-oneimage-create',
  imageIs('rdy'),
  '31-oneimage-list',
  '31-oneimage-list-j',
  '31-oneimage-list-x',
  '32-oneimage-show',
  '32-oneimage-show-j',
  '32-oneimage-show-x',
  '33-oneimage-show-fail',
  '33-oneimage-create-dup',
  '33-oneimage-create-nods',
  '33-oneimage-create-nods2',
  '33-oneimage-create-nopath',
  '40-onevnet-create',
  '40-onevnet-create-dup',
  '40-onevnet-create-bad',
  '41-onevnet-list',
  '41-onevnet-list-j',
  '41-onevnet-list-x',
  '42-onevnet-show',
  '42-onevnet-show-j',
  '42-onevnet-show-x',
  '43-onevnet-show-fail',
  '50-onetemplate-create',
  '50-onetemplate-create-dup',
  '51-onetemplate-list',
  '51-onetemplate-list-x',
  '52-onetemplate-show',
  '52-onetemplate-show-j',
  '52-onetemplate-show-x',
  '53-onetemplate-show-fail',
  '60-onevm-create',
  vmIs('runn'),
  '61-onevm-list',
  '61-onevm-list-csv',
  '61-onevm-list-j',
  '61-onevm-list-x',
  '61-onevm-list-yaml',
  '62-onevm-show',
  '62-onevm-show-all',
  '62-onevm-show-j',
  '62-onevm-show-x',
  '62-onevm-show-y',
  '63-onevm-show-fail',
  '63-onevm-show-fail-name',
  '64-onevm-create-nomem',
  '64-onevm-create-noimage',
  '64-onevm-create-nonet',
  '64-onevm-create-syntax',
  '65-onevm-create-toobig',
  '65-onevm-deploy-running',
  '65-onevm-deploy-nohost',
  '65-onevm-undeploy-bad',
  '65-onevm-resume-running',
  '65-onevm-recover',
  '66-onevm-hold-fail',
  '66-onevm-poweroff',
  vmIs('poff'),
  '66-onevm-list-poff',
  '66-onevm-resume',
  vmIs('runn'),
  '66-onevm-suspend',
  vmIs('susp'),
  '66-onevm-list-susp',
  '66-onevm-resume',
  vmIs('runn'),
  '66-onevm-rename',
  '66-onevm-chmod',
  '66-onevm-chown',
  '67-oneimage-delete-inuse',
  '67-onevnet-delete-inuse',
  '67-onehost-delete-inuse',
  '67-onedatastore-delete-inuse',
  '67-onevnet-show-leases',
  '67-onehost-show-withvm',
  '70-oneuser-list',
  '70-oneuser-list-j',
  '70-oneuser-list-x',
  '70-oneuser-create',
  '70-oneuser-create-dup',
  '70-oneuser-show',
  '70-oneuser-show-x',
  '70-oneuser-show-self',
  '70-oneuser-show-fail',
  '70-oneuser-badauth',
  '70-oneuser-wrongpass',
  '70-alice-onevm-list',
  '70-alice-onevm-show-denied',
  '70-alice-terminate-denied',
  '70-alice-onehost-create-denied',
  '71-onegroup-list',
  '71-onegroup-list-x',
  '71-onegroup-create',
  '71-onegroup-create-dup',
  '71-onegroup-show',
  '71-onegroup-show-x',
  '71-onegroup-show-fail',
  '72-onecluster-list',
  '72-onecluster-list-x',
  '72-onecluster-create',
  '72-onecluster-create-dup',
  '72-onecluster-show',
  '72-onecluster-show-x',
  '72-onecluster-show-fail',
  '72-onecluster-delete',
  '72-onecluster-delete-default',
  '73-oneacl-list',
  '73-oneacl-list-x',
  '73-oneacl-create',
  '73-oneacl-create-dup',
  '73-oneacl-create-bad',
  '73-oneacl-delete-fail',
  '74-onezone-list-x',
  '74-onezone-show',
  '74-onezone-show-x',
  '74-onezone-show-fail',
  '75-onesecgroup-list',
  '75-onesecgroup-show-x',
  '75-onevdc-list',
  '75-onevdc-show-x',
  ['onevm show bigvm', /SCHED_MESSAGE=.*Not enough CPU/],
  '81-onevm-show-bigvm',
  '81-onevm-terminate-bigvm',
  '82-onevm-terminate',
  ['onevm list --no-header', ''],
  '82-onevm-list-after',
  '82-onevm-list-done',
  '82-onevm-show-done',
  '82-onevm-show-done-x',
  '82-onevm-terminate-done',
  '84-onehost-after',
  '84-oneimage-after',
  '84-onevnet-after',
  '85-oneimage-delete-ok',
  ['oneimage list --no-header', ''],
  '85-oneimage-list-after',
  '85-onetemplate-delete',
];

let frontend: ServerProgram;
let zone: string | undefined;

beforeAll(async () => {
  zone = process.env.TZ;
  process.env.TZ = 'UTC';
  const program = new URL('../../support/dummy-frontend-program.ts', import.meta.url).pathname;
  frontend = await startServerProgram(program, [':memory:', SESSION]);
});

afterAll(async () => {
  process.env.TZ = zone;
  await frontend?.[Symbol.asyncDispose]();
});

function run(argv: readonly string[], session = SESSION) {
  const now = Math.floor(Date.now() / 1000);
  return runOne(argv, { endpoint: frontend.endpoint, session, now, files: new Map(Object.entries(FILES)) });
}

const NEUTRAL: readonly (readonly [pattern: RegExp, inPlace: string])[] = [
  [/\b\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}/g, 'DATE'],
  [/\b\d\d\/\d\d \d\d:\d\d(:\d\d)?/g, 'TIME'],
  [/\b1[78]\d{8}\b/g, 'SECONDS'],
  [/\d+d \d\dh\d\d(m?)/g, 'SPAN'],
  [/\d+h\d\dm\d\ds/g, 'SPAN'],
  [/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'UUID'],
  [/\b[\da-f]{64}\b/g, 'DIGEST'],
  [/http:\/\/(localhost|127\.0\.0\.1):\d+\/RPC2/g, 'ENDPOINT'],
  // Requests are counted from the start of the daemon.
  [/(?<=REQUEST_ID\W+)\d+/g, 'REQUEST'],
  [/^( +\d+ (?:\d+|-) +)\d+ +(?=dummyhost01)/gm, '$1REQUEST '],
  // How full the disk of the machine is.
  [/(?<=(?:TOTAL|FREE|USED)_MB\W+)\d+/g, 'MB'],
  [/[\d.]+[MGT] +\d+%/g, 'ROOM'],
  // Dummy hosts and VMs use what a random generator says; how soon a VM is monitored is up to the monitor.
  [/(?<=(?:FREE|USED)(?:_CPU|_MEMORY)?>?[^\w\n]{1,12}(?:CDATA\[)?)\d+/g, 'RANDOM'],
  [/(?<=USED \(REAL\) +: ).*/g, 'RANDOM'],
  [/^ {7}\d 8G .*/gm, 'RANDOM'],
  [/^VIRTUAL MACHINE MONITORING [\s\S]*?(?=^PERMISSIONS)/gm, 'MONITORING\n'],
  [/LAST_POLL\W+(?:\d+|SECONDS)/g, 'LAST_POLL'],
  [/<MONITORING>\s*<CPU>[\s\S]*?<\/MONITORING>|<MONITORING\/>/g, 'MONITORING'],
  [/"MONITORING": \{(?:\s*"CPU"[\s\S]*?)?\s*\}/g, 'MONITORING'],
  [/MONITORING:(?: \{\}|(?:\n {4}\w+: .*)+)/g, 'MONITORING'],
];

function neutral(text: string): string {
  return NEUTRAL.reduce((result, [pattern, inPlace]) => result.replaceAll(pattern, inPlace), text);
}

const PATIENCE_SECONDS = 60;

describe('the session', () => {
  it.each(STEPS.map((step) => [typeof step === 'string' ? step : `${step[0]}: ${step[1]}`, step] as const))(
    '%s',
    async (_title, step) => {
      if (typeof step === 'string') await expectAsRecorded(step);
      else await waitFor(...step);
    },
  );
});

async function expectAsRecorded(name: string): Promise<void> {
  const { argv, authFile, stdout, stderr, exitCode } = recording(name);
  const printed = await run(argv, authFile === undefined ? SESSION : SESSIONS[authFile]);
  expect({ ...printed, stdout: neutral(printed.stdout) }).toEqual({ stdout: neutral(stdout), stderr, exitCode });
}

async function waitFor(line: string, awaited: string | RegExp): Promise<void> {
  await waitUntil({
    awaited: `'${awaited}' from ${line}`,
    look: async () => (await run(line.split(' '))).stdout.trim(),
    done: (printed) => (typeof awaited === 'string' ? printed === awaited : awaited.test(printed)),
    describe: (printed) => `'${printed}'`,
    timeoutSeconds: PATIENCE_SECONDS,
  });
}
