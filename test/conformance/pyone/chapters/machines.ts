/** Virtual machines: their life, and what they are told. */
import { type Chapter, fails, missing, type Step, until, works } from '../step.ts';
import { locked, owned, renamed, shown, updated } from './standard.ts';

const vm = { kind: 'vm', title: 'virtual machine', type: 'VM', id: '{vm}' };

const RUNNING = { STATE: 3, LCM_STATE: 3 };
const STATES = { HOLD: 2, STOPPED: 4, SUSPENDED: 5, DONE: 6, POWEROFF: 8, UNDEPLOYED: 9 };

/** An action on the VM and where it ends. */
function act(action: string, goal: object): Step[] {
  return [works('vm.action', [action, '{vm}']), until('vm.info', ['{vm}'], goal)];
}

const life: readonly Step[] = [
  works('vm.allocate', ['NAME = "held"\nCPU = "0.1"\nMEMORY = "64"\nCONTEXT = [ PLACE = "here" ]', true], { as: 'vm' }),
  fails(
    'vm.allocate',
    ['NAME = "none"\nCPU = "1"'],
    'OneInternalException',
    'MEMORY attribute must be a positive integer value.',
  ),
  fails(
    'vm.allocate',
    ['CPU = "1"\nMEMORY = "64"\nDISK = [ IMAGE_ID = "77" ]'],
    'OneInternalException',
    'DISK 0: Image with ID: 77 does not exist',
  ),
  fails(
    'vm.allocate',
    ['CPU = "1"\nMEMORY = "64"\nNIC = [ NETWORK_ID = "77" ]'],
    'OneInternalException',
    'Virtual network with ID: 77 does not exist',
  ),
  ...shown(vm, {
    NAME: 'held',
    STATE: STATES.HOLD,
    LCM_STATE: 0,
    UNAME: 'oneadmin',
    TEMPLATE: { CPU: '0.1', MEMORY: '64' },
  }),
  works('vm.action', ['release', '{vm}']),
  until('vm.info', ['{vm}'], RUNNING),
  ...act('poweroff', { STATE: STATES.POWEROFF, LCM_STATE: 0 }),
  ...act('resume', RUNNING),
  ...act('suspend', { STATE: STATES.SUSPENDED }),
  ...act('resume', RUNNING),
  ...act('stop', { STATE: STATES.STOPPED }),
  ...act('resume', RUNNING),
  ...act('undeploy', { STATE: STATES.UNDEPLOYED }),
  ...act('resume', RUNNING),
  ...act('reboot', RUNNING),
  ...act('reboot-hard', RUNNING),
  ...act('resched', { RESCHED: 1 }),
  ...act('unresched', { RESCHED: 0 }),
  fails(
    'vm.action',
    ['hold', '{vm}'],
    'OneActionException',
    'Error performing action "hold": This action is not available for state RUNNING',
  ),
  fails('vm.action', ['boot', '{vm}'], 'OneActionException', 'Action "boot" is not supported'),
  fails('vm.action', ['poweroff', 9999], 'OneNoExistsException', 'Error getting virtual machine [9999].'),
  ...updated(vm, 'USER_TEMPLATE'),
  ...renamed(vm, 'held'),
  ...owned(vm),
  ...locked(vm),
  works('vm.monitoring', ['{vm}']),
  missing('vm.monitoring', 'virtual machine'),
];

const placement: readonly Step[] = [
  works('host.allocate', ['other', 'dummy', 'dummy', -1], { as: 'other' }),
  until('host.info', ['{other}'], { STATE: 2 }),
  fails(
    'vm.deploy',
    ['{vm}', '{other}', false, -1, ''],
    'OneActionException',
    'Deploy action is not available for state RUNNING',
  ),
  missing('vm.deploy', 'virtual machine', 0, false, -1, ''),
  works('vm.allocate', ['NAME = "placed"\nCPU = "0.1"\nMEMORY = "64"', true], { as: 'placed' }),
  works('vm.deploy', ['{placed}', '{other}', false, 100, '']),
  until('vm.info', ['{placed}'], { ...RUNNING, HISTORY_RECORDS: { HISTORY: [{ HOSTNAME: 'other' }] } }),
  works('vm.migrate', ['{placed}', 0, true, false, -1, 0]),
  until('vm.info', ['{placed}'], {
    ...RUNNING,
    HISTORY_RECORDS: { HISTORY: [{ ACTION: 2 }, { HOSTNAME: 'dummy-1' }] },
  }),
  works('vm.migrate', ['{placed}', '{other}', false, false, -1, 0]),
  until('vm.info', ['{placed}'], { ...RUNNING, HISTORY_RECORDS: { HISTORY: [{}, {}, { HOSTNAME: 'other' }] } }),
  missing('vm.migrate', 'virtual machine', 0, false),
  fails('vm.recover', ['{placed}', 9], 'OneActionException'),
  works('vm.recover', ['{placed}', 4]),
  until('vm.info', ['{placed}'], RUNNING),
  works('vm.recover', ['{placed}', 3]),
  until('vm.info', ['{placed}'], { STATE: STATES.DONE }),
  missing('vm.recover', 'virtual machine', 3),
];

const configuration: readonly Step[] = [
  works('vm.updateconf', ['{vm}', 'CONTEXT = [ GREETING = "hello" ]', 1]),
  until('vm.info', ['{vm}'], { ...RUNNING, TEMPLATE: { CONTEXT: { GREETING: 'hello' } } }),
  missing('vm.updateconf', 'virtual machine', 'CONTEXT = [ A = "b" ]', 1),
  works('vm.schedadd', ['{vm}', 'SCHED_ACTION = [ ACTION = "poweroff", TIME = "4000000000" ]'], { as: 'action' }),
  works('vm.schedupdate', ['{vm}', '{action}', 'SCHED_ACTION = [ ACTION = "suspend", TIME = "4000000001" ]']),
  works('vm.info', ['{vm}'], { gives: { TEMPLATE: { SCHED_ACTION: { ACTION: 'suspend', TIME: '4000000001' } } } }),
  missing('vm.schedadd', 'virtual machine', 'SCHED_ACTION = [ ACTION = "poweroff", TIME = "4000000000" ]'),
  missing('vm.schedupdate', 'virtual machine', 0, 'SCHED_ACTION = [ ACTION = "poweroff" ]'),
  works('vm.scheddelete', ['{vm}', '{action}']),
  missing('vm.scheddelete', 'virtual machine', 0),
  ...act('poweroff-hard', { STATE: STATES.POWEROFF }),
  works('vm.resize', ['{vm}', 'CPU = "0.5"\nMEMORY = "256"', true]),
  works('vm.info', ['{vm}'], { gives: { TEMPLATE: { CPU: '0.5', MEMORY: '256' } } }),
  fails('vm.resize', ['{vm}', 'CPU = "900"', true], 'OneActionException'),
  missing('vm.resize', 'virtual machine', 'CPU = "1"', true),
  ...act('undeploy-hard', { STATE: STATES.UNDEPLOYED }),
];

const refused: readonly Step[] = [
  fails('vm.exec', ['{vm}', 'true', ''], 'OneActionException', 'Could not execute command, VM must be in running'),
  missing('vm.exec', 'virtual machine', 'true', ''),
  fails('vm.backup', ['{vm}', -1, false], 'OneNoExistsException', 'Error getting datastore Pool.'),
  fails('vm.backup', ['{vm}', 0, false], 'OneActionException', 'Datastore needs to be of type BACKUP'),
  fails(
    'vm.backupcancel',
    ['{vm}'],
    'OneInternalException',
    'Could not cancel backup for VM {vm}, no backup in progress',
  ),
  fails('vm.restore', ['{vm}', 77, 0, 0], 'OneNoExistsException', 'Error getting image [77].'),
  fails(
    'vm.attachpci',
    ['{vm}', 'PCI = []'],
    'OneActionException',
    'SHORT_ADDRESS, DEVICE, VENDOR or CLASS must be defined for PCI.',
  ),
  fails('vm.detachpci', ['{vm}', 0], 'OneActionException', 'PCI device not found'),
  fails('vm.retryexec', ['{vm}'], 'OneActionException', 'Could not execute command, VM must be in running'),
  fails('vm.cancelexec', ['{vm}'], 'OneActionException', 'Could not cancel command, VM must be in running'),
];

const pools: readonly Step[] = [
  works('vm.allocate', ['NAME = "counted"\nCPU = "0.1"\nMEMORY = "64"'], { as: 'counted' }),
  until('vm.info', ['{counted}'], RUNNING),
  works('vmpool.info', [-2, -1, -1, -1], {
    gives: { VM: [{ NAME: 'counted', TEMPLATE: { CPU: '0.1' } }, { NAME: 'held' }] },
  }),
  works('vmpool.info', [-2, -1, -1, 9], { gives: { VM: [{ NAME: 'held', STATE: STATES.UNDEPLOYED }] } }),
  fails('vmpool.info', [-2, -1, -1, 12], 'OneApiException', 'Incorrect state filter 12'),
  fails('vmpool.info', [-5, -1, -1, -1], 'OneApiException', 'Incorrect filter_flag'),
  works('vmpool.infoextended', [-2, -1, -1, 3], {
    unbound: ['VM_POOL/VM'],
    gives: { VM: [{ NAME: 'counted', HISTORY_RECORDS: { HISTORY: [{ SEQ: 0 }] } }] },
  }),
  fails('vmpool.infoextended', [-5, -1, -1, -1], 'OneApiException', 'Incorrect filter_flag'),
  works('vmpool.infoset', ['{vm},{counted}', false], { gives: { VM: [{ ID: '{counted}' }, { ID: '{vm}' }] } }),
  works('vmpool.infoset', ['', false], { gives: { VM: [] } }),
  fails('vmpool.infoset', [7], 'OneException'),
  works('vmpool.monitoring', [-2, 0]),
  fails('vmpool.monitoring', [-5, 0], 'OneApiException', 'Incorrect filter_flag'),
  works('vmpool.accounting', [-2, -1, -1]),
  fails('vmpool.accounting', [-5, -1, -1], 'OneApiException', 'Incorrect filter_flag'),
  works('vmpool.showback', [-2, 1, 2026, 12, 2026]),
  fails('vmpool.showback', [-5, 1, 2026, 12, 2026], 'OneApiException', 'Incorrect filter_flag'),
  works('vmpool.calculateshowback', [1, 2026, 12, 2026]),
  fails('vmpool.calculateshowback', [1, 2026, 12], 'OneException'),
  works('vm.action', ['terminate-hard', '{counted}']),
  ...act('terminate', { STATE: STATES.DONE }),
];

const BUSY = 'Could not execute command, a command is already being executed';

const commands: readonly Step[] = [
  works('vm.allocate', ['NAME = "told"\nCPU = "0.1"\nMEMORY = "64"'], { as: 'told' }),
  until('vm.info', ['{told}'], RUNNING),
  works('vm.exec', ['{told}', 'uptime', '']),
  until('vm.info', ['{told}'], {
    ...RUNNING,
    TEMPLATE: { QEMU_GA_EXEC: { COMMAND: 'uptime', STATUS: 'EXECUTING' } },
  }),
  fails('vm.exec', ['{told}', 'uptime', ''], 'OneActionException', BUSY),
  works('vm.cancelexec', ['{told}']),
  until('vm.info', ['{told}'], { ...RUNNING, TEMPLATE: { QEMU_GA_EXEC: { STATUS: 'CANCELLED' } } }),
  works('vm.retryexec', ['{told}']),
  until('vm.info', ['{told}'], { ...RUNNING, TEMPLATE: { QEMU_GA_EXEC: { STATUS: 'EXECUTING' } } }),
  works('vm.action', ['terminate-hard', '{told}']),
  until('vm.info', ['{told}'], { STATE: STATES.DONE }),
];

export const machines: Chapter = {
  title: 'virtual machines',
  steps: [...life, ...placement, ...configuration, ...refused, ...pools, ...commands],
};
