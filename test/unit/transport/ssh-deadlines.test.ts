import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SshTransport } from '../../../src/transport/ssh.ts';
import { receiveTree, sendTree } from '../../../src/transport/tree-copy.ts';

const SERVER = {
  host: 'node-1',
  port: 22,
  user: 'oneadmin',
  keyFile: '/k',
  knownHostsFile: '/h',
  connectTimeoutSeconds: 1,
};
/** All of its sessions are taken. */
const busy = () => new SshTransport({ ...SERVER, maxSessions: 0 });

describe('what waits for a session of a machine until its time is over', () => {
  it('is a command that was given up', async () => {
    await using ssh = busy();
    await expect(ssh.run(['sleep', '1'], { timeoutSeconds: 0.05 })).rejects.toMatchObject({
      code: 'COMMAND_TIMED_OUT',
      data: { place: 'ssh node-1', line: 'sleep 1', timeoutSeconds: 0.05 },
    });
  });

  it('is a copy that was given up', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onedock-copy-'));
    await using ssh = busy();
    const copies = [sendTree(ssh, folder, '/there', SOON), receiveTree(ssh, '/there', join(folder, 'here'), SOON)];
    const given = { status: 'rejected', reason: expect.objectContaining({ code: 'COMMAND_TIMED_OUT' }) };
    expect(await Promise.allSettled(copies)).toEqual([given, given]);
    await rm(folder, { recursive: true });
  });

  it('is a file that was given up', async () => {
    await using ssh = new SshTransport({ ...SERVER, maxSessions: 0, stallSeconds: 0.05 });
    await expect(ssh.put(import.meta.filename, '/there')).rejects.toMatchObject({
      code: 'SSH_FILE_STALLED',
      data: { host: 'node-1', remotePath: '/there', stallSeconds: 0.05 },
    });
  });

  it('ends with the reason when it is aborted', async () => {
    await using ssh = busy();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(ssh.run(['true'], { signal })).rejects.toThrow('enough');
    await expect(sendTree(ssh, '/here', '/there', { signal })).rejects.toThrow('enough');
  });
});

const SOON = { timeoutSeconds: 0.05 };
