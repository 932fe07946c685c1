/**
 * What the administrator of a cloud types: users with limits and tokens, groups and their rights, clusters, VDCs, hooks,
 * security groups, hosts and their values, address ranges, images and templates. Hosts and datastores are dummies.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useShell } from './shell.ts';

const shell = useShell({ hosts: 2 });
const { sh, refusal, until, file } = shell;

const idOf = async (line: string, stdin?: string) => (await sh(line, stdin)).replace(/^ID: (\d+)\n$/, '$1');

describe('users', () => {
  it('are created in groups, disabled, and given other passwords', async () => {
    await sh('onegroup create staff');
    await sh('oneuser create alice secret --group staff,users');
    expect(await sh('oneuser list --no-header -l NAME,ENABLED,GROUP,AUTH -f NAME=alice')).toBe(
      'alice      yes  staff    core\n',
    );
    expect(await sh('oneuser --user alice --password secret show')).toMatch(/^USER \d+ INFORMATION/);
    await sh('oneuser passwd alice other');
    await sh('oneuser disable alice');
    expect(await sh('oneuser list --no-header -l ENABLED -f NAME=alice')).toBe('no\n');
    await sh('oneuser enable alice');
    await sh('oneuser chauth alice core secret');
    await sh('oneuser chgrp alice users');
    await sh('oneuser addgroup alice oneadmin');
    await sh('oneuser delgroup alice oneadmin');
    await sh('oneuser umask alice 137');
    expect(await sh('oneuser show alice')).toContain('UMASK="137"\n');
    expect(await refusal('oneuser create alice secret')).toContain('NAME is already taken by USER');
  });

  it('have limits, their own and those of all', async () => {
    await file('quota', 'VM = [ VMS = 2, MEMORY = 1024, CPU = 2.5 ]\nDATASTORE = [ ID = 1, IMAGES = 3 ]\n');
    await sh('oneuser quota alice quota');
    expect(await sh('oneuser list --no-header -l VMS,MEMORY,CPU -f NAME=alice')).toBe(
      '  0 /   2     0M /  1024M  0.0 / 2.5\n',
    );
    await sh('oneuser batchquota alice,serveradmin quota');
    await file('defaults', 'VM = [ VMS = 9 ]\n');
    await sh('oneuser defaultquota defaults');
    await sh('oneuser create carl secret');
    expect(await sh('oneuser list --no-header -l VMS -f NAME=carl')).toBe('  0 /   9\n');
    await sh('oneuser delete carl');
    await sh('onegroup quota staff quota');
    expect(await sh('onegroup show staff')).toContain('VMS USAGE & QUOTAS');
  });

  it('log in with tokens', async () => {
    const auth = join(shell.commands.folder, 'alice_auth');
    await file('alice_auth', 'alice:secret');
    const token = `ONE_AUTH=${auth} oneuser`;
    expect(await sh(`${token} token-create --time 600 --force`)).toMatch(
      /^Authentication Token is:\nalice:[0-9a-f]+\n$/,
    );
    expect(await sh(`${token} show`)).toContain('TOKENS');
    expect(await refusal('oneuser token-set')).toMatch(/^One of these options must be supplied:\n/);
    await sh('oneuser token-delete-all alice');
    expect(await refusal('oneuser login alice')).toMatch(/^Password: \nNobody is there to answer/);
  });
});

describe('rights', () => {
  it('are given and taken', async () => {
    const alice = await sh("oneuser list --no-header -l ID -f NAME=alice | tr -d ' \\n'");
    const rule = await idOf(`oneacl create "#${alice} HOST/* MANAGE"`);
    expect(await sh(`oneacl list --no-header -l USER,RID,OPE_UMAC,ZONE -f ID=${rule}`)).toBe(
      `${`#${alice}`.padStart(8)}     *     -m--    #0\n`,
    );
    await sh(`oneacl delete ${rule}`);
    expect(await refusal(`oneacl delete ${rule}`)).toContain(`Rule ${rule} does not exist`);
    expect(await refusal('oneacl create "#a HOST/* MANAGE"')).not.toBe('');
  });

  it('belong to administrators of groups', async () => {
    await sh('onegroup addadmin staff alice');
    expect(await sh('onegroup show staff')).toMatch(/\n +\d+ +\*/);
    await sh('onegroup deladmin staff alice');
    await sh('onegroup update staff --append', 'LABELS = "ours"\n');
    expect(await sh('onegroup show staff')).toContain('LABELS="ours"\n');
  });

  it('come from VDCs', async () => {
    await sh('onevdc create blue');
    await sh('onevdc addgroup blue staff');
    await sh('onevdc addcluster blue 0 ALL');
    await sh('onevdc addhost blue 0 dummy-1');
    await sh('onevdc adddatastore blue 0 dummies');
    expect(await sh('onevdc list --no-header -l NAME,GROUPS,CLUSTERS,HOSTS,VNETS,DATASTORES -f NAME=blue')).toBe(
      'blue                   1        ALL          1          0          1\n',
    );
    await sh('onevdc delhost blue 0 dummy-1');
    await sh('onevdc rename blue red');
    expect(await sh('onevdc show red')).not.toContain('HOSTS');
    await sh('onevdc delgroup red staff');
    await sh('onevdc delete red');
  });
});

describe('clusters', () => {
  it('take hosts, datastores and networks', async () => {
    await file('net', 'NAME=private\nVN_MAD=dummy\nBRIDGE=br0\nAR=[ TYPE=IP4, IP=10.0.0.1, SIZE=50 ]\n');
    await sh('onevnet create net');
    await sh('onecluster create east');
    await sh('onecluster addhost east dummy-2');
    await sh('onecluster adddatastore east dummies');
    await sh('onecluster addvnet east private');
    expect(await sh('onecluster list --no-header -l NAME,HOSTS,VNETS,DATASTORES -f NAME=east')).toBe(
      'east                     1          1          1\n',
    );
    expect(await sh('onecluster show east')).toContain('CLUSTER RESOURCES');
    expect(await refusal('onecluster delete east')).toContain('Cannot delete cluster.');
    await sh('onecluster delhost east dummy-2');
    await sh('onecluster deldatastore east dummies');
    await sh('onecluster delvnet east private');
    await sh('onecluster delete east');
  });
});

describe('hosts', () => {
  it('are taken out of use and back', async () => {
    for (const [verb, state] of [
      ['disable', 'dsbl'],
      ['offline', 'off'],
      ['enable', 'on'],
    ] as const) {
      await sh(`onehost ${verb} dummy-1`);
      await until('onehost list --no-header -l STAT -f NAME=dummy-1', state);
    }
    await sh('onehost flush dummy-2');
    await sh('onehost enable dummy-2');
    expect(await sh('onehost forceupdate')).toBe('All hosts updated successfully.\n');
    await until('onehost list --no-header -l STAT | sort -u', 'on');
    expect(await sh('onehost sync')).toBe(
      'Nothing to copy: drivers run on the front-end, hosts hold no files of theirs.\n',
    );
  });

  it('tell how a value went on', async () => {
    expect(await sh('onehost monitoring dummy-1 FREE_CPU --csv ";" --n 1')).toMatch(/^TIME;VALUE\n\d\d:\d\d;\d+\n$/);
    expect(await sh('onehost monitoring dummy-1 free_memory')).toMatch(
      /^\nHost \d+ FREE_MEMORY in GB from .* to .*\n\n {4}TIME {4}VALUE\n( +\d\d:\d\d +[\d.]+ GB\n)+$/,
    );
  });
});

describe('hooks', () => {
  it('are created, run, and tell how that ended', async () => {
    const id = await idOf('onehook create', 'NAME=told\nTYPE=api\nCALL="one.group.update"\nCOMMAND="/bin/false"\n');
    expect(await sh('onehook list --no-header -l NAME,TYPE')).toBe('told                api\n');
    expect(await sh('onehook log')).toBe('');
    await sh('onegroup update staff --append', 'NOTE = "1"\n');
    await until("onehook log --error | awk '{print $NF}'", 'EXECUTION\nERROR');
    expect(await sh('onehook log --success')).toBe('');
    expect(await sh(`onehook show ${id}`)).toMatch(/\nEXECUTION LOG\n.*\n {4}0 .* 1 +ERROR\n/);
    expect(await sh(`onehook show ${id} --execution 0`)).toContain('COMMAND           : /bin/false');
    await sh('onehook retry told 0');
    await until('onehook log --hook-id 0 | wc -l', '3');
    await sh('onehook lock told');
    expect(await sh('onehook show told')).toContain('LOCK              : Use');
    await sh('onehook unlock told');
    await sh('onehook update told --append', 'LABELS = "mine"\n');
    expect(await sh('onehook show told')).toContain('LABELS="mine"\n');
    await sh('onehook rename told other');
    await sh('onehook delete other');
    expect(await sh('onehook list --no-header')).toBe('');
  });
});

describe('networks', () => {
  it('have ranges, addresses on hold and reservations', async () => {
    await sh('onevnet addar private --ip 10.1.0.1 --size 10');
    await sh('onevnet updatear private 1', 'AR = [ AR_ID = 1, GATEWAY = "10.1.0.254" ]\n');
    await sh('onevnet hold private 10.1.0.5');
    expect(await sh('onevnet show private')).toMatch(/\n1 +V:-1 /);
    await sh('onevnet release private 10.1.0.5');
    expect(await sh('onevnet reserve private --name mine --size 5 --address_range 1')).toMatch(
      /^Reservation VNET ID: \d+\n$/,
    );
    expect(await sh('onevnet list --no-header -l NAME,LEASES')).toBe(
      'mine                 0\nprivate              5\n',
    );
    expect(await sh('onevnet orphans')).toMatch(/^\d+\n\d+\n$/);
    await sh('onevnet delete mine');
    await sh('onevnet rmar private 1');
  });

  it('have security groups', async () => {
    await file('http', 'NAME=http\nRULE=[ PROTOCOL=TCP, RULE_TYPE=inbound, RANGE="80,443" ]\n');
    await sh('onesecgroup create http');
    await sh('onesecgroup clone http https');
    expect(await sh('onesecgroup show https')).toMatch(/\nINBOUND +TCP +Any +80,443\n/i);
    await sh('onesecgroup delete http,https');
  });
});

describe('images and templates', () => {
  it('are copied, changed and locked', async () => {
    await sh('oneimage create -d dummies --name os --path /etc/hostname');
    await until('oneimage list --no-header -l STAT', 'rdy');
    await sh('oneimage clone os copy --datastore dummies');
    await until('oneimage list --no-header -l STAT -f NAME=copy', 'rdy');
    await sh('oneimage chtype copy CDROM');
    await sh('oneimage disable copy');
    expect(await sh('oneimage list --no-header -l TYPE,STAT -f NAME=copy')).toBe('CD   disa\n');
    await sh('oneimage enable copy');
    await sh('oneimage lock os --admin');
    expect(await sh('oneimage show os')).toContain('LOCK           : Admin');
    await sh('oneimage unlock os');
    expect(await sh('oneimage orphans')).toMatch(/^\d+\n\d+\n$/);
    expect(await sh('onetemplate create --name web --cpu 1 --memory 64 --disk os --dry')).toBe(
      'NAME="web"\nCPU=1.0\nMEMORY=64\nDISK=[\n  IMAGE="os"\n]\n',
    );
    await sh('onetemplate create --name web --cpu 1 --memory 64 --disk os');
    await sh('onetemplate clone web other --recursive');
    await until('oneimage list --no-header -l STAT | sort -u', 'rdy');
    await sh('onetemplate chmod other 644 --recursive');
    await sh('onetemplate delete other --recursive');
    await sh('onetemplate lock web');
    expect(await sh('onetemplate show web')).toContain('LOCK           : Use');
  });
});

describe('virtual routers', () => {
  it('are created with NICs, run as VMs, and go with them', async () => {
    await sh(
      'onevnet create',
      'NAME = "routed"\nVN_MAD = "dummy"\nBRIDGE = "br9"\nAR = [ TYPE = "IP4", IP = "192.0.2.50", SIZE = "8" ]\n',
    );
    await file('appliance', 'NAME = "appliance"\nVROUTER = "YES"\nCPU = "0.1"\nMEMORY = "64"\n');
    await sh('onetemplate create appliance');
    const id = await idOf('onevrouter create', 'NAME = "gate"\nNIC = [ NETWORK = "routed", FLOATING_IP = "YES" ]\n');
    await sh('onevrouter instantiate gate appliance --multiple 2 --hold --name gate-%i');
    expect(await sh('onevm list --no-header -l NAME,STAT -f NAME~gate | sort')).toMatch(
      /^gate-0 +hold\ngate-1 +hold\n$/,
    );
    expect(await refusal('onevrouter nic-attach gate --network routed --float')).toContain('wrong state HOLD');
    await sh('onevm terminate --hard gate-0,gate-1');
    await sh('onevrouter nic-attach gate --network routed --ip 192.0.2.57 --float');
    const page = await sh('onevrouter show gate');
    expect(page).toMatch(/^VIRTUAL ROUTER \d+ INFORMATION/);
    expect(page).toMatch(/ 1 routed +NO /);
    await sh('onevrouter update gate --append', 'DESCRIPTION = "of the lab"\n');
    expect(await sh('onevrouter show gate --all')).toContain('DESCRIPTION="of the lab"');
    expect(await sh('onevnet show routed')).toMatch(new RegExp(`R:${id} `));
    await sh('onevrouter nic-detach gate 1');
    await sh('onevrouter lock gate');
    expect(await refusal('onevrouter delete gate')).toContain('VROUTER is locked');
    await sh('onevrouter unlock gate');
    await sh('onevrouter delete gate');
    expect(await sh('onevnet list --no-header -l LEASES -f NAME=routed')).toBe('     0\n');
  });
});

describe('what groups and zones keep beside', () => {
  it('says which VLANs members may name', async () => {
    await file('rules', 'RULE = [ ID = "100-199", SCOPE = "vlan_id" ]\n');
    await sh('onegroup vlan users rules');
    expect(await sh('onegroup show users')).toMatch(/VLAN RULES[\s\S]*100-199/);
    await file('wrong', 'RULE = [ ID = "x", SCOPE = "VLAN_ID" ]\n');
    expect(await refusal('onegroup vlan users wrong')).toContain('Invalid ID specification.');
    await file('none', '');
    await sh('onegroup vlan users none');
  });

  it('lists further servers', async () => {
    await sh('onezone server-add 0 --name second --rpc http://second:2633/RPC2');
    expect(await sh('onezone show 0')).toContain('http://second:2633/RPC2');
    await sh('onezone server-reset 0 0');
    await sh('onezone server-del 0 0');
    expect(await refusal('onezone server-del 0 0')).toContain('SERVER not found in zone');
  });
});

describe('marketplaces', () => {
  it('offer images and VM templates, which are made again', async () => {
    const id = await idOf('onemarket create', 'NAME = "shelf"\nMARKET_MAD = "dummy"\n');
    await sh('onemarket update shelf --append', 'DESCRIPTION = "of the lab"\n');
    expect(await sh('onemarket show shelf')).toContain('DESCRIPTION="of the lab"');
    await idOf('oneimage create -d default --name seed --type DATABLOCK --size 1');
    await until('oneimage list --no-header -l STAT -f NAME=seed', 'rdy');
    await sh('onemarketapp create -m shelf --name tiny --image seed --description small');
    await until('onemarketapp list --no-header -l STAT,TYPE -f NAME=tiny', 'rdy  img');
    expect(await sh('onemarketapp show tiny')).toContain('DESCRIPTION    : small');
    expect(await sh('onemarketapp export tiny grown -d default')).toMatch(/^IMAGE\n {4}ID: \d+\n$/);

    await sh('onemarketapp disable tiny');
    expect(await refusal('onemarketapp export tiny again -d default')).toBe('App is not READY\n');
    await sh('onemarketapp enable tiny');
    await sh('onemarketapp lock tiny');
    expect(await sh('onemarketapp show tiny')).toContain('LOCK           : Use');
    await sh('onemarketapp unlock tiny');

    await file('offered', 'NAME = "offered"\nCPU = 1\nMEMORY = 64\nDISK = [ IMAGE = "seed" ]\n');
    await sh('onetemplate create offered');
    await sh(`onemarketapp vm-template import offered --yes --market ${id} --vmname machine`);
    const made = await sh('onemarketapp export machine remade -d default');
    expect(made).toMatch(/^IMAGE\n {4}ID: \d+\nVMTEMPLATE\n {4}ID: \d+\n$/);
    const image = /ID: (\d+)/.exec(made)?.[1];
    expect(await sh('onetemplate show remade')).toContain(`DISK=[\n  IMAGE_ID="${image}" ]`);

    expect(await refusal('onemarket delete shelf')).toContain('is not empty');
    await sh('onemarket disable shelf');
    expect(await sh('onemarketapp list --no-header -f MARKET=shelf')).toBe('');
    await sh('onemarket delete shelf');
  });
});

describe('what is not there', () => {
  it.each([
    ['onevrouter list', '  ID USER     GROUP    NAME           \n'],
    ['onevmgroup list', '  ID USER     GROUP    NAME            VMS  ROLES                               \n'],
    ['onevntemplate list', '  ID USER     GROUP    NAME                    REGTIME\n'],
    ['oneshowback list', ''],
  ])('is listed: %s', async (line, printed) => {
    expect(await sh(line)).toBe(printed);
  });

  it.each(['onecluster optimize default', 'onezone delete 5'])('is refused with a reason: %s', async (line) => {
    expect(await refusal(line)).not.toBe('');
  });
});
