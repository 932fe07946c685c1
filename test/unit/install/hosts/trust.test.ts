import { describe, expect, it } from 'vitest';
import { knownName, withKey, withoutKey } from '../../../../src/install/hosts/trust.ts';
import { parseKnownHosts } from '../../../../src/transport/known-hosts.ts';

const KEY = 'ssh-ed25519 AAAAC3Nz root@node-1';

describe('withKey', () => {
  it('adds a line that known_hosts is read with', () => {
    const text = withKey('# mine', 'node-1', KEY);
    expect(text).toBe('# mine\nnode-1 ssh-ed25519 AAAAC3Nz onedock\n');
    expect(parseKnownHosts(text)).toMatchObject([{ marker: 'pinned', hosts: 'node-1' }]);
  });

  it('changes nothing where the key is known, whoever has added it', () => {
    const text = 'other,node-1 ssh-ed25519 AAAAC3Nz\n';
    expect(withKey(text, 'node-1', KEY)).toBe(text);
    expect(withKey(withKey('', 'node-1', KEY), 'node-1', KEY)).toBe(withKey('', 'node-1', KEY));
  });

  it('takes the place of an earlier one of ours', () => {
    expect(withKey('node-1 ssh-ed25519 OLD onedock\n', 'node-1', KEY)).toBe('node-1 ssh-ed25519 AAAAC3Nz onedock\n');
  });
});

it('withoutKey takes out only what is ours', () => {
  const others = 'node-1 ssh-ed25519 AAAAC3Nz\nnode-10 ssh-ed25519 B onedock\n';
  expect(withoutKey(`${others}node-1 ssh-rsa C onedock\n`, 'node-1')).toBe(others);
});

it('knownName puts a name on another port in brackets', () => {
  expect([knownName('node-1', 22), knownName('node-1', 2222)]).toEqual(['node-1', '[node-1]:2222']);
});
