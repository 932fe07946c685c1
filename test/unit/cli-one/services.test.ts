/** Pages and lists of hooks, virtual routers, VDCs, VM groups and network templates; monitoring of hosts. */
import { describe, expect, it } from 'vitest';
import { inUtc } from './in-utc.ts';
import { type } from './type.ts';

inUtc();

const heading = (text: string) => text.padEnd(80);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const OWNED =
  '<UID>0</UID><GID>0</GID><UNAME>oneadmin</UNAME><GNAME>oneadmin</GNAME><PERMISSIONS><OWNER_U>1</OWNER_U><OWNER_M>1</OWNER_M></PERMISSIONS>';
const ownedHead = (title: string, name: string) => [
  heading(`${title} 1 INFORMATION`),
  'ID             : 1                   ',
  `NAME           : ${name.padEnd(20)}`,
  'USER           : oneadmin            ',
  'GROUP          : oneadmin            ',
  'LOCK           : None                ',
  '',
  heading('PERMISSIONS'),
  'OWNER          : um-                 ',
  'GROUP          : ---                 ',
  'OTHER          : ---                 ',
];

describe('onehook', () => {
  const AT = Date.UTC(2026, 10, 23, 16, 42, 55) / 1000;
  const record = `<HOOK_EXECUTION_RECORD><HOOK_ID>3</HOOK_ID><EXECUTION_ID>1</EXECUTION_ID><TIMESTAMP>${AT}</TIMESTAMP><ARGUMENTS>7 ${base64('<VM>web</VM>')}</ARGUMENTS><EXECUTION_RESULT><COMMAND>/tmp/h</COMMAND><STDOUT>${base64('done\n')}</STDOUT><STDERR/><CODE>2</CODE></EXECUTION_RESULT></HOOK_EXECUTION_RECORD>`;
  const hook = `<HOOK><ID>3</ID><NAME>log</NAME><TYPE>state</TYPE><TEMPLATE><COMMAND><![CDATA[/tmp/h]]></COMMAND></TEMPLATE><HOOKLOG>${record}</HOOKLOG></HOOK>`;
  const head = [
    heading('HOOK 3 INFORMATION'),
    'ID                : 3                   ',
    'NAME              : log                 ',
    'TYPE              : state               ',
    'LOCK              : None                ',
    '',
  ];

  it('lists hooks', async () => {
    const { stdout } = await type('onehook list', { 'one.hookpool.info': `<HOOK_POOL>${hook}</HOOK_POOL>` });
    expect(stdout).toBe('  ID NAME                TYPE    \n   3 log                 state\n');
  });

  it('shows a hook with its runs, or one of them', async () => {
    const { stdout } = await type('onehook show 3', { 'one.hook.info': hook });
    expect(stdout.split('\n')).toEqual([
      ...head,
      heading('HOOK TEMPLATE'),
      'COMMAND="/tmp/h"',
      '',
      'EXECUTION LOG',
      '   ID       TIMESTAMP    RC EXECUTION',
      '    1     11/23 16:42     2 ERROR',
      '',
      '',
    ]);
    const one = await type('onehook show 3 -e 1', { 'one.hook.info': hook });
    expect(one.stdout.split('\n')).toEqual([
      ...head,
      heading('HOOK EXECUTION RECORD'),
      'EXECUTION ID      : 1                   ',
      'TIMESTAMP         : 11/23 16:42:55      ',
      'COMMAND           : /tmp/h              ',
      'ARGUMENTS         : 7 <VM>web</VM>      ',
      'EXIT CODE         : 2                   ',
      '',
      heading('EXECUTION STDOUT'),
      'done',
      '',
      heading('EXECUTION STDERR'),
      '',
      '',
    ]);
    expect((await type('onehook show 3 -e 9', { 'one.hook.info': hook })).stdout).toContain(
      'Cannot find execution record 9\n',
    );
  });

  it('lists runs of all hooks', async () => {
    const { stdout } = await type('onehook log', { 'one.hooklog.info': `<HOOKLOG>${record}</HOOKLOG>` });
    expect(stdout.split('\n')[1]).toBe('    3     1     11/23 16:42     2 ERROR');
  });
});

describe('onevrouter', () => {
  const nics =
    '<NIC><NIC_ID>0</NIC_ID><NETWORK>vms</NETWORK><IP>10.0.0.9</IP></NIC><NIC><NIC_ID>1</NIC_ID><NETWORK>net</NETWORK><VROUTER_MANAGEMENT>YES</VROUTER_MANAGEMENT><FLOATING_IP>yes</FLOATING_IP><IP>10.0.1.9</IP><IP6_ULA>fd00::9</IP6_ULA></NIC>';
  const router = `<VROUTER><ID>1</ID><NAME>edge</NAME>${OWNED}<VMS><ID>7</ID></VMS><TEMPLATE>${nics}<A>b</A></TEMPLATE></VROUTER>`;

  it('shows the floating addresses of a router', async () => {
    const { stdout } = await type('onevrouter show 1', { 'one.vrouter.info': router });
    expect(stdout.split('\n')).toEqual([
      ...ownedHead('VIRTUAL ROUTER', 'edge'),
      '',
      heading('VIRTUAL ROUTER NICS'),
      ' ID NETWORK              MANAGEMENT IP             ',
      '  0 vms                  NO         -',
      '  1 net                  YES        10.0.1.9',
      '                                    fd00::9',
      '',
      heading('TEMPLATE CONTENTS'),
      'A="b"',
      '',
      'VIRTUAL MACHINES',
      '7              ',
      '',
    ]);
  });

  it('creates the VMs of a router from a template', async () => {
    const { calls } = await type('onevrouter instantiate 1 2 --name r --multiple 2 --hold --memory 64', {
      'one.template.info': '<VMTEMPLATE><ID>2</ID><TEMPLATE/></VMTEMPLATE>',
      'one.vrouter.instantiate': 1,
    });
    expect(calls.at(-1)).toEqual(['one.vrouter.instantiate', 1, 2, 2, 'r', true, 'MEMORY=64\n']);
  });
});

describe('onevdc', () => {
  it('shows what a VDC gives to which groups', async () => {
    const vdc =
      '<VDC><ID>0</ID><NAME>default</NAME><GROUPS><ID>1</ID><ID>100</ID></GROUPS><CLUSTERS><CLUSTER><ZONE_ID>0</ZONE_ID><CLUSTER_ID>-10</CLUSTER_ID></CLUSTER></CLUSTERS><HOSTS><HOST><ZONE_ID>0</ZONE_ID><HOST_ID>4</HOST_ID></HOST></HOSTS><DATASTORES/><VNETS/><TEMPLATE><A>b</A></TEMPLATE></VDC>';
    const { stdout } = await type('onevdc show 0', { 'one.vdc.info': vdc });
    expect(stdout.split('\n')).toEqual([
      heading('VDC 0 INFORMATION'),
      'ID                : 0                   ',
      'NAME              : default             ',
      '',
      ' GROUPS',
      '      1',
      '    100',
      '',
      heading('CLUSTERS'),
      '   ZONE   CLUSTER',
      '      0       ALL',
      '',
      heading('HOSTS'),
      '   ZONE      HOST',
      '      0         4',
      '',
      heading('VDC TEMPLATE'),
      'A="b"',
      '',
    ]);
  });
});

describe('onevmgroup', () => {
  const group = `<VM_GROUP><ID>1</ID><NAME>front</NAME>${OWNED}<ROLES><ROLE><ID>0</ID><NAME>web</NAME><POLICY>AFFINED</POLICY><VMS>7,8</VMS></ROLE><ROLE><ID>1</ID><NAME>db</NAME></ROLE></ROLES><TEMPLATE/></VM_GROUP>`;

  it('lists groups with their roles', async () => {
    const { stdout } = await type('onevmgroup list', {
      'one.vmgrouppool.info': `<VM_GROUP_POOL>${group}</VM_GROUP_POOL>`,
    });
    expect(stdout.split('\n')[1]).toBe('   1 oneadmin oneadmin front           2    web, db');
  });

  it('shows the roles of a group', async () => {
    const { stdout } = await type('onevmgroup show 1', { 'one.vmgroup.info': group });
    expect(stdout.split('\n').slice(0, 16)).toEqual([
      ...ownedHead('VM GROUP', 'front'),
      '',
      heading('ROLES'),
      'ID   NAME     POLICY       AFFINED_HOSTS      ANTI_AFFINED_HOST  VIRTUAL_MACHINES    ',
      '0    web      AFFINED      -                  -                  7,8',
      '1    db       -            -                  -',
    ]);
  });

  it('takes attributes of a role without its brackets', async () => {
    const answers = { 'one.vmgroup.info': group, 'one.vmgroup.roleadd': 1, 'one.vmgroup.roleupdate': 1 };
    const added = await type('onevmgroup role-add 1', answers, { stdin: 'NAME="cache"\nPOLICY="AFFINED"\n' });
    expect(added.calls).toEqual([['one.vmgroup.roleadd', 1, 'ROLE=[\nNAME="cache",\nPOLICY="AFFINED"]']]);
    const updated = await type('onevmgroup role-update 1 db', answers, { stdin: 'ROLE = [ POLICY="AFFINED" ]' });
    expect(updated.calls.at(-1)).toEqual(['one.vmgroup.roleupdate', 1, 1, 'ROLE = [ POLICY="AFFINED" ]']);
  });
});

describe('onevntemplate', () => {
  it('makes several networks with the range of the flags', async () => {
    const answers = { 'one.vntemplate.instantiate': 9 };
    const { stdout, calls } = await type('onevntemplate instantiate 1 --name n-%i --multiple 2', answers, {
      stdin: 'BRIDGE="b"\n',
    });
    expect(stdout).toBe('VN ID: 9\nVN ID: 9\n');
    expect(calls.map(([, ...params]) => params)).toEqual([
      [1, 'n-0', 'BRIDGE="b"\n'],
      [1, 'n-1', 'BRIDGE="b"\n'],
    ]);
  });
});

describe('onehost monitoring', () => {
  const at = (hour: number) => Date.UTC(2026, 10, 23, hour, 30) / 1000;
  const sample = (hour: number, cpu: number) =>
    `<MONITORING><TIMESTAMP>${at(hour)}</TIMESTAMP><ID>0</ID><CAPACITY><FREE_CPU>${cpu}</FREE_CPU><FREE_MEMORY>1572864</FREE_MEMORY></CAPACITY></MONITORING>`;
  const data = {
    'one.host.monitoring': `<MONITORING_DATA>${sample(11, 300)}${sample(9, 100)}${sample(10, 200)}</MONITORING_DATA>`,
  };

  it.each([
    ['onehost monitoring 0 free_cpu --csv ;', 'TIME;VALUE\n09:30;100\n10:30;200\n11:30;300\n'],
    ['onehost monitoring 0 FREE_CPU --n 1 --csv ,', 'TIME,VALUE\n11:30,300\n'],
    ['onehost monitoring 0 CAPACITY/FREE_CPU --n 1 --csv ,', 'TIME,VALUE\n11:30,300\n'],
    ['onehost monitoring 0 FREE_MEMORY --n 1 --csv ,', 'TIME,VALUE\n11:30,1.5 GB\n'],
    ['onehost monitoring 0 FREE_MEMORY --n 1 --csv , --unit M', 'TIME,VALUE\n11:30,1536.0 MB\n'],
  ])('%s', async (line, stdout) => {
    expect(await type(line, data)).toMatchObject({ stdout, stderr: '', exitCode: 0 });
  });

  it('has a title with its days', async () => {
    const { stdout } = await type(['onehost', 'monitoring', '0', 'FREE_CPU', '--end', '2026-11-23 10:45'], data);
    expect(stdout).toBe(
      '\nHost 0 FREE_CPU from 23/11/2026 09:30 to 23/11/2026 10:45\n\n    TIME    VALUE\n   09:30      100\n   10:30      200\n',
    );
  });

  it('says when nothing is known', async () => {
    expect(await type('onehost monitoring 0 NOTHING', data)).toMatchObject({
      stderr: 'No monitoring data found\n',
      exitCode: 255,
    });
  });
});
