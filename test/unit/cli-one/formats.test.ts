import { describe, expect, it } from 'vitest';
import { RANGE } from '../../../src/cli/one/formats.ts';
import { encodeRule, resourceMask, rightsMask } from '../../../src/cli/one/oneacl/rule-text.ts';
import { addressAttribute } from '../../../src/cli/one/onevnet/range-flags.ts';
import { parseTime } from '../../../src/cli/one/parse-time.ts';
import type { Run } from '../../../src/cli/one/run.ts';
import { findEndpoint, findSession } from '../../../src/cli/one/session.ts';
import { megabytes } from '../../../src/cli/one/size-text.ts';
import { permissionBits } from '../../../src/cli/one/verbs/owned.ts';

describe('ranges', () => {
  it.each([
    ['7', [7]],
    ['1..3', [1, 2, 3]],
    ['1,3,7..9', [1, 3, 7, 8, 9]],
    ['1, 1..2', [1, 2]],
    ['3..1', []],
    ['web', undefined],
    ['1,web', undefined],
    ['1..', undefined],
  ])('%s is %j', (typed, ids) => {
    expect(RANGE.read(typed, {} as Run, [])).toEqual(ids);
  });
});

describe('permissions', () => {
  it.each([
    ['640', [1, 1, 0, 1, 0, 0, 0, 0, 0]],
    ['777', [1, 1, 1, 1, 1, 1, 1, 1, 1]],
    ['u=rw,g=r', [1, 1, 0, 1, 0, 0, 0, 0, 0]],
    ['u=rwx,o=x', [1, 1, 1, 0, 0, 0, 0, 0, 1]],
  ])('%s sets %j', (mode, bits) => {
    expect(permissionBits(mode)).toEqual(bits);
  });

  it('are refused when they say nothing', () => {
    expect(() => permissionBits('all')).toThrow('Error in permissions format');
  });
});

describe('access rules', () => {
  it.each([
    ['@1 VM+IMAGE+TEMPLATE+DOCUMENT+SECGROUP+VMGROUP+BACKUPJOB/* CREATE *', '200000001 121429400000000 8 400000000'],
    ['@1 HOST/* MANAGE #0', '200000001 2400000000 2 100000000'],
    ['* MARKETPLACE+MARKETPLACEAPP/* USE *', '400000000 18000400000000 1 400000000'],
    ['#5 VM/#3 use+manage', '100000005 1100000003 3'],
    ['#5 NET/%100 ADMIN', '100000005 4800000064 4'],
  ])('%s is %s', (rule, numbers) => {
    expect(encodeRule(rule).join(' ')).toBe(numbers);
  });

  it('name all that is wrong with them', () => {
    expect(() => encodeRule('foo bar')).toThrow('String needs three components: User, Resource, Rights');
    expect(() => encodeRule('x VM/* FLY')).toThrow("ID string 'x' malformed, Right 'FLY' does not exist");
    expect(() => encodeRule('* CAR/* USE')).toThrow("Resource 'CAR' does not exist");
  });

  it('are shown as masks', () => {
    expect(resourceMask('VM+BACKUPJOB')).toBe('V-----------------B');
    expect(rightsMask('USE+CREATE')).toBe('u--c');
  });
});

describe('sizes that are typed', () => {
  const malformed = 'malformed';
  it.each([
    ['512', 512],
    ['8g', 8192],
    ['0.5G', 512],
    ['100mb', 100],
  ])('%s are %i MB', (typed, size) => {
    expect(megabytes(typed, { malformed })).toBe(size);
  });

  it('are refused otherwise', () => {
    expect(() => megabytes('1t', { malformed })).toThrow(malformed);
    expect(megabytes('1t', { malformed, terabytes: true })).toBe(1_048_576);
    expect(() => megabytes('big', { malformed })).toThrow(malformed);
  });
});

describe('addresses', () => {
  it('are told apart', () => {
    expect(['10.0.0.1', 'fe80::1', '02:00:0a:00:00:01'].map(addressAttribute)).toEqual(['IP', 'IP6', 'MAC']);
    expect(() => addressAttribute('here')).toThrow('Unknown address type');
  });
});

describe('times for later', () => {
  const now = new Date(2026, 10, 23, 12, 0, 0).getTime() / 1000;
  it.each([
    ['now', now],
    ['14:15', now + 2.25 * 3600],
    ['11/24 12:00', now + 86_400],
    ['11/23/2027 12:00', new Date(2027, 10, 23, 12).getTime() / 1000],
    ['2026-11-23T12:30:00', now + 1800],
    ['2026-11-24 12:00', now + 86_400],
    ['2026-11-24', now + 43_200],
  ])('%s', (typed, seconds) => {
    expect(parseTime(typed, now)).toBe(seconds);
  });

  it('are refused when they are none', () => {
    expect(() => parseTime('soon', now)).toThrow('Error parsing time spec: soon');
  });
});

describe('credentials and endpoint', () => {
  const files: Record<string, string> = {
    '/mine': 'eve:secret\nmore',
    '/home/eve/.one/one_auth': 'eve:home',
    '/var/lib/one/.one/one_auth': 'oneadmin:admin',
    '/home/eve/.one/one_endpoint': 'http://zone:2633/RPC2\n',
  };
  const readFile = (path: string) => files[path];

  it.each([
    [{ ONE_AUTH: '/mine', HOME: '/home/eve' }, 'eve:secret'],
    [{ ONE_AUTH: '/missing', HOME: '/home/eve' }, 'eve:home'],
    [{ HOME: '/home/eve' }, 'eve:home'],
    [{ HOME: '/home/bob' }, 'oneadmin:admin'],
  ])('of %j are %s', (env, session) => {
    expect(findSession({ env, readFile })).toBe(session);
  });

  it('are missed', () => {
    expect(() => findSession({ env: {}, readFile: () => undefined })).toThrow('ONE_AUTH file not present');
  });

  it('come from the environment, the home and the default', () => {
    expect(findEndpoint({ env: { ONE_XMLRPC: 'http://here/RPC2', HOME: '/home/eve' }, readFile })).toBe(
      'http://here/RPC2',
    );
    expect(findEndpoint({ env: { HOME: '/home/eve' }, readFile })).toBe('http://zone:2633/RPC2');
    expect(findEndpoint({ env: { HOME: '/home/bob' }, readFile })).toBe('http://localhost:2633/RPC2');
  });
});
