/** Networks, their address ranges and leases; security groups. */
import { type Chapter, fails, missing, works } from '../step.ts';
import { locked, owned, renamed, shown, updated } from './standard.ts';

const net = { kind: 'vn', title: 'virtual network', type: 'NET', id: '{net}' };
const web = { kind: 'secgroup', title: 'security group', type: 'SECGROUP', id: '{web}' };

const NET = `NAME = "net"
VN_MAD = "dummy"
BRIDGE = "br0"
AR = [ TYPE = "IP4", IP = "192.0.2.10", SIZE = "20" ]`;

export const networks: Chapter = {
  title: 'networks and security groups',
  steps: [
    works('vn.allocate', [NET, -1], { as: 'net' }),
    fails('vn.allocate', [NET, -1], 'OneInternalException', 'NAME is already taken by NET {net}.'),
    fails('vn.allocate', ['NAME = "bare"', -1], 'OneInternalException', 'No VN_MAD in template for Virtual Network.'),
    fails(
      'vn.allocate',
      ['NAME = "bare"\nVN_MAD = "dummy"', -1],
      'OneInternalException',
      'BRIDGE is mandatory for driver dummy',
    ),
    ...shown(net, {
      NAME: 'net',
      BRIDGE: 'br0',
      VN_MAD: 'dummy',
      USED_LEASES: 0,
      AR_POOL: { AR: [{ AR_ID: '0', IP: '192.0.2.10', IP_END: '192.0.2.29', SIZE: 20, TYPE: 'IP4' }] },
    }),
    ...updated(net),
    ...renamed(net, 'net'),
    ...owned(net),
    ...locked(net),
    works('vn.add_ar', [
      '{net}',
      'AR = [ TYPE = "IP4_6", IP = "192.0.2.100", SIZE = "5", GLOBAL_PREFIX = "2001:db8::" ]',
    ]),
    works('vn.info', ['{net}'], { gives: { AR_POOL: { AR: [{ AR_ID: '0' }, { AR_ID: '1', SIZE: 5 }] } } }),
    fails('vn.add_ar', ['{net}', 'AR = [ TYPE = "IP4", IP = "nowhere", SIZE = "5" ]'], 'OneInternalException'),
    missing('vn.add_ar', 'virtual network', 'AR = [ TYPE = "ETHER", SIZE = "5" ]'),
    works('vn.update_ar', ['{net}', 'AR = [ AR_ID = "1", SIZE = "6" ]']),
    works('vn.info', ['{net}'], { gives: { AR_POOL: { AR: [{ SIZE: 20 }, { SIZE: 6 }] } } }),
    fails('vn.update_ar', ['{net}', 'AR = [ AR_ID = "9", SIZE = "6" ]'], 'OneInternalException'),
    missing('vn.update_ar', 'virtual network', 'AR = [ AR_ID = "1", SIZE = "6" ]'),
    works('vn.rm_ar', ['{net}', 1]),
    fails('vn.rm_ar', ['{net}', 1], 'OneInternalException', 'Address Range does not exist'),
    missing('vn.rm_ar', 'virtual network', 1),
    works('vn.hold', ['{net}', 'LEASES = [ IP = "192.0.2.12" ]']),
    works('vn.info', ['{net}'], {
      gives: { USED_LEASES: 1, AR_POOL: { AR: [{ LEASES: { LEASE: [{ IP: '192.0.2.12', VM: -1 }] } }] } },
    }),
    fails('vn.hold', ['{net}', 'LEASES = [ IP = "192.0.2.12" ]'], 'OneInternalException'),
    missing('vn.hold', 'virtual network', 'LEASES = [ IP = "192.0.2.12" ]'),
    works('vn.release', ['{net}', 'LEASES = [ IP = "192.0.2.12" ]']),
    works('vn.info', ['{net}'], { gives: { USED_LEASES: 0 } }),
    missing('vn.release', 'virtual network', 'LEASES = [ IP = "192.0.2.12" ]'),
    works('vn.reserve', ['{net}', 'SIZE = "4"\nNAME = "mine"'], { as: 'mine' }),
    works('vn.info', ['{mine}'], { gives: { PARENT_NETWORK_ID: '1', AR_POOL: { AR: [{ SIZE: 4 }] } } }),
    works('vn.info', ['{net}'], { gives: { USED_LEASES: 4 } }),
    fails(
      'vn.reserve',
      ['{net}', 'SIZE = "400"\nNAME = "all"'],
      'OneActionException',
      'Not enough free addresses in an address range',
    ),
    fails(
      'vn.reserve',
      [9999, 'SIZE = "4"\nNAME = "other"'],
      'OneNoExistsException',
      'Error getting virtual network Pool.',
    ),
    fails('vn.delete', ['{net}'], 'OneActionException'),
    works('vn.free_ar', ['{mine}', 0]),
    missing('vn.free_ar', 'virtual network', 0),
    works('vn.info', ['{net}'], { gives: { USED_LEASES: 0 } }),
    works('vnpool.info', [-2, -1, -1], { gives: { VNET: [{ NAME: 'mine' }, { NAME: 'net' }] } }),
    fails('vnpool.info', [-5, -1, -1], 'OneApiException', 'Incorrect filter_flag'),
    fails('vn.recover', ['{mine}', 9], 'OneActionException', 'Wrong recovery operation code'),
    fails(
      'vn.recover',
      ['{mine}', 0],
      'OneInternalException',
      "Could not perform 'recover failure' on VN {mine}, wrong state READY.",
    ),
    works('vn.delete', ['{mine}']),
    missing('vn.delete', 'virtual network'),

    works('secgroup.allocate', ['NAME = "web"\nRULE = [ PROTOCOL = "TCP", RULE_TYPE = "inbound", RANGE = "80,443" ]'], {
      as: 'web',
    }),
    fails(
      'secgroup.allocate',
      ['NAME = "odd"\nRULE = [ PROTOCOL = "X25", RULE_TYPE = "inbound" ]'],
      'OneInternalException',
    ),
    ...shown(web, { NAME: 'web', TEMPLATE: { RULE: { PROTOCOL: 'TCP', RANGE: '80,443' } } }),
    ...updated(web),
    ...renamed(web, 'web'),
    ...owned(web),
    works('secgroup.clone', ['{web}', 'web-too'], { as: 'copy' }),
    missing('secgroup.clone', 'security group', 'web-three'),
    works('secgrouppool.info', [-2, -1, -1], {
      gives: { SECURITY_GROUP: [{ NAME: 'web-too' }, { NAME: 'web' }, { NAME: 'default' }] },
    }),
    fails('secgrouppool.info', [-5, -1, -1], 'OneApiException', 'Incorrect filter_flag'),
    works('secgroup.delete', ['{copy}']),
    works('secgroup.delete', ['{web}']),
    missing('secgroup.delete', 'security group'),
  ],
};
