import { describe, expect, it } from 'vitest';
import { sshCommand } from '../../../src/transport/ssh-command.ts';

const SERVER = {
  host: '192.0.2.11',
  port: 2222,
  user: 'root',
  keyFile: '/keys/id',
  knownHostsFile: '/keys/known hosts',
  connectTimeoutSeconds: 10,
};

describe('sshCommand', () => {
  it('logs in with the key and trust of the transport', () => {
    expect(sshCommand(SERVER, []).join(' ')).toBe(
      'ssh -t -p 2222 -i /keys/id -o IdentitiesOnly=yes -o LogLevel=ERROR ' +
        '-o UserKnownHostsFile=/keys/known hosts -o StrictHostKeyChecking=yes root@192.0.2.11',
    );
  });

  it('hands the command over as one line that the shell there splits again', () => {
    expect(sshCommand(SERVER, ['echo', "it's"]).slice(-2)).toEqual(['--', `echo 'it'\\''s'`]);
  });

  it('goes by way of the jump host with that one’s own key', () => {
    const jump = { ...SERVER, host: 'bastion', port: 22, keyFile: '/keys/jump', knownHostsFile: '/keys/hosts' };
    const proxy = sshCommand({ ...SERVER, jump }, []).find((word) => word.startsWith('ProxyCommand='));
    expect(proxy).toBe(
      'ProxyCommand=ssh -p 22 -i /keys/jump -o IdentitiesOnly=yes -o LogLevel=ERROR ' +
        '-o UserKnownHostsFile=/keys/hosts -o StrictHostKeyChecking=yes -W %h:%p root@bastion',
    );
  });
});
