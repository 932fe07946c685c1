import { describe, expect, it } from 'vitest';
import { hostsOf, policyOf, type Role, vmGroupXml } from '../../../../src/frontend/objects/vm-group.ts';
import { affinityProblem } from '../../../../src/frontend/objects/vm-group-affinity.ts';
import { withoutRole, withRole, withRoleChanged } from '../../../../src/frontend/objects/vm-group-roles.ts';
import { checkRules, joined, rulesOf } from '../../../../src/frontend/objects/vm-group-rules.ts';
import { vmGroupRecord } from '../../../support/vm-groups.ts';

const ROLES = 'ROLE=[NAME="web"]\nROLE=[NAME="db",POLICY="anti_affined"]\nROLE=[NAME="cache"]\n';
const group = (rules = '') => vmGroupRecord(ROLES + rules);
const names = (rules: readonly (readonly Role[])[]) => rules.map((rule) => rule.map(({ name }) => name).join());
const [unused, used] = [() => false, () => true];

describe('the document of a VM group', () => {
  it('has the lock behind the permissions, unlike most', () => {
    const lock = { level: 1, uid: 0, time: 7, requestId: 9 } as const;
    const xml = vmGroupXml({ ...group(), lock }, () => []);
    expect(xml).toMatch(/<NAME>.*<\/PERMISSIONS><LOCK><LOCKED>1<.*<\/LOCK><ROLES>/);
  });
});

describe('roles', () => {
  it('are numbered, and keep what the user gave but ID and VMS', () => {
    const { roles } = vmGroupRecord('ROLE=[NAME="web",ID="4",VMS="1,2",X="y"]\nROLE=[NAME="db"]\n');
    expect(roles).toEqual([
      { id: 0, name: 'web', attributes: { X: 'y' } },
      { id: 1, name: 'db', attributes: {} },
    ]);
  });

  it('say their policy in any case, and the hosts that they name once each', () => {
    const [role] = vmGroupRecord('ROLE=[NAME="a",POLICY="anti_affined",HOST_AFFINED="3, 1,x,1"]\n').roles as [Role];
    expect(policyOf(role)).toBe('ANTI_AFFINED');
    expect(hostsOf(role, 'HOST_AFFINED')).toEqual([1, 3]);
    expect(hostsOf(role, 'HOST_ANTI_AFFINED')).toEqual([]);
  });

  it('are added behind the last, 32 at most', () => {
    expect(withRole(group(), { NAME: 'queue' }).roles.at(-1)).toMatchObject({ id: 3, name: 'queue' });
    expect(() => withRole(group(), { NAME: 'web' })).toThrow('Role already exists');
    expect(() => withRole(group(), { POLICY: 'AFFINED' })).toThrow('Missing NAME in VM group role');
    const full = Array.from({ length: 32 }, (_, i) => `ROLE=[NAME="r${i}"]\n`).join('');
    expect(() => withRole(vmGroupRecord(full), { NAME: 'web' })).toThrow('Maximum number of roles in a VM Group');
  });

  it('change while no VM plays them, and never their id', () => {
    const changed = withRoleChanged(group(), 2, { NAME: 'queue', ID: '9', VMS: '3', X: 'y' }, unused);
    expect(changed.roles[2]).toEqual({ id: 2, name: 'queue', attributes: { X: 'y' } });
    expect(() => withRoleChanged(group(), 2, { NAME: 'db' }, unused)).toThrow(
      'VMGroup 7 Role 2 can not update name, role with name db already exists',
    );
    expect(() => withRoleChanged(group(), 2, { X: 'y' }, used)).toThrow('VMGroup 7 Role 2 has VMs, unable to update');
    expect(() => withRoleChanged(group(), 9, { X: 'y' }, unused)).toThrow("VMGroup 7 doesn't have role 9");
    expect(() => withRoleChanged(group('AFFINED="web,cache"'), 2, { POLICY: 'ANTI_AFFINED' }, unused)).toThrow(
      'Role cache is in an AFFINED rule but the role policy is ANTI_AFFINED',
    );
  });

  it('go while no VM plays them and no rule names them', () => {
    expect(withoutRole(group(), 0, unused).roles.map(({ id }) => id)).toEqual([1, 2]);
    expect(() => withoutRole(group(), 0, used)).toThrow('Unable to delete role 0, the role has assigned VMs ');
    expect(() => withoutRole(group(), 9, unused)).toThrow("Unable to delete role 9, the role doesn't exists");
    expect(() => withoutRole(group('AFFINED="web,cache"'), 0, unused)).toThrow(
      'Some roles used in AFFINED attribute (web,cache) are not defined',
    );
  });
});

describe('rules', () => {
  it.each([
    ['AFFINED="web,nope"', 'Some roles used in AFFINED attribute (web,nope) are not defined'],
    ['ANTI_AFFINED="nope"', 'Some roles used in ANTI_AFFINED attribute (nope) are not defined'],
    ['AFFINED="web,cache"\nAFFINED="cache, web"', 'Duplicated AFFINED rule (cache, web) detected.'],
    ['AFFINED="web,db"', 'Role db is in an AFFINED rule but the role policy is ANTI_AFFINED'],
    ['AFFINED="web,cache"\nANTI_AFFINED="cache,db"', 'Roles defined in AFFINED and ANTI_AFFINED rules: cache'],
  ])('%j are refused', (rules, message) => {
    expect(() => checkRules(group(rules))).toThrow(message);
  });

  it('name roles with blanks around them', () => {
    expect(() => checkRules(group('AFFINED=" web , cache "\nANTI_AFFINED="db"'))).not.toThrow();
    expect(names(rulesOf(group('AFFINED=" cache , web "'), 'AFFINED'))).toEqual(['web,cache']);
  });

  it('that share a role are one', () => {
    const { roles } = vmGroupRecord('abcde'.replaceAll(/./g, 'ROLE=[NAME="$&"]\n'));
    const [a, b, c, d, e] = roles as [Role, Role, Role, Role, Role];
    expect(names(joined([[a, b], [d, e], [c], [b, d], []]))).toEqual(['c', 'a,b,d,e']);
  });
});

describe('a VM that runs on host 1', () => {
  const problem = (source: string, others: Record<string, readonly [vm: number, host?: number]>, role = 'web') =>
    affinityProblem(
      vmGroupRecord(source),
      {
        vmIds: ({ name }) => (others[name] ? [others[name][0]] : []),
        hostOf: (id) => Object.values(others).find(([vm]) => vm === id)?.[1],
      },
      { vmId: 5, hostId: 1, role },
    );
  const roleOf = (attributes: string) => `ROLE=[NAME="web",${attributes}]\nROLE=[NAME="db"]\n`;

  it.each<[string, string, Record<string, [number, number?]>, string]>([
    ['its role elsewhere', roleOf('POLICY=AFFINED'), { web: [6, 2] }, 'role web is AFFINED and VM 6 is on host 2'],
    [
      'its role beside it',
      roleOf('POLICY=ANTI_AFFINED'),
      { web: [6, 1] },
      'role web is ANTI_AFFINED and VM 6 is on the same host',
    ],
    [
      'a role elsewhere',
      `${ROLES}AFFINED="web,cache"`,
      { cache: [6, 2] },
      'it is AFFINED with role cache and VM 6 is on host 2',
    ],
    [
      'a role beside it',
      `${ROLES}ANTI_AFFINED="web,db"`,
      { db: [6, 1] },
      'it is ANTI_AFFINED with role db and VM 6 is on the same host',
    ],
    [
      'other hosts named',
      roleOf('HOST_AFFINED="0"'),
      {},
      'role web has HOST_AFFINED/HOST_ANTI_AFFINED rules that are violated by this host',
    ],
    [
      'its host shunned',
      roleOf('HOST_ANTI_AFFINED="1"'),
      {},
      'role web has HOST_AFFINED/HOST_ANTI_AFFINED rules that are violated by this host',
    ],
  ])('does not join with %s', (_, source, others, message) => {
    expect(problem(source, others)).toBe(`VM 5 is on host 1 but ${message}`);
  });

  it('joins where nothing is against it', () => {
    expect(problem(roleOf('POLICY=AFFINED,HOST_AFFINED="0,1"'), { web: [6, 1], db: [8, 2] })).toBeUndefined();
    expect(problem(roleOf('POLICY=ANTI_AFFINED'), { web: [6] })).toBeUndefined();
    expect(problem(roleOf('POLICY=ANTI_AFFINED'), { web: [5, 1] })).toBeUndefined();
    expect(problem(ROLES, {}, 'nope')).toBe('Role does not exist in VM Group');
  });
});

it('is printed with the VMs of its roles', () => {
  expect(vmGroupXml(group('AFFINED="web,cache"'), ({ name }) => (name === 'db' ? [3, 4] : []))).toContain(
    '<ROLES><ROLE><ID><![CDATA[0]]></ID><NAME><![CDATA[web]]></NAME></ROLE>' +
      '<ROLE><ID><![CDATA[1]]></ID><NAME><![CDATA[db]]></NAME><POLICY><![CDATA[anti_affined]]></POLICY><VMS><![CDATA[3,4]]></VMS></ROLE>' +
      '<ROLE><ID><![CDATA[2]]></ID><NAME><![CDATA[cache]]></NAME></ROLE></ROLES>' +
      '<TEMPLATE><AFFINED><![CDATA[web,cache]]></AFFINED></TEMPLATE>',
  );
});
