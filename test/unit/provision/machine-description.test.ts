import { describe, expect, it } from 'vitest';
import { combine } from '../../../provision/machine-description.ts';

describe('combine', () => {
  it('has everything of each part, in order', () => {
    const both = combine({ packages: ['a'], maskedUnits: ['x.timer'] }, { packages: ['b', 'a'], links: [] });
    expect(both.packages).toEqual(['a', 'b']);
    expect(both.maskedUnits).toEqual(['x.timer']);
    expect(both.files).toEqual([]);
  });

  it('takes the last of entries that have the same path', () => {
    const first = { path: '/etc/motd', mode: 0o644, content: 'one' };
    const last = { path: '/etc/motd', mode: 0o600, content: 'two' };
    expect(combine({ files: [first] }, { files: [last] }).files).toEqual([last]);
  });

  it('takes the last of accounts that have the same name', () => {
    const account = { name: 'oneadmin', id: 9869, home: '/var/lib/one', shell: '/bin/bash', groups: [] };
    const member = { ...account, groups: ['docker'] };
    expect(combine({ accounts: [account] }, { accounts: [member] }).accounts).toEqual([member]);
  });
});
