import { describe, expect, it } from 'vitest';
import type { Vm } from '../../../../src/frontend/objects/vm.ts';
import { asksOf, type GroupView } from '../../../../src/frontend/scheduler/vm-groups.ts';
import { parseTemplate } from '../../../../src/opennebula/template.ts';
import { vmGroupRecord } from '../../../support/vm-groups.ts';
import { vmRecord } from '../../../support/vm-records.ts';

const vm = (id: number, role: string, fields: Partial<Vm> = {}) =>
  vmRecord({
    id,
    template: parseTemplate(`CPU="1"\nMEMORY="512"\nVMGROUP=[VMGROUP_ID="7",ROLE="${role}"]`),
    ...fields,
  });

/** @param running hosts of VMs that are not to be placed */
function asks(source: string, roles: Record<string, readonly number[]>, running: Record<number, number> = {}) {
  const view: GroupView = {
    group: vmGroupRecord(source),
    vmIds: ({ name }) => roles[name] ?? [],
    hostOf: (id) => running[id],
  };
  const vms = Object.entries(roles).flatMap(([role, ids]) =>
    ids.filter((id) => !(id in running)).map((id) => vm(id, role)),
  );
  return asksOf(vms, (id) => (id === 7 ? view : undefined));
}

const requirements = (...args: Parameters<typeof asks>) =>
  Object.fromEntries([...asks(...args)].map(([id, { requirement }]) => [id, requirement]));

const TWO = 'ROLE=[NAME="a"]\nROLE=[NAME="b"]\n';

describe('what a VM group asks of hosts', () => {
  it('is nothing without policies and rules', () => {
    expect(requirements(TWO, { a: [1, 2], b: [3] })).toEqual({ 1: '', 2: '', 3: '' });
  });

  it('is those that a role names, and not those that it shuns', () => {
    expect(requirements('ROLE=[NAME="a",HOST_AFFINED="0,1",HOST_ANTI_AFFINED="2,3"]\n', { a: [1] })).toEqual({
      1: '(ID = 0) | (ID = 1) & ((ID != 2) & (ID != 3))',
    });
  });

  it('is to be apart within a role', () => {
    expect(requirements('ROLE=[NAME="a",POLICY="ANTI_AFFINED"]\n', { a: [1, 2, 3] }, { 3: 0 })).toEqual({
      1: '(CURRENT_VMS != 2) & (CURRENT_VMS != 3)',
      2: '(CURRENT_VMS != 1) & (CURRENT_VMS != 3)',
    });
  });

  it('is to be apart between roles', () => {
    expect(requirements(`${TWO}ANTI_AFFINED="a,b"`, { a: [1, 2], b: [3] })).toEqual({
      1: '(CURRENT_VMS != 3)',
      2: '(CURRENT_VMS != 3)',
      3: '(CURRENT_VMS != 1) & (CURRENT_VMS != 2)',
    });
  });

  it('is to be where the others run', () => {
    expect(requirements('ROLE=[NAME="a",POLICY="AFFINED"]\n', { a: [1, 2, 3] }, { 2: 5, 3: 4 })).toEqual({
      1: '(ID = 4) | (ID = 5)',
    });
    expect(requirements(`${TWO}AFFINED="a,b"`, { a: [1], b: [2] }, { 1: 5 })).toEqual({ 2: '(ID = 5)' });
  });

  it('is one host for all that are nowhere yet, for which the oldest asks', () => {
    const found = asks(`${TWO}AFFINED="a,b"`, { a: [4], b: [2, 3] });
    expect(found.get(2)).toEqual({
      requirement: '',
      needs: { cpu: 300, memoryKb: 3 * 512 * 1024, diskMb: 0 },
      follows: false,
    });
    for (const id of [3, 4]) {
      expect(found.get(id)).toEqual({
        requirement: 'CURRENT_VMS = 2',
        needs: { cpu: 0, memoryKb: 0, diskMb: 0 },
        follows: true,
      });
    }
  });

  it('is for the oldest also what the others ask', () => {
    const source = 'ROLE=[NAME="a"]\nROLE=[NAME="b",HOST_AFFINED="1"]\nAFFINED="a,b"';
    expect(requirements(source, { a: [1], b: [2] })).toEqual({ 1: '(ID = 1)', 2: '(ID = 1) & (CURRENT_VMS = 1)' });
  });

  it('is nothing once the group is gone', () => {
    expect(asksOf([vm(1, 'a')], () => undefined).get(1)?.requirement).toBe('');
  });
});
