import { describe, expect, it } from 'vitest';
import { parseRank } from '../../../../src/frontend/scheduler/rank.ts';
import { type Attributes, parseRequirement } from '../../../../src/frontend/scheduler/requirement.ts';

const host: Attributes = {
  values: (name) =>
    (
      ({
        ID: ['3'],
        NAME: ['host-3'],
        HYPERVISOR: ['docker'],
        SEVEN: ['7abc'],
        HALF: ['2.5'],
        EMPTY: [''],
        'CLUSTERS/ID': ['0', '100'],
        FREE_CPU: ['400'],
        RUNNING_VMS: ['12'],
        CURRENT_VMS: ['5', '8'],
        LONG: ['a.b c'],
      }) as Record<string, string[]>
    )[name] ?? [],
};

describe('a requirement', () => {
  it.each<[string, boolean]>([
    ['', true],
    ['HYPERVISOR = docker', true],
    ['HYPERVISOR = "docker"', true],
    ['HYPERVISOR = "d*"', true],
    ['HYPERVISOR = "D*"', false],
    ['HYPERVISOR = "doc?er"', true],
    ['HYPERVISOR = "[a-e]*"', true],
    ['HYPERVISOR != "kvm"', true],
    ['HYPERVISOR != "d*"', false],
    ['MISSING = "x"', false],
    ['MISSING != "x"', false],
    ['!(MISSING = "x")', true],
    ['ID = 3', true],
    ['ID > 2', true],
    ['ID < 3', false],
    ['ID != 3', false],
    ['SEVEN = 7', true],
    ['HALF = 2', true],
    ['HALF = 2.5', true],
    ['HALF > 2.4', true],
    ['NAME = 3', false],
    ['"CLUSTERS/ID" @> 100', true],
    ['"CLUSTERS/ID" @> 7', false],
    ['"CLUSTERS/ID" = 100', false],
    ['NAME @> "host-*"', true],
    ['LONG = "a.b c"', true],
    ['LONG = "aXb c"', false],
    ['EMPTY = ""', false],
    ['CURRENT_VMS = 5', true],
    ['CURRENT_VMS = 6', false],
    ['CURRENT_VMS != 6', true],
    ['CURRENT_VMS != 5', false],
  ])('%s is %s', (source, expected) => {
    expect(parseRequirement(source)(host)).toBe(expected);
  });

  it('groups to the left, whatever the operator', () => {
    expect(parseRequirement('ID = 3 | ID = 3 & ID = 4')(host)).toBe(false);
    expect(parseRequirement('ID = 3 | (ID = 3 & ID = 4)')(host)).toBe(true);
    expect(parseRequirement('!ID = 4 & ID = 3')(host)).toBe(true);
    expect(parseRequirement('!ID = 3 | ID = 3')(host)).toBe(true);
  });

  it('reads what oned adds by itself', () => {
    const source = '(CLUSTER_ID = 0 | CLUSTER_ID = 100) & !(PIN_POLICY = PINNED) & ( HYPERVISOR = "docker" )';
    expect(parseRequirement(source)(host)).toBe(false);
    expect(parseRequirement('!(PIN_POLICY = PINNED)')(host)).toBe(true);
  });

  it.each([
    ['ID >= 3', "unexpected '='"],
    ['ID == 3', "unexpected '='"],
    ['ID = ', 'unexpected $end'],
    ['(ID = 3', 'unexpected $end'],
    ['ID = 3 ID = 4', 'unexpected STRING'],
    ['ID > "x"', 'unexpected STRING'],
  ])('%s is no expression', (source, message) => {
    expect(() => parseRequirement(source)).toThrow(`syntax error, ${message}`);
  });

  it('says where it goes wrong', () => {
    expect(() => parseRequirement('ID > "x"')).toThrow('at line 1, columns 5:8');
  });
});

describe('a rank', () => {
  it.each<[string, number]>([
    ['', 0],
    ['FREE_CPU', 400],
    ['- RUNNING_VMS', -12],
    ['FREE_CPU + RUNNING_VMS * 2', 424],
    ['(FREE_CPU + RUNNING_VMS) * 2', 824],
    ['FREE_CPU / 3', 133],
    ['- 2.9', -2],
    ['MISSING', 0],
    ['NAME', 0],
    ['FREE_CPU / MISSING', 0],
  ])('%s is %s', (source, expected) => {
    expect(parseRank(source)(host)).toBe(expected);
  });

  it('refuses what is no sum', () => {
    expect(() => parseRank('FREE_CPU *')).toThrow('unexpected $end');
  });
});
