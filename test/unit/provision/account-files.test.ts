import { describe, expect, it } from 'vitest';
import { groupsByUser, idsByName, withAccount } from '../../../provision/account-files.ts';

const FILES = {
  passwd: 'root:x:0:0:root:/root:/bin/bash\nregistry:x:101:104::/var/lib/r:/usr/sbin/nologin\n',
  shadow: 'root:*:19000:0:99999:7:::\n',
  group: 'root:x:0:\ndocker:x:102:\nregistry:x:104:\n',
};
const ONEADMIN = { name: 'oneadmin', id: 9869, home: '/var/lib/one', shell: '/bin/bash', groups: ['docker', 'absent'] };

describe('withAccount', () => {
  const files = withAccount(FILES, ONEADMIN);

  it('adds a user with a group of its own and no password', () => {
    expect(files.passwd).toContain('oneadmin:x:9869:9869::/var/lib/one:/bin/bash\n');
    expect(files.shadow).toContain('oneadmin:*:');
    expect(files.group).toContain('oneadmin:x:9869:\n');
  });

  it('does not ask for a change of password at the first login', () => {
    const [, , lastChange] = files.shadow.split('\n').at(-2)?.split(':') ?? [];
    expect(Number(lastChange)).toBeGreaterThan(0);
  });

  it('joins groups that exist and leaves others out', () => {
    expect(files.group).toContain('docker:x:102:oneadmin\n');
    expect(files.group).not.toContain('absent');
  });

  it('changes nothing the second time', () => {
    expect(withAccount(files, ONEADMIN)).toEqual(files);
  });

  it('keeps members that a group has', () => {
    expect(withAccount({ ...FILES, group: 'docker:x:102:ann\n' }, ONEADMIN).group).toContain(
      'docker:x:102:ann,oneadmin',
    );
  });
});

describe('idsByName, groupsByUser', () => {
  it('read ids', () => {
    expect(idsByName(FILES.passwd).get('registry')).toBe(101);
    expect(groupsByUser(FILES.passwd).get('registry')).toBe(104);
    expect(idsByName(FILES.group).get('docker')).toBe(102);
  });
});
