/**
 * A whole life as a user types it in a shell, against the embedded front-end with dummy drivers: datastore, image,
 * network, host, template, VM, and their end. Layouts are those of OpenNebula's commands.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMAND_NAMES } from '../../../src/opennebula/command-names.ts';
import { useShell } from './shell.ts';

const shell = useShell({ hosts: 0 });
const { sh, until, file } = shell;

describe('a cloud made by hand', () => {
  it('has datastores', async () => {
    await sh('onedatastore create', 'NAME = dummy_sys\nTYPE = SYSTEM_DS\nTM_MAD = dummy\n');
    await file('ds', 'NAME = dummy_img\nDS_MAD = dummy\nTM_MAD = dummy\n');
    const id = (await sh("onedatastore create ds | awk '{print $2}'")).trim();
    expect(await sh(`onedatastore show ${id} -x | xpath.rb /DATASTORE/STATE | tr -d '\\0'`)).toBe('0');
    expect(await sh('onedatastore list --no-header -l NAME,TYPE,DS,TM,STAT -f NAME=dummy_img')).toBe(
      'dummy_img  img  dummy   dummy   on\n',
    );
  });

  it('has images', async () => {
    expect(await sh('oneimage create -d dummy_img --name web --path /etc/hostname')).toMatch(/^ID: \d+\n$/);
    await until('oneimage show web -x | xpath.rb /IMAGE/STATE', '1');
    await sh('oneimage create -d dummy_img --name data --type DATABLOCK --size 200 --fstype ext3 --persistent');
    await until('oneimage show data -x | xpath.rb /IMAGE/STATE', '1');
    expect(await sh('oneimage list -l NAME,DATASTORE,TYPE,PERSISTENT,STAT')).toBe(
      [
        'NAME            DATASTORE  TYPE PER STAT',
        'data            dummy_img  DB   Yes rdy',
        'web             dummy_img  OS    No rdy',
        '',
      ].join('\n'),
    );
    await sh('oneimage nonpersistent data');
    await sh('oneimage persistent data');
  });

  it('has a network', async () => {
    const network = [
      'NAME = private',
      'BRIDGE = docker0',
      'VN_MAD = dummy',
      'NETWORK_ADDRESS = 172.17.10.0',
      'AR = [ TYPE = "IP4", IP = "172.17.10.1", SIZE = "100" ]',
    ].join('\n');
    expect(await sh('onevnet create', `${network}\n`)).toMatch(/^ID: \d+\n$/);
    expect(await sh('onevnet show private')).toContain(
      'IP                                172.17.10.1                      172.17.10.100\n',
    );
  });

  it('has a host', async () => {
    expect(await sh('onehost create dummyhost01 -i dummy -v dummy -n dummy')).toMatch(/^ID: \d+\n$/);
    await until("onehost list | grep dummyhost01 | awk '{print $13}'", 'on');
    const [row = ''] = (await sh('onehost list --no-header')).split('\n');
    expect(row).toMatch(/^ {3}\d dummyhost01 {5}default {6}0 {7}0 \/ \d+ \(0%\) +0K \/ \d+(\.\d)?[MG] \(0%\) on$/);
  });

  it('has a template, from flags', async () => {
    const placed = '--raw \'SCHED_DS_REQUIREMENTS="NAME=dummy_sys"\'';
    await sh(`onetemplate create --name web --cpu 0.1 --memory 64 --disk web --nic private --net_context ${placed}`);
    expect(await sh('onetemplate show web')).toContain(
      [
        'TEMPLATE CONTENTS                                                               ',
        'CONTEXT=[',
        '  NETWORK="YES" ]',
        'CPU="0.1"',
        'DISK=[',
        '  IMAGE="web" ]',
        'MEMORY="64"',
        'NIC=[',
        '  NETWORK="private" ]',
        'SCHED_DS_REQUIREMENTS="NAME=dummy_sys"',
        '',
      ].join('\n'),
    );
  });
});

describe('a VM', () => {
  it('is created from a file and deployed by hand', async () => {
    await file(
      'vm',
      'NAME=first\nCPU=0.1\nMEMORY=64\nDISK=[ IMAGE=web ]\nNIC=[ NETWORK=private ]\nCONTEXT=[ NETWORK="YES" ]\n',
    );
    expect(await sh('onevm create vm --hold')).toBe('ID: 0\n');
    expect(await sh('onevm list --no-header -l ID,NAME,STAT,CPU,MEM,HOST')).toBe(
      '   0 first           hold  0.1     64M\n',
    );
    await sh('onevm deploy first dummyhost01 dummy_sys');
    await until('onevm show 0 -x | xpath.rb /VM/LCM_STATE', '3');
    expect(await sh('onevm list --no-header -l ID,USER,GROUP,NAME,STAT,CPU,MEM,HOST')).toBe(
      '   0 oneadmin oneadmin first           runn  0.1     64M dummyhost0\n',
    );
  });

  it('is shown in all forms', async () => {
    const page = await sh('onevm show 0');
    expect(page).toContain('VIRTUAL MACHINE 0 INFORMATION');
    expect(page).toContain('STATE               : ACTIVE\nLCM_STATE           : RUNNING\n');
    expect(page).toContain('  0 private              docker0      172.17.10.1     02:00:ac:11:0a:01\n');
    expect(JSON.parse(await sh('onevm show 0 -j'))).toMatchObject({
      VM: { NAME: 'first', TEMPLATE: { DISK: [{ IMAGE: 'web' }], NIC: [{ IP: '172.17.10.1' }] } },
    });
    expect(
      await sh(
        "onevm show 0 -x | xpath.rb /VM/TEMPLATE/NIC/IP '/VM/HISTORY_RECORDS/HISTORY[last()]/HOSTNAME' | tr '\\0' ' '",
      ),
    ).toBe('172.17.10.1 dummyhost01 ');
    expect(await sh('onevm show 0 -y')).toContain('  NAME: first\n');
    expect(await sh('onevm list --csv -l ID,NAME,STAT')).toBe('ID,NAME,STAT\n0,first,runn\n');
  });

  it('is powered off and resumed', async () => {
    await sh('onevm poweroff first');
    await until('onevm list --no-header -l STAT', 'poff');
    await sh('onevm resume 0');
    await until('onevm list --no-header -l STAT', 'runn');
  });

  it('is renamed, updated and given away', async () => {
    await sh('onevm rename 0 second');
    await sh('onevm update second -a', 'LABELS = "mine"\n');
    await sh('onevm chmod second 644');
    await sh('onegroup create staff');
    await sh('oneuser create alice secret --group staff');
    await sh('onevm chown second alice staff');
    const page = await sh('onevm show second');
    expect(page).toContain('USER                : alice\nGROUP               : staff\n');
    expect(page).toContain('OWNER               : um-\nGROUP               : u--\nOTHER               : u--\n');
    expect(page).toContain('LABELS="mine"\n');
  });

  it('is seen by its owner, who may not do everything', async () => {
    await file('alice_auth', 'alice:secret\n');
    const env = { ONE_AUTH: join(shell.commands.folder, 'alice_auth') };
    expect(await shell.commands.sh('onevm list m --no-header -l NAME', { env })).toMatchObject({ stdout: 'second\n' });
    expect(await shell.commands.sh('onevm recover 0 --delete', { env })).toMatchObject({ stdout: '', exitCode: 255 });
    expect((await shell.commands.sh('onehost list --no-header', { env })).stdout).toBe('');
  });

  it('is one of several that are instantiated', async () => {
    expect(await sh('onetemplate instantiate web --name web-%i -m 3')).toBe('VM ID: 1\nVM ID: 2\nVM ID: 3\n');
    await until('onevm list --no-header -f STAT=runn -l ID | wc -l', '4');
    expect(await sh('onevm list --no-header -l NAME -f NAME~web')).toBe('web-2\nweb-1\nweb-0\n');
  });

  it('cannot do what its state does not allow', async () => {
    expect(await shell.commands.sh('onevm release 0')).toEqual({
      stdout: '',
      stderr: '[one.vm.action] Error performing action "release": This action is not available for state RUNNING\n',
      exitCode: 255,
    });
  });
});

describe('what is in use', () => {
  it.each([
    ['oneimage delete web', '[one.image.delete] Cannot delete image. There are 4 VMs using it.\n'],
    [
      'onevnet delete private',
      '[one.vn.delete] Cannot delete virtual network. Can not remove a virtual network with leases in use\n',
    ],
    ['onehost delete dummyhost01', '[one.host.delete] Cannot delete host. Can not remove a host with running VMs\n'],
    ['onevm show 77', '[one.vm.info] Error getting virtual machine [77].\n'],
    ['onevm show nope', 'VM named nope not found.\n'],
  ])('is not deleted: %s', async (line, stderr) => {
    expect(await shell.commands.sh(line)).toEqual({ stdout: '', stderr, exitCode: 255 });
  });
});

describe('the end', () => {
  it('comes by terminate, shutdown and delete', async () => {
    await sh('onevm terminate 0');
    await sh('onevm shutdown 1');
    await sh('onevm delete 2,3');
    await until('onevm list --no-header', '');
    expect(await sh('onevm show 0')).toContain('STATE               : DONE\n');
  });

  it('leaves nothing behind', async () => {
    await until('oneimage show web -x | xpath.rb /IMAGE/STATE', '1');
    await sh('oneimage delete web,data');
    await until('oneimage list --no-header', '');
    await sh('onetemplate delete web');
    await sh('onevnet delete private');
    await sh('onehost delete dummyhost01');
    await sh('onedatastore delete dummy_img,dummy_sys');
    await sh('oneuser delete alice');
    await sh('onegroup delete staff');
    expect(await sh('onehost list --no-header; onevnet list --no-header; onetemplate list --no-header')).toBe('');
  });
});

describe('a command', () => {
  it.each(COMMAND_NAMES)('says what it does: %s', async (name) => {
    expect(await sh(`${name} --help`)).toContain(name);
  });

  it('does not wait for an open standard input into which nobody writes', async () => {
    // There is something to kill: the command ended before what holds its input open.
    await sh('mkfifo idle; sleep 60 > idle & EDITOR=true onecluster update default < idle && kill $!');
  });
});
