/** VM groups, their roles, and VMs in them. */
import { type Chapter, fails, missing, works } from '../step.ts';
import { locked, namedBadly, owned, renamed, shown, updated } from './standard.ts';

const app = { kind: 'vmgroup', title: 'vm group', type: 'VMGROUP', id: '{app}' };

const APP = `NAME = "app"
ROLE = [ NAME = "web", POLICY = "ANTI_AFFINED", HOST_ANTI_AFFINED = "4711" ]
ROLE = [ NAME = "db" ]
ROLE = [ NAME = "cache" ]
AFFINED = "db, cache"`;

const allocation = (template: string, message: string) =>
  fails('vmgroup.allocate', [template], 'OneInternalException', message);
const two = (rules: string) => `NAME = "two"\nROLE = [ NAME = "a" ]\nROLE = [ NAME = "b" ]\n${rules}`;
const machine = (attribute: string) => `NAME = "member"\nCPU = "0.1"\nMEMORY = "64"\nVMGROUP = [ ${attribute} ]`;

export const vmGroups: Chapter = {
  title: 'VM groups',
  steps: [
    works('vmgroup.allocate', [APP], { as: 'app' }),
    allocation(APP, 'NAME is already taken by VMGroup {app}.'),
    allocation('ROLE = [ NAME = "a" ]', 'Invalid NAME, it cannot be empty'),
    allocation('NAME = "bad"\nROLE = [ POLICY = "AFFINED" ]', 'Missing NAME in VM group role'),
    allocation(two('ROLE = [ NAME = "a" ]'), 'Role already exists'),
    allocation(two('AFFINED = "a,c"'), 'Some roles used in AFFINED attribute (a,c) are not defined'),
    allocation(two('AFFINED = "a,b"\nAFFINED = "b,a"'), 'Duplicated AFFINED rule (b,a) detected.'),
    allocation(two('AFFINED = "a,b"\nANTI_AFFINED = "b,a"'), 'Roles defined in AFFINED and ANTI_AFFINED rules: a b'),
    ...shown(app, {
      NAME: 'app',
      UNAME: 'oneadmin',
      ROLES: {
        ROLE: [
          { ID: 0, NAME: 'web', POLICY: 'ANTI_AFFINED' },
          { ID: 1, NAME: 'db' },
          { ID: 2, NAME: 'cache' },
        ],
      },
      TEMPLATE: { AFFINED: 'db, cache' },
    }),
    ...updated(app),
    fails(
      'vmgroup.update',
      ['{app}', 'AFFINED = "queue"', 1],
      'OneInternalException',
      'Cannot update template. Some roles used in AFFINED attribute (queue) are not defined',
    ),
    ...renamed(app, 'app'),
    namedBadly(app),
    ...owned(app),
    ...locked(app),
    works('vmgrouppool.info', [-2, -1, -1], { gives: { VM_GROUP: [{ NAME: 'app' }] } }),
    fails('vmgrouppool.info', [-5, -1, -1], 'OneApiException', 'Incorrect filter_flag'),

    works('vmgroup.roleadd', ['{app}', 'ROLE = [ NAME = "queue", VMS = "5" ]']),
    fails('vmgroup.roleadd', ['{app}', 'ROLE = [ NAME = "queue" ]'], 'OneActionException', 'Role already exists'),
    fails('vmgroup.roleadd', ['{app}', 'X = "y"'], 'OneActionException', 'No ROLE attribute in template'),
    missing('vmgroup.roleadd', 'vm group', 'ROLE = [ NAME = "queue" ]'),
    works('vmgroup.roleupdate', ['{app}', 3, 'ROLE = [ NAME = "jobs", POLICY = "AFFINED" ]']),
    fails(
      'vmgroup.roleupdate',
      ['{app}', 3, 'ROLE = [ NAME = "db" ]'],
      'OneActionException',
      'VMGroup {app} Role 3 can not update name, role with name db already exists',
    ),
    fails(
      'vmgroup.roleupdate',
      ['{app}', 9, 'ROLE = [ NAME = "db" ]'],
      'OneActionException',
      "VMGroup {app} doesn't have role 9",
    ),
    missing('vmgroup.roleupdate', 'vm group', 0, 'ROLE = [ NAME = "queue" ]'),
    works('vmgroup.info', ['{app}'], { gives: { ROLES: { ROLE: [{}, {}, {}, { NAME: 'jobs', POLICY: 'AFFINED' }] } } }),
    works('vmgroup.roledelete', ['{app}', 3]),
    fails('vmgroup.roledelete', ['{app}', 3], 'OneActionException', "Unable to delete role 3, the role doesn't exists"),
    fails(
      'vmgroup.roledelete',
      ['{app}', 1],
      'OneActionException',
      'Some roles used in AFFINED attribute (db, cache) are not defined',
    ),
    missing('vmgroup.roledelete', 'vm group', 0),

    fails(
      'vm.allocate',
      [machine('VMGROUP_NAME = "app"'), true],
      'OneInternalException',
      'Missing role name in VM Group definition',
    ),
    fails(
      'vm.allocate',
      [machine('VMGROUP_NAME = "nothing", ROLE = "web"'), true],
      'OneInternalException',
      'Cannot find VM Group to associate the VM',
    ),
    works('vm.allocate', [machine('VMGROUP_NAME = "app", ROLE = "web"'), true], { as: 'member' }),
    works('vm.allocate', [machine('VMGROUP_ID = "{app}", ROLE = "web"'), true], { as: 'second' }),
    works('vm.info', ['{member}'], { gives: { TEMPLATE: { VMGROUP: { ROLE: 'web', VMGROUP_NAME: 'app' } } } }),
    works('vmgroup.info', ['{app}'], { gives: { ROLES: { ROLE: [{ VMS: '{member},{second}' }, {}, {}] } } }),
    fails(
      'vmgroup.update',
      ['{app}', 'X = "y"', 1],
      'OneInternalException',
      'Cannot update template. VM Group has 2 VMs',
    ),
    fails(
      'vmgroup.roledelete',
      ['{app}', 0],
      'OneActionException',
      'Unable to delete role 0, the role has assigned VMs ',
    ),
    fails(
      'vmgroup.roleupdate',
      ['{app}', 0, 'ROLE = [ X = "y" ]'],
      'OneActionException',
      'VMGroup {app} Role 0 has VMs, unable to update',
    ),
    works('vm.vmgroupdel', ['{member}']),
    works('vm.vmgroupdel', ['{member}']),
    missing('vm.vmgroupdel', 'virtual machine'),
    works('vm.vmgroupadd', ['{member}', '{app}', 'db']),
    fails('vm.vmgroupadd', ['{member}', '{app}', 'queue'], 'OneActionException', 'Role does not exist in VM Group'),
    fails('vm.vmgroupadd', ['{member}', 4711, 'db'], 'OneNoExistsException', 'Error getting vm group [4711].'),
    missing('vm.vmgroupadd', 'virtual machine', '{app}', 'db'),
    works('vm.recover', ['{member}', 3]),
    works('vm.recover', ['{second}', 3]),
    works('vmgroup.delete', ['{app}']),
    missing('vmgroup.delete', 'vm group'),
  ],
};
