/** What the commands send to the front-end for what users type, and what they say of it. */
import { describe, expect, it } from 'vitest';
import type { XmlRpcValue } from '../../../src/opennebula/xmlrpc.ts';
import type { Answers } from '../../support/stub-frontend.ts';
import { type } from './type.ts';

const refused = { code: 2048, message: '[one.vm.action] wrong state' };
const HOSTS = '<HOST_POOL><HOST><ID>4</ID><NAME>host-1</NAME></HOST></HOST_POOL>';
const VMS =
  '<VM_POOL><VM><ID>8</ID><NAME>web</NAME></VM><VM><ID>9</ID><NAME>db</NAME></VM><VM><ID>10</ID><NAME>db</NAME></VM></VM_POOL>';

describe('which objects are meant', () => {
  it.each([
    ['7', [7]],
    ['1..3', [1, 2, 3]],
    ['1,3,7..9', [1, 3, 7, 8, 9]],
    ['web,12', [8, 12]],
  ])('%s', async (typed, ids) => {
    const { calls, exitCode } = await type(`onevm hold ${typed}`, { 'one.vm.action': 0, 'one.vmpool.info': VMS });
    expect(calls.filter(([method]) => method === 'one.vm.action')).toEqual(
      ids.map((id) => ['one.vm.action', 'hold', id]),
    );
    expect(exitCode).toBe(0);
  });

  it('is said when a name is taken twice', async () => {
    expect(await type('onevm hold db', { 'one.vmpool.info': VMS })).toMatchObject({
      stderr: 'There are multiple VMs with name db.\n',
      exitCode: 255,
    });
  });

  it('goes on behind one that fails, and fails at the end', async () => {
    const answers: Answers = { 'one.vm.action': (_action: XmlRpcValue, id: XmlRpcValue) => (id === 2 ? refused : 0) };
    const { calls, stderr, exitCode } = await type('onevm hold 1..3', answers);
    expect(calls.map(([, , id]) => id)).toEqual([1, 2, 3]);
    expect({ stderr, exitCode }).toEqual({ stderr: `${refused.message}\n`, exitCode: 255 });
  });

  it('is told with -v', async () => {
    const { stdout } = await type('onevm chmod 1,2 640 -v', { 'one.vm.chmod': 0 });
    expect(stdout).toBe('VM 1: Permissions changed\nVM 2: Permissions changed\n');
  });
});

describe('what is sent', () => {
  it.each<[line: string, method: string, params: readonly XmlRpcValue[]]>([
    ['onevm terminate --hard 7', 'one.vm.action', ['terminate-hard', 7]],
    ['onevm shutdown 7', 'one.vm.action', ['terminate', 7]],
    ['onevm delete 7', 'one.vm.recover', [7, 3]],
    ['onevm recover --delete-db 7', 'one.vm.recover', [7, 5]],
    ['onevm deploy 7 host-1', 'one.vm.deploy', [7, 4, false, -1, '']],
    ['onevm deploy 7 4 100 -e', 'one.vm.deploy', [7, 4, true, 100, '']],
    ['onevm migrate 7 host-1 --poff-hard', 'one.vm.migrate', [7, 4, false, false, -1, 2]],
    ['onevm migrate 7 host-1 --live', 'one.vm.migrate', [7, 4, true, false, -1, 0]],
    ['onevm chmod 7 u=rw,g=r', 'one.vm.chmod', [7, 1, 1, 0, 1, 0, 0, 0, 0, 0]],
    ['onevm chown 7 0', 'one.vm.chown', [7, 0, -1]],
    ['onevm chgrp 7 1', 'one.vm.chown', [7, -1, 1]],
    ['onevm lock 7 --manage', 'one.vm.lock', [7, 2, false]],
    ['onevm rename 7 new', 'one.vm.rename', [7, 'new']],
    ['onevm resize 7 --cpu 0.5 --memory 1g', 'one.vm.resize', [7, 'CPU = 0.5\nMEMORY = 1024\n', false]],
    ['onevm disk-attach 7 --image 3 --target vdb', 'one.vm.attach', [7, 'DISK = [ IMAGE_ID = 3, TARGET = vdb ]']],
    ['onevm disk-detach 7 1', 'one.vm.detach', [7, 1]],
    ['onevm nic-attach 7 -n 2 -i 10.0.0.9', 'one.vm.attachnic', [7, 'NIC = [ NETWORK_ID = 2, IP = 10.0.0.9 ]']],
    ['onevm disk-snapshot-create 7 0 before', 'one.vm.disksnapshotcreate', [7, 0, 'before']],
    ['onevm backupmode 7 FULL', 'one.vm.updateconf', [7, 'BACKUP_CONFIG = [ MODE="FULL" ]', 1]],
    ['onehost create h -i dummy -v dummy -n dummy', 'one.host.allocate', ['h', 'dummy', 'dummy', -1]],
    ['onehost disable host-1', 'one.host.status', [4, 1]],
    ['oneimage persistent 3', 'one.image.persistent', [3, true]],
    ['oneimage delete 3 --force', 'one.image.delete', [3, true]],
    ['oneimage chtype 3 cdrom', 'one.image.chtype', [3, 'CDROM']],
    ['onevnet hold 0 10.0.0.9 -a 1', 'one.vn.hold', [0, 'LEASES = [ IP = 10.0.0.9, AR_ID = 1]']],
    ['onevnet addar 0 -s 10 -i 10.0.0.1', 'one.vn.add_ar', [0, 'AR = [ TYPE="IP4", SIZE = 10, IP = 10.0.0.1]']],
    ['onevnet reserve 0 -n mine -s 5', 'one.vn.reserve', [0, 'SIZE = 5\nNAME = "mine"\n']],
    ['onetemplate chmod 2 600 -R', 'one.template.chmod', [2, 1, 1, 0, 0, 0, 0, 0, 0, 0, true]],
    ['oneuser create eve secret --group 1,100', 'one.user.allocate', ['eve', 'secret', 'core', [1, 100]]],
    ['oneuser addgroup 2 100', 'one.user.addgroup', [2, 100]],
    ['onecluster addhost 100 host-1', 'one.cluster.addhost', [100, 4]],
    ['onevm list m -x', 'one.vmpool.info', [-3, -1, -1, -1]],
    ['onevm list G -x', 'one.vmpool.info', [-4, -1, -1, -1]],
    ['onevm list -x --extended', 'one.vmpool.infoextended', [-2, -1, -1, -1]],
    ['oneuser show', 'one.user.info', [-1, false]],
    [
      'onezone server-add 0 -n a -r http://a/RPC2',
      'one.zone.addserver',
      [0, 'SERVER = [\n  NAME="a",\n  ENDPOINT="http://a/RPC2",\n  ENDPOINT_GRPC=""\n]\n'],
    ],
    ['onezone server-del 0 1', 'one.zone.delserver', [0, 1]],
    ['onehook retry 3 1', 'one.hook.retry', [3, 1]],
    ['onehook lock 3 --all', 'one.hook.lock', [3, 4, false]],
    [
      'onevrouter nic-attach 1 -n 2 -i 10.0.0.9 --float',
      'one.vrouter.attachnic',
      [1, 'NIC = [ NETWORK_ID = 2, IP = 10.0.0.9, FLOATING_IP ="yes" ]'],
    ],
    ['onevrouter nic-detach 1 0', 'one.vrouter.detachnic', [1, 0]],
    ['onevrouter chown 1 0', 'one.vrouter.chown', [1, 0, -1]],
    ['onevdc create blue', 'one.vdc.allocate', ['NAME = "blue"']],
    ['onevdc addgroup 100 101', 'one.vdc.addgroup', [100, 101]],
    ['onevdc addhost 100 0 host-1', 'one.vdc.addhost', [100, 0, 4]],
    ['onevdc delcluster 100 0 ALL', 'one.vdc.delcluster', [100, 0, -10]],
    ['onevmgroup role-delete 1 2', 'one.vmgroup.roledelete', [1, 2]],
    ['onevntemplate clone 1 other', 'one.vntemplate.clone', [1, 'other']],
    [
      'onevntemplate instantiate 1 --name n-%i -s 5 -i 10.0.0.1',
      'one.vntemplate.instantiate',
      [1, 'n-0', 'AR = [ TYPE="IP4", SIZE = 5, IP = 10.0.0.1]'],
    ],
    ['onemarket create', 'one.market.allocate', ['']],
    ['onemarket disable 100', 'one.market.enable', [100, false]],
    ['onemarketapp enable 3', 'one.marketapp.enable', [3, true]],
    ['onemarketapp lock 3 --all', 'one.marketapp.lock', [3, 4, false]],
    [
      'onemarketapp create -m 100 --name tiny --image 7 --description small',
      'one.marketapp.allocate',
      ['NAME="tiny"\nDESCRIPTION="small"\nORIGIN_ID=7\nTYPE=image\n', 100],
    ],
    ['oneshowback list -s 2026-10-01 -e 2026-11-30', 'one.vmpool.showback', [-2, 10, 2026, 11, 2026]],
    ['oneshowback calculate', 'one.vmpool.calculateshowback', [-1, -1, -1, -1]],
    ['onehook log --error --hook-id 3', 'one.hooklog.info', [-1, -1, 3, -1]],
  ])('%s', async (line, method, params) => {
    const answers: Answers = {
      'one.hostpool.info': HOSTS,
      'one.vmpool.info': VMS,
      'one.vmpool.infoextended': VMS,
      'one.user.info': '<USER><ID>0</ID></USER>',
      'one.vmpool.showback': '<SHOWBACK_RECORDS/>',
      'one.hooklog.info': '<HOOKLOG/>',
      [method]: method.includes('pool') ? VMS : method.endsWith('.info') ? '<USER><ID>0</ID></USER>' : 7,
    };
    const { calls, exitCode, stderr } = await type(line, answers);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(calls.filter(([called]) => called === method).at(-1)).toEqual([method, ...params]);
  });

  it.each([
    ['onevm backup 7', 'one.vm.backup', 'Error creating VM backup: refused'],
    ['onevm backup-cancel 7', 'one.vm.backupcancel', 'Error canceling VM backup: refused'],
    ['onevm restore 7 3', 'one.vm.restore', 'Error restoring: refused'],
    ['onevm sched-delete 7 0', 'one.vm.scheddelete', 'Error deleting: refused'],
  ])('has what was tried in front of a refusal: %s', async (line, method, stderr) => {
    const answers: Answers = { [method]: { code: 2048, message: 'refused' } };
    expect(await type(line, answers)).toMatchObject({ stdout: '', stderr: `${stderr}\n`, exitCode: 255 });
  });

  it('shows the words of a front-end that does not know the call', async () => {
    const answers: Answers = { 'one.vm.rename': { fault: "Method 'one.vm.rename' not defined" } };
    expect(await type('onevm rename 7 x', answers)).toMatchObject({
      stderr: "Method 'one.vm.rename' not defined\n",
      exitCode: 255,
    });
  });

  it('says later what is scheduled', async () => {
    const { calls, stdout } = await type('onevm stop 7 --schedule +3600 --weekly 0,2', { 'one.vm.schedadd': 0 });
    expect(calls).toEqual([
      [
        'one.vm.schedadd',
        7,
        'SCHED_ACTION = [ACTION  = stop, TIME    = +3600, REPEAT = 0, DAYS = "0,2", END_TYPE = 0]',
      ],
    ]);
    expect(stdout).toBe('VM 7: stop scheduled after +3600s from start\n');
  });

  it('creates a group with what its users may do, and leaves nothing behind when that fails', async () => {
    const denied = { code: 512, message: '[one.acl.addrule] User [2] : Not authorized to perform MANAGE ACL.' };
    const { calls, exitCode } = await type('onegroup create staff', {
      'one.group.allocate': 100,
      'one.acl.addrule': denied,
      'one.group.delete': 100,
    });
    expect(calls.map(([method]) => method)).toEqual(['one.group.allocate', 'one.acl.addrule', 'one.group.delete']);
    expect(exitCode).toBe(255);
  });
});
