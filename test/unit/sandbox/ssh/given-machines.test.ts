import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { endOfConnection, givenServers } from '../../../../src/sandbox/ssh/given-machines.ts';

const LOGIN = { user: 'root', port: 22, keyFile: '~/.ssh/id', knownHostsFile: 'known_hosts' };

describe('givenServers', () => {
  const servers = givenServers(
    {
      ...LOGIN,
      jump: { address: 'bastion', user: 'me' },
      machines: {
        frontend: '192.0.2.10',
        'host-1': { address: 'h1', port: 2222, user: 'admin', peerAddress: '10.0.0.1' },
      },
    },
    '/project',
  );

  it('logs in as all do, to a machine that is only an address', () => {
    expect(servers.get('frontend')).toMatchObject({
      host: '192.0.2.10',
      port: 22,
      user: 'root',
      keyFile: `${homedir()}/.ssh/id`,
      knownHostsFile: '/project/known_hosts',
    });
  });

  it('lets a machine say otherwise', () => {
    expect(servers.get('host-1')).toMatchObject({ host: 'h1', port: 2222, user: 'admin', peerAddress: '10.0.0.1' });
  });

  it('reaches all by the jump host', () => {
    for (const { jump } of servers.values()) expect(jump).toMatchObject({ host: 'bastion', user: 'me', port: 22 });
  });
});

describe('endOfConnection', () => {
  it.each([
    ['192.0.2.1 50000 192.0.2.11 22', '192.0.2.11'],
    ['2001:db8::1 50000 2001:db8::2 22', undefined],
    ['', undefined],
  ])('of %j is %s', (text, address) => {
    expect(endOfConnection(text)).toBe(address);
  });
});
