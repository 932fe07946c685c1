import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SshHosts } from '../../../src/drivers/hosts/ssh-hosts.ts';
import { parseSettings } from '../../../src/drivers/settings.ts';
import { noDockerHost, startDockerHost, type TestDockerHost } from '../../support/docker-host.ts';

const missing = noDockerHost();
if (missing) console.warn(`Skipped: ${missing}.`);

describe.skipIf(missing)('SshHosts', () => {
  let there: TestDockerHost;
  let hosts: SshHosts;

  beforeAll(async () => {
    there = await startDockerHost();
    hosts = open('process');
  });
  afterAll(async () => {
    await hosts?.[Symbol.asyncDispose]();
    await there?.[Symbol.asyncDispose]();
  });

  const open = (locks: 'process' | 'host') => {
    const { user, port, keyFile, knownHostsFile } = there.ssh;
    return new SshHosts(parseSettings(JSON.stringify({ ssh: { user, port, keyFile, knownHostsFile } })), { locks });
  };

  it('have one connection each, however many ask for it at the same time', async () => {
    await Promise.all(Array.from({ length: 10 }, () => hosts.connect(there.address)));
    expect(await there.sh('pgrep -fc "^sshd: oneadmin.*priv"')).toBe('1');
  });

  it('offer a Docker Engine', async () => {
    const host = await hosts.connect(there.address);
    await expect(host.docker.info()).resolves.toMatchObject({ Driver: 'overlay2' });
  });

  it('say what the helper said', async () => {
    const host = await hosts.connect(there.address);
    await expect(host.helper('bridge-ensure', ['../x'])).rejects.toMatchObject({
      code: 'HELPER_FAILED',
      why: "'../x' is no name of a bridge.",
    });
  });

  it('say that the helper is not allowed to the user', async () => {
    const host = await hosts.connect(there.address);
    await there.sh('mv /etc/sudoers.d/onedock /etc/onedock.off');
    await expect(host.helper('status', [])).rejects.toMatchObject({ code: 'HELPER_NOT_ALLOWED' });
    await there.sh('mv /etc/onedock.off /etc/sudoers.d/onedock');
    await expect(host.helper('status', [])).resolves.toBe('');
  });

  describe('locks on the host', () => {
    it('are for one process at a time, and end with it', async () => {
      await using other = open('host');
      const mine = open('host');
      const [ours, theirs] = await Promise.all([mine.connect(there.address), other.connect(there.address)]);
      await ours.lock('one-5');
      expect([...(await theirs.lockedVms())]).toEqual(['one-5']);
      await expect(theirs.lock('one-5', { timeoutSeconds: 0 })).rejects.toMatchObject({ code: 'VM_BUSY' });
      const waiting = theirs.lock('one-5', { timeoutSeconds: 20 });
      // As when the process is killed: its connection is gone.
      await mine[Symbol.asyncDispose]();
      await using _lock = await waiting;
    });

    it('are given back', async () => {
      await using other = open('host');
      const host = await other.connect(there.address);
      {
        await using _lock = await host.lock('one-6');
      }
      await using _again = await host.lock('one-6', { timeoutSeconds: 0 });
      expect([...(await host.lockedVms())]).toEqual(['one-6']);
    });

    it('are not waited for by somebody who was told to stop', async () => {
      await using other = open('host');
      const host = await other.connect(there.address);
      await using _lock = await host.lock('one-7');
      const abort = new AbortController();
      const waiting = host.lock('one-7', { signal: abort.signal });
      abort.abort(new Error('cancelled'));
      await expect(waiting).rejects.toThrow('cancelled');
    });
  });
});
