/** Disks and NICs of virtual machines, and their snapshots. */
import { type Chapter, fails, missing, type Step, until, works } from '../step.ts';

const RUNNING = { STATE: 3, LCM_STATE: 3 };
const OFF = { STATE: 8, LCM_STATE: 0 };

const TEMPLATE = `NAME = "devices"
CPU = "0.1"
MEMORY = "64"
DISK = [ IMAGE_ID = "{disk}" ]
NIC = [ NETWORK_ID = "{net}" ]
CONTEXT = [ NETWORK = "YES" ]`;

const NET = `NAME = "lan"
VN_MAD = "dummy"
BRIDGE = "br1"
AR = [ TYPE = "IP4", IP = "198.51.100.1", SIZE = "10" ]`;

const start: readonly Step[] = [
  works('image.allocate', ['NAME = "root"\nPATH = "/var/tmp/root"', 101], { as: 'disk' }),
  works('image.allocate', ['NAME = "extra"\nTYPE = "DATABLOCK"\nSIZE = "32"', 101], { as: 'extra' }),
  until('image.info', ['{disk}'], { STATE: 1 }),
  until('image.info', ['{extra}'], { STATE: 1 }),
  works('vn.allocate', [NET, -1], { as: 'net' }),
  works('vm.allocate', [TEMPLATE], { as: 'vm' }),
  until('vm.info', ['{vm}'], RUNNING),
  works('vm.info', ['{vm}'], {
    gives: {
      TEMPLATE: {
        DISK: { DISK_ID: '0', IMAGE: 'root', CLONE: 'YES', TARGET: 'sda' },
        NIC: { NIC_ID: '0', IP: '198.51.100.1', NETWORK: 'lan' },
        CONTEXT: { ETH0_IP: '198.51.100.1' },
      },
    },
  }),
  works('image.info', ['{disk}'], { gives: { STATE: 2, RUNNING_VMS: 1, VMS: { ID: ['{vm}'] } } }),
  fails('image.delete', ['{disk}'], 'OneActionException', 'Cannot delete image. There are 1 VMs using it.'),
  fails(
    'image.persistent',
    ['{disk}', true],
    'OneInternalException',
    'Could not make image persistent: Image cannot be in state USED.',
  ),
];

const nics: readonly Step[] = [
  works('vm.attachnic', ['{vm}', { TEMPLATE: { NIC: { NETWORK: 'lan' } } }]),
  until('vm.info', ['{vm}'], { ...RUNNING, TEMPLATE: { NIC: [{ NIC_ID: '0' }, { NIC_ID: '1', IP: '198.51.100.2' }] } }),
  missing('vm.attachnic', 'virtual machine', 'NIC = [ NETWORK = "lan" ]'),
  fails(
    'vm.attachnic',
    ['{vm}', 'NIC = [ NETWORK_ID = "77" ]'],
    'OneActionException',
    'Virtual network with ID: 77 does not exist',
  ),
  works('vm.detachnic', ['{vm}', 1]),
  until('vm.info', ['{vm}'], { ...RUNNING, TEMPLATE: { NIC: { NIC_ID: '0' } } }),
  fails('vm.detachnic', ['{vm}', 9], 'OneActionException', 'Could not detach NIC with NIC_ID 9, it does not exist.'),
  missing('vm.detachnic', 'virtual machine', 1),
  works('vm.updatenic', ['{vm}', 0, 'NIC = [ INBOUND_AVG_BW = "512" ]', 1]),
  until('vm.info', ['{vm}'], { ...RUNNING, TEMPLATE: { NIC: { INBOUND_AVG_BW: '512' } } }),
  fails('vm.updatenic', ['{vm}', 9, 'NIC = [ A = "b" ]'], 'OneActionException', 'VM {vm}: NIC 9 does not exists'),
  missing('vm.updatenic', 'virtual machine', 0, 'NIC = [ A = "b" ]'),
  works('secgroup.allocate', ['NAME = "ssh"\nRULE = [ PROTOCOL = "TCP", RULE_TYPE = "inbound", RANGE = "22" ]'], {
    as: 'ssh',
  }),
  works('vm.attachsg', ['{vm}', 0, '{ssh}']),
  until('secgroup.info', ['{ssh}'], { UPDATED_VMS: { ID: ['{vm}'] } }),
  fails('vm.attachsg', ['{vm}', 0, '{ssh}'], 'OneActionException', 'VM {vm} SG {ssh} already in NIC 0'),
  missing('vm.attachsg', 'virtual machine', 0, 0),
  works('secgroup.update', ['{ssh}', 'RULE = [ PROTOCOL = "TCP", RULE_TYPE = "inbound", RANGE = "2222" ]', 0]),
  works('secgroup.commit', ['{ssh}', false]),
  until('vm.info', ['{vm}'], { TEMPLATE: { SECURITY_GROUP_RULE: [{}, {}, { RANGE: '2222' }] } }),
  missing('secgroup.commit', 'security group', false),
  works('vm.detachsg', ['{vm}', 0, '{ssh}']),
  fails('vm.detachsg', ['{vm}', 0, '{ssh}'], 'OneActionException', "VM {vm} NIC 0 doesn't contain SG {ssh}"),
  missing('vm.detachsg', 'virtual machine', 0, 0),
  works('secgroup.delete', ['{ssh}']),
];

const disks: readonly Step[] = [
  works('vm.attach', ['{vm}', 'DISK = [ IMAGE_ID = "{extra}" ]']),
  until('vm.info', ['{vm}'], { ...RUNNING, TEMPLATE: { DISK: [{ DISK_ID: '0' }, { DISK_ID: '2', IMAGE: 'extra' }] } }),
  works('image.info', ['{extra}'], { gives: { RUNNING_VMS: 1 } }),
  missing('vm.attach', 'virtual machine', 'DISK = [ TYPE = "fs", SIZE = "10" ]'),
  fails('vm.attach', ['{vm}', 'DISK = [ IMAGE_ID = "77" ]'], 'OneActionException', 'Image with ID: 77 does not exist'),
  works('vm.diskresize', ['{vm}', 2, '64']),
  until('vm.info', ['{vm}'], { ...RUNNING, TEMPLATE: { DISK: [{}, { SIZE: '64' }] } }),
  fails('vm.diskresize', ['{vm}', 2, '1'], 'OneActionException', 'New disk size has to be greater than current one'),
  missing('vm.diskresize', 'virtual machine', 0, '64'),
  works('vm.detach', ['{vm}', 2]),
  until('vm.info', ['{vm}'], { ...RUNNING, TEMPLATE: { DISK: { DISK_ID: '0' } } }),
  works('image.info', ['{extra}'], { gives: { STATE: 1, RUNNING_VMS: 0 } }),
  fails('vm.detach', ['{vm}', 9], 'OneActionException', 'VM disk does not exist'),
  missing('vm.detach', 'virtual machine', 0),
  works('vm.disksaveas', ['{vm}', 0, 'saved', '', -1], { as: 'saved' }),
  until('image.info', ['{saved}'], { STATE: 1 }),
  until('vm.info', ['{vm}'], RUNNING),
  fails(
    'vm.disksaveas',
    ['{vm}', 9, 'saved-too', '', -1],
    'OneInternalException',
    'Cannot use DISK. DISK does not exist.',
  ),
  missing('vm.disksaveas', 'virtual machine', 0, 'saved-too', '', -1),
];

const snapshots: readonly Step[] = [
  works('vm.snapshotcreate', ['{vm}', 'before'], { as: 'snapshot' }),
  until('vm.info', ['{vm}'], { ...RUNNING, TEMPLATE: { SNAPSHOT: [{ SNAPSHOT_ID: '0', NAME: 'before' }] } }),
  missing('vm.snapshotcreate', 'virtual machine', 'before'),
  works('vm.snapshotrevert', ['{vm}', '{snapshot}']),
  until('vm.info', ['{vm}'], RUNNING),
  missing('vm.snapshotrevert', 'virtual machine', 0),
  works('vm.snapshotdelete', ['{vm}', '{snapshot}']),
  until('vm.info', ['{vm}'], RUNNING),
  fails('vm.snapshotdelete', ['{vm}', '{snapshot}'], 'OneActionException'),

  works('vm.action', ['poweroff', '{vm}']),
  until('vm.info', ['{vm}'], OFF),
  works('vm.disksnapshotcreate', ['{vm}', 0, 'clean'], { as: 'state' }),
  until('vm.info', ['{vm}'], { ...OFF, SNAPSHOTS: [{ DISK_ID: 0, SNAPSHOT: [{ ID: 0, NAME: 'clean' }] }] }),
  missing('vm.disksnapshotcreate', 'virtual machine', 0, 'clean'),
  works('vm.disksnapshotrename', ['{vm}', 0, '{state}', 'cleaner']),
  works('vm.info', ['{vm}'], { gives: { SNAPSHOTS: [{ SNAPSHOT: [{ NAME: 'cleaner' }] }] } }),
  missing('vm.disksnapshotrename', 'virtual machine', 0, 0, 'cleaner'),
  works('vm.disksnapshotrevert', ['{vm}', 0, '{state}']),
  until('vm.info', ['{vm}'], OFF),
  missing('vm.disksnapshotrevert', 'virtual machine', 0, 0),
  works('vm.disksnapshotcreate', ['{vm}', 0, 'later'], { as: 'later' }),
  until('vm.info', ['{vm}'], { ...OFF, SNAPSHOTS: [{ SNAPSHOT: [{ ID: 0 }, { ID: 1 }] }] }),
  works('vm.disksnapshotrevert', ['{vm}', 0, '{later}']),
  until('vm.info', ['{vm}'], OFF),
  works('vm.disksnapshotdelete', ['{vm}', 0, '{later}']),
  until('vm.info', ['{vm}'], { ...OFF, SNAPSHOTS: [{ SNAPSHOT: [{ ID: 0 }] }] }),
  fails('vm.disksnapshotdelete', ['{vm}', 0, '{later}'], 'OneActionException', 'Snapshot does not exist'),
  missing('vm.disksnapshotdelete', 'virtual machine', 0, 0),

  works('vm.action', ['terminate', '{vm}']),
  until('vm.info', ['{vm}'], { STATE: 6 }),
  works('image.info', ['{disk}'], { gives: { STATE: 1, RUNNING_VMS: 0, VMS: { ID: [] } } }),
  works('vn.info', ['{net}'], { gives: { USED_LEASES: 0 } }),
];

export const devices: Chapter = {
  title: 'devices of virtual machines',
  steps: [...start, ...nics, ...disks, ...snapshots],
};
