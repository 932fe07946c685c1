/**
 * Everything that is typed at a VM between its creation and its end: disks, NICs, snapshots, capacity, configuration,
 * other hosts, recovery, locks, what is scheduled, and what remains of it. Hosts and datastores are dummies.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { useShell } from './shell.ts';

const { sh, refusal, until, file } = useShell({ hosts: 2 });

const runs = () => until('onevm list --no-header -l STAT -f NAME=web', 'runn');
const show = (path: string) => `onevm show web -x | xpath.rb ${path} | tr '\\0' ' '`;

beforeAll(async () => {
  await file('net', 'NAME=private\nVN_MAD=dummy\nBRIDGE=br0\nAR=[ TYPE=IP4, IP=10.0.0.1, SIZE=50 ]\n');
  await sh('onevnet create net');
  await sh('oneimage create -d dummies --name os --path /etc/hostname');
  await sh('oneimage create -d dummies --name data --type DATABLOCK --size 100');
  await until('oneimage list --no-header -l STAT | sort -u', 'rdy');
  await sh('onetemplate create --name web --cpu 0.5 --memory 64 --disk os --nic private --net_context');
  await sh('onetemplate instantiate web --name web --hold');
  await sh('onevm deploy web dummy-1 dummy-system');
  await runs();
});

describe('disks', () => {
  it('are attached: an image, and a volatile one from a file or a pipe', async () => {
    await sh('onevm disk-attach web --image data --target vdz');
    await runs();
    await file('disk', 'DISK = [ TYPE = fs, SIZE = 10 ]\n');
    await sh('onevm disk-attach web --file disk');
    await runs();
    await sh('onevm disk-attach web', 'DISK = [ TYPE = swap, SIZE = 20 ]\n');
    await runs();
    const page = await sh('onevm show web');
    expect(page).toContain('  2 dummies    vdz    data                                -/100M    file   NO\n');
    expect(page).toContain('  3 dummy-syst sdc    raw - 10M                           -/10M     fs     NO\n');
    expect(await refusal('onevm disk-attach web')).toBe(
      'Provide a template or an image:\n\t--file  <file>\n\t--image <image>\n',
    );
  });

  it('are resized and detached', async () => {
    await sh('onevm disk-resize web 2 200');
    await runs();
    expect(await sh(show("'/VM/TEMPLATE/DISK[DISK_ID=2]/SIZE'"))).toBe('200 ');
    expect(await refusal('onevm disk-resize web 2 100')).toBe(
      "New size '100' must be larger than current size '200'\n",
    );
    await sh('onevm disk-detach web 3');
    await runs();
    await sh('onevm disk-detach web 4');
    await runs();
    expect(await sh(show("'%m%/VM/TEMPLATE/DISK/DISK_ID'"))).toBe('0 2 ');
  });

  it('have snapshots with names', async () => {
    await sh('onevm disk-snapshot-create web 0 first');
    await runs();
    await sh('onevm disk-snapshot-rename web 0 first before');
    expect(await sh('onevm disk-snapshot-list web 0')).toMatch(/\n=> {3}0 {4}0 {5}-1 .* -\/\S+ +before\n$/);
    expect(await refusal('onevm disk-snapshot-delete web 0 nothing')).toBe(
      'Snapshot nothing not found or duplicated\n',
    );
    await sh('onevm poweroff web');
    await until('onevm list --no-header -l STAT -f NAME=web', 'poff');
    await sh('onevm disk-snapshot-revert web 0 before');
    await until('onevm list --no-header -l STAT -f NAME=web', 'poff');
    await sh('onevm resume web');
    await runs();
  });

  it('are saved as images', async () => {
    expect(await sh('onevm disk-saveas web 0 saved --type OS')).toMatch(/^Image ID: \d+\n$/);
    await runs();
    await until('oneimage list --no-header -l STAT -f NAME=saved', 'rdy');
  });
});

describe('NICs', () => {
  it('are attached, with an address, with a name, as an alias', async () => {
    await sh('onevm nic-attach web --network private --ip 10.0.0.9 --nic_name second');
    await runs();
    await sh('onevm nic-attach web -n private --alias second');
    await runs();
    const page = await sh('onevm show web');
    expect(page).toContain('  1 private              br0          10.0.0.9        02:00:0a:00:00:09\n');
    expect(page).toContain('VM ALIAS');
  });

  it('are detached', async () => {
    await sh('onevm nic-detach web second');
    await runs();
    expect(await sh(show("'%m%/VM/TEMPLATE/NIC/NIC_ID'"))).toBe('0 ');
    expect(await refusal('onevm nic-detach web second')).toBe('NIC second not found or duplicated\n');
  });
});

describe('the whole VM', () => {
  it('has snapshots', async () => {
    await sh('onevm snapshot-create web clean');
    await runs();
    expect(await sh('onevm snapshot-list web')).toMatch(/\n {3}0 +\S+ \S+ clean +\S+\n$/);
    await sh('onevm snapshot-revert web clean');
    await runs();
    await sh('onevm snapshot-delete web 0');
    await runs();
    expect(await sh('onevm snapshot-list web')).toBe('No snapshots available\n');
  });

  it('moves to other hosts', async () => {
    await sh('onevm migrate --live web dummy-2');
    await runs();
    await sh('onevm migrate web dummy-1');
    await runs();
    await sh('onevm migrate --poff-hard web dummy-2');
    await runs();
    expect(await sh('onevm list --no-header -l HOST -f NAME=web')).toBe('dummy-2\n');
    expect(
      (await sh('onevm show web'))
        .split('\n')
        .filter((line) => / dummy-[12] /.test(line))
        .at(-1),
    ).toContain('none');
  });

  it('is resized and configured while it is off', async () => {
    await sh('onevm poweroff --hard web');
    await until('onevm list --no-header -l STAT -f NAME=web', 'poff');
    await sh('onevm resize web --cpu 0.25 --vcpu 2 --memory 0.5g');
    expect(await sh('onevm list --no-header -l CPU,MEM -f NAME=web')).toBe('0.25    512M\n');
    await sh('onevm updateconf web --append', 'CONTEXT = [ GREETING = "hello" ]\n');
    expect(await sh(show('/VM/TEMPLATE/CONTEXT/GREETING'))).toBe('hello ');
    expect(await sh('onevm save web copy')).toMatch(/^Template ID: \d+\n$/);
    await sh('onetemplate delete copy --recursive');
    await sh('onevm resume web');
    await runs();
  });

  it('is edited', async () => {
    await file('edit', '#!/bin/sh\necho LABELS=\\"mine\\" >> "$1"\n');
    await sh('chmod +x edit; EDITOR="./edit" onevm update web');
    expect(await sh('onevm show web')).toContain('LABELS="mine"\n');
    await sh('EDITOR=\'sh -c "echo NOTE=1 > \\$0"\' onevm update web --append');
    expect(await sh('onevm show web')).toContain('LABELS="mine"\nNOTE="1"\n');
  });

  it('is locked', async () => {
    await sh('onevm lock web --use');
    expect(await sh('onevm show web')).toContain('LOCK                : Use\n');
    await sh('onevm unlock web');
    expect(await sh('onevm show web')).toContain('LOCK                : None\n');
  });

  it('is marked for the scheduler', async () => {
    await sh('onevm resched web');
    await until('onevm list --no-header -l NAME,STAT -f STAT=runn', 'web             runn');
    await sh('onevm unresched web');
  });
});

describe('what is scheduled', () => {
  it('is shown, changed and taken back', async () => {
    const at = '2035-01-01 10:00';
    expect(await sh(`onevm poweroff web --schedule "${at}" --weekly 1,5 --end 3`)).toBe(
      'VM 0: poweroff scheduled at 2035-01-01 10:00:00 +0000\n',
    );
    expect(await sh(`onevm snapshot-create web nightly --schedule "${at}" --hourly 12`)).toContain('snapshot-create');
    expect(await sh('onevm show web')).toMatch(
      / {4}0 +poweroff +- 01\/01 10:00 +Weekly 1,5 +After 3 times Next in \S+ days\n/,
    );
    await file('action', 'ACTION = "hold"\n');
    await sh('onevm sched-update web 0 action');
    expect(await sh(show("'/VM/TEMPLATE/SCHED_ACTION[ID=0]/ACTION'"))).toBe('hold ');
    await sh('onevm sched-delete web 0');
    await sh('onevm sched-delete web 1');
    expect(await sh('onevm show web')).not.toContain('SCHEDULED ACTIONS');
    expect(await refusal('onevm sched-delete web 1')).toMatch(/^Error deleting: \[one\.vm\.scheddelete\] /);
  });

  it('is a charter', async () => {
    expect(await sh('onevm create-chart web')).toMatch(/^VM 0: suspend scheduled after \+\d+s from start\n/);
    await sh('onevm delete-chart web 2');
    await sh('onevm delete-chart web 3');
  });

  it('is done at its time', async () => {
    await sh('onevm suspend web --schedule now');
    await until('onevm list --no-header -l STAT -f NAME=web', 'susp');
    await sh('onevm resume web');
    await runs();
  });
});

describe('recovery', () => {
  it('wants to be told how', async () => {
    expect(await refusal('onevm recover web')).toMatch(/^Need to specify the result of the pending action\.\n/);
    expect(await refusal('onevm recover web --retry --interactive')).toBe(
      'recover --interactive is not supported; use --retry alone.\n',
    );
  });

  it('makes a VM anew', async () => {
    await sh('onevm recover web --recreate');
    await runs();
    expect(await sh('onevm list --no-header -l ID,NAME')).toBe('   0 web\n');
  });
});

describe('what remains', () => {
  it('is an account of every stay', async () => {
    await sh('onevm terminate --hard web');
    await until('onevm list --no-header', '');
    const rows = (await sh('oneacct --csv -l VID,HOSTNAME,ACTION')).trim().split('\n');
    expect(rows[0]).toBe('VID,HOSTNAME,ACTION');
    expect(rows).toContain('0,dummy-2,poweroff-hard');
    expect(await sh('oneacct -H dummy-1 --xpath "HISTORY[SEQ=0]" --csv -l SEQ | tail -1')).toMatch(/^\d+\n$/);
    expect(JSON.parse(await sh('oneacct -j')).HISTORY_RECORDS.HISTORY.length).toBe(rows.length - 1);
    expect(await sh('oneacct')).toContain('# User 0');
  });

  it('are free addresses and images', async () => {
    expect(await sh('onevnet list --no-header -l LEASES')).toBe('     0\n');
    expect(await sh('oneimage list --no-header -l RVMS | sort -u')).toBe('   0\n');
  });
});
