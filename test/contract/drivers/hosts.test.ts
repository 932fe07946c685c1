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
    await expect(host.docker.info()).resolves.toMatchObject({ Driver: expect.stringMatching(/^overlay/) });
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

  describe('whose programs are of another release', () => {
    const PROGRAM = '/usr/lib/onedock/onedock-host-helper';
    const failure = async () => {
      const host = await hosts.connect(there.address);
      return host.helper('vm-release', ['x;y']).catch((error: unknown) => error);
    };

    it.each([
      [
        'one that tells it',
        `echo '# Changed.' >>${PROGRAM}`,
        /^The helper said: 'x;y' is no number of a VM\. .* release [0-9a-f]{12},/,
      ],
      ['one from before it was told', `sed -i '/release) release/d' ${PROGRAM}`, /from before they told it/],
    ])('say so where the helper fails: %s', async (_, change, why) => {
      await there.sh(`cp ${PROGRAM} ${PROGRAM}.kept && ${change}`);
      const error = await failure();
      await there.sh(`mv ${PROGRAM}.kept ${PROGRAM}`);
      expect(error).toMatchObject({
        code: 'HELPER_OF_OTHER_RELEASE',
        why: expect.stringMatching(why),
        todo: expect.stringContaining(`onedock host prepare ${there.address}`),
      });
      expect(await failure()).toMatchObject({ code: 'HELPER_FAILED' });
    });
  });

  describe('the helper, called again and again', () => {
    const runs = () => there.sh('pgrep -fc "^/bin/sh /usr/lib/onedock/onedock-host-helper serve" || true');
    const prepare = (vm: number) => ['vm-prepare', [`${vm}`, '/bin/busybox', 'closed']] as const;
    const context = (text: string) => `context/context.sh ${Buffer.from(text).toString('base64')}\n`;

    it('is started a few times, and answers each call with what belongs to it', async () => {
      const host = await hosts.connect(there.address);
      const vms = Array.from({ length: 20 }, (_, i) => 500 + i);
      await Promise.all(vms.map((vm) => host.helper(...prepare(vm), { stdin: context(`VM ${vm}`) })));
      for (const vm of vms)
        expect(await there.sh(`cat /var/lib/onedock/vms/${vm}/context/context.sh`)).toBe(`VM ${vm}`);
      expect(Number(await runs())).toBeGreaterThan(0);
      expect(Number(await runs())).toBeLessThanOrEqual(4);
      await Promise.all(vms.map((vm) => host.helper('vm-remove', [`${vm}`])));
      expect(await host.helper('status', [])).toBe('');
    });

    it('says what was the matter with a call, and goes on', async () => {
      const host = await hosts.connect(there.address);
      await expect(host.helper('vm-release', ['x;y'])).rejects.toMatchObject({
        code: 'HELPER_FAILED',
        why: "'x;y' is no number of a VM.",
      });
      // A failure that comes before the call's stdin was read leaves nothing of it to be taken for a call.
      const refused = host.helper('vm-prepare', ['500', '/bin/nothing', 'closed'], { stdin: '0 vm-prepare 501\n' });
      await expect(refused).rejects.toMatchObject({ code: 'HELPER_FAILED' });
      await host.helper('vm-remove', ['500']);
      expect(await host.helper('status', [])).toBe('');
    });

    it('ends at the first command that fails, as it does when it is called once', async () => {
      const host = await hosts.connect(there.address);
      await there.sh('mkdir -p /var/lib/onedock/vms && touch /var/lib/onedock/vms/502');
      await expect(host.helper(...prepare(502))).rejects.toMatchObject({ code: 'HELPER_FAILED' });
      await there.sh('rm /var/lib/onedock/vms/502');
    });

    it('may be killed: the call is made anew', async () => {
      const host = await hosts.connect(there.address);
      await host.helper(...prepare(503));
      await there.sh('pkill -KILL -f "^/bin/sh /usr/lib/onedock/onedock-host-helper serve"');
      await Promise.all([503, 504, 505, 506, 507].map((vm) => host.helper('vm-remove', [`${vm}`])));
      expect(await host.helper('status', [])).toBe('');
    });

    it('ends with the connection', async () => {
      const more = open('process');
      const host = await more.connect(there.address);
      await host.helper('vm-release', ['5']);
      await more[Symbol.asyncDispose]();
      await hosts[Symbol.asyncDispose]();
      await expect.poll(runs).toBe('0');
    });
  });

  describe('brief commands', () => {
    const shells = () => there.sh('pgrep -fc "^sh -c newline=" || true');

    it('are done by a few shells that stay, each with its own input and output', async () => {
      const host = await hosts.connect(there.address);
      const words = Array.from({ length: 20 }, (_, i) => `it's ${i}`);
      const run = (word: string) =>
        host.run(['sh', '-c', 'cat; printf %s "$1"', 'sh', word], { shell: 'brief', stdin: `$(id) ${word}\n` });
      const results = await Promise.all(words.map(run));
      expect(results.map(({ stdout }) => stdout)).toEqual(words.map((word) => `$(id) ${word}\n${word}`));
      expect(Number(await shells())).toBeLessThanOrEqual(2);
    });

    it('fail as others do', async () => {
      const host = await hosts.connect(there.address);
      await expect(host.run(['ls', '/none'], { shell: 'brief' })).rejects.toMatchObject({
        code: 'COMMAND_FAILED',
        why: expect.stringContaining('No such file or directory'),
      });
      const { exitCode } = await host.run(['sh', '-c', 'exit 3'], { shell: 'brief', acceptExitCodes: [3] });
      expect(exitCode).toBe(3);
    });

    it('write a directory of small files as they are, in place of what was there', async () => {
      const host = await hosts.connect(there.address);
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
      const target = '/var/lib/one/brief/disk.1';
      await host.sendFiles([{ name: 'old', content: bytes, mode: 0o644 }], target);
      await host.sendFiles(
        [
          { name: 'context.sh', content: bytes, mode: 0o644 },
          { name: 'key', content: Buffer.from('x\\n'), mode: 0o600 },
        ],
        target,
      );
      expect(await there.sh(`stat -c '%a %U %n' ${target}/*`)).toBe(
        `644 oneadmin ${target}/context.sh\n600 oneadmin ${target}/key`,
      );
      expect(await there.sh(`base64 -w0 ${target}/context.sh`)).toBe(bytes.toString('base64'));
      expect(await there.sh(`cat ${target}/key`)).toBe('x\\n');
    });
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
