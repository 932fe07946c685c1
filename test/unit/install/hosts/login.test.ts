import { describe, expect, it } from 'vitest';
import { DEFAULT_LOGIN, serverOf } from '../../../../src/install/hosts/login.ts';

const LOGIN = { ...DEFAULT_LOGIN, keyFile: 'key', knownHostsFile: '/known' };

describe('serverOf', () => {
  it.each([
    ['node-1', { user: 'root', host: 'node-1', port: 22 }],
    ['admin@node-1', { user: 'admin', host: 'node-1', port: 22 }],
    ['admin@192.0.2.7:2222', { user: 'admin', host: '192.0.2.7', port: 2222 }],
    ['[2001:db8::7]', { user: 'root', host: '2001:db8::7', port: 22 }],
    ['root@[2001:db8::7]:2222', { user: 'root', host: '2001:db8::7', port: 2222 }],
  ])('reads %s', (address, server) => {
    expect(serverOf(address, LOGIN, '/folder')).toMatchObject({ ...server, keyFile: '/folder/key' });
  });

  it.each(['', '@node', 'a b', 'node:', 'node:ssh', '-oProxyCommand=x', '2001:db8::7', 'a@b@c'])(
    'refuses `%s`',
    (address) => {
      expect(() => serverOf(address, LOGIN, '/')).toThrow(
        expect.objectContaining({ code: 'HOST_ADDRESS_INVALID' }) as Error,
      );
    },
  );
});
