/** Virtual routers, their NICs and their VMs. */
import { type Chapter, fails, missing, until, works } from '../step.ts';
import { locked, namedBadly, owned, renamed, shown, updated } from './standard.ts';

const gate = { kind: 'vrouter', title: 'virtual router', type: 'VROUTER', id: '{gate}' };

const NETWORK = `NAME = "routed"
VN_MAD = "dummy"
BRIDGE = "br8"
AR = [ TYPE = "IP4", IP = "192.0.2.100", SIZE = "8" ]`;

const GATE = `NAME = "gate"
KEEPALIVED_PASSWORD = "secret"
NIC = [ NETWORK = "routed", FLOATING_IP = "YES" ]`;

const ROUTERS_OWN = 'Action is not supported for virtual router VMs';

/** A refusal of what only the router does with its VMs. */
const routersOwn = (method: string, ...rest: readonly (string | number)[]) =>
  fails(method, ['{vm}', ...rest], 'OneActionException', ROUTERS_OWN);

export const routers: Chapter = {
  title: 'virtual routers',
  steps: [
    works('vn.allocate', [NETWORK, -1], { as: 'net' }),
    fails('vrouter.allocate', ['COLOUR = "red"'], 'OneInternalException', 'Invalid NAME, it cannot be empty'),
    fails(
      'vrouter.allocate',
      ['NAME = "x"\nNIC = [ NETWORK_MODE = "auto" ]'],
      'OneInternalException',
      'Virtual Router is incompatible with auto mode',
    ),
    works('vrouter.allocate', [GATE], { as: 'gate' }),
    ...shown(gate, { NAME: 'gate', TEMPLATE: { NIC: { NETWORK: 'routed', VROUTER_IP: '192.0.2.100' } } }),
    works('vn.info', ['{net}'], {
      gives: { VROUTERS: { ID: ['{gate}'] }, AR_POOL: { AR: [{ LEASES: { LEASE: [{ VROUTER: '{gate}' }] } }] } },
    }),
    ...updated(gate),
    ...renamed(gate, 'gate'),
    namedBadly(gate),
    ...owned(gate),
    ...locked(gate),
    works('vrouterpool.info', [-2, -1, -1], { gives: { VROUTER: [{ NAME: 'gate' }] } }),
    fails('vrouterpool.info', [-5, -1, -1], 'OneApiException', 'Incorrect filter_flag'),

    works('template.allocate', ['NAME = "plain"\nCPU = "0.1"\nMEMORY = "64"'], { as: 'plain' }),
    works(
      'template.allocate',
      ['NAME = "appliance"\nVROUTER = "YES"\nCPU = "0.1"\nMEMORY = "64"\nCONTEXT = [ NETWORK = "YES" ]'],
      {
        as: 'appliance',
      },
    ),
    fails(
      'template.instantiate',
      ['{appliance}', 'x', true, '', false],
      'OneActionException',
      'Virtual router templates cannot be instantiated',
    ),
    fails(
      'vrouter.instantiate',
      ['{gate}', 1, '{plain}', '', true, ''],
      'OneActionException',
      'Only virtual router templates are allowed',
    ),
    fails(
      'vrouter.instantiate',
      ['{gate}', 1, -1, '', true, ''],
      'OneActionException',
      'A template ID was not provided, and the virtual router does not have a default one',
    ),
    missing('vrouter.instantiate', 'virtual router', 1, '{plain}', '', true, ''),
    works('vrouter.instantiate', ['{gate}', 1, '{appliance}', 'gate-%i', false, '']),
    until('vmpool.info', [-2, -1, -1, -1], { VM: [{ NAME: 'gate-0', STATE: 3, LCM_STATE: 3 }] }),

    works('vrouter.attachnic', ['{gate}', 'NIC = [ NETWORK = "routed", FLOATING_IP = "YES", FLOATING_ONLY = "YES" ]']),
    works('vrouter.info', ['{gate}'], {
      gives: { TEMPLATE: { NIC: [{ NIC_ID: '0' }, { NIC_ID: '1', VROUTER_IP: '192.0.2.102' }] } },
    }),
    until('vmpool.info', [-2, -1, -1, -1], {
      VM: [{ LCM_STATE: 3, TEMPLATE: { NIC: [{ IP: '192.0.2.101' }, { NETWORK: 'routed' }] } }],
    }),
    fails(
      'vrouter.attachnic',
      ['{gate}', 'NIC_ALIAS = [ NETWORK = "routed" ]'],
      'OneActionException',
      "Alias can't be attached to virtual router.",
    ),
    missing('vrouter.attachnic', 'virtual router', 'NIC = [ NETWORK = "routed" ]'),
    works('vrouter.detachnic', ['{gate}', 1]),
    fails('vrouter.detachnic', ['{gate}', 1], 'OneActionException', 'NIC with NIC_ID 1 does not exist.'),
    missing('vrouter.detachnic', 'virtual router', 0),

    works('vm.allocate', ['NAME = "its"\nCPU = "0.1"\nMEMORY = "64"\nVROUTER_ID = "{gate}"', true], { as: 'vm' }),
    routersOwn('vm.attachnic', 'NIC = [ NETWORK = "routed" ]'),
    routersOwn('vm.detachnic', 0),
    routersOwn('vm.detach', 0),
    routersOwn('vm.updatenic', 0, 'MODEL = "virtio"', 1),
    works('vm.action', ['terminate-hard', '{vm}']),

    works('vrouter.delete', ['{gate}']),
    missing('vrouter.delete', 'virtual router'),
    until('vmpool.info', [-2, -1, -1, -1], { VM: [] }),
    works('vn.info', ['{net}'], { gives: { USED_LEASES: 0 } }),
    works('vn.delete', ['{net}']),
    works('template.delete', ['{appliance}']),
    works('template.delete', ['{plain}']),
  ],
};
