/** What is SSH's own about a place: trust, one connection for all, sockets, trees of files. */
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SshTransport } from '../../src/transport/ssh.ts';
import { receiveTree, sendFiles, sendTree } from '../../src/transport/tree-copy.ts';
import { noDockerHost, startDockerHost, type TestDockerHost } from '../support/docker-host.ts';

const missing = noDockerHost();
if (missing) console.warn(`Skipped: ${missing}.`);

describe.skipIf(missing)('SshTransport', () => {
  let host: TestDockerHost;
  let ssh: SshTransport;
  let directory: string;

  beforeAll(async () => {
    host = await startDockerHost();
    ssh = new SshTransport(host.ssh);
    directory = await mkdtemp(join(tmpdir(), 'onedock-ssh-'));
  });
  afterAll(async () => {
    await ssh?.[Symbol.asyncDispose]();
    await host?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  const file = async (name: string, content: string) => {
    await writeFile(join(directory, name), content);
    return join(directory, name);
  };
  const hostKey = async () =>
    (await readFile(join(host.directory, 'host_key.pub'), 'utf8')).split(' ').slice(0, 2).join(' ');

  describe('who the server is', () => {
    const connect = async (knownHosts: string) => {
      await using other = new SshTransport({ ...host.ssh, knownHostsFile: await file('known_hosts', knownHosts) });
      await other.connect();
    };

    it('vouches an authority whose certificate it shows', async () => {
      await using other = new SshTransport(host.ssh);
      await expect(other.connect()).resolves.toBeUndefined();
    });

    it('vouches its own key, where it is known', async () => {
      await expect(connect(`${host.address} ${await hostKey()}\n`)).resolves.toBeUndefined();
    });

    it.each([
      ['nothing is known', async () => '', 'No line of the file is about it'],
      ['another host has that key', async () => `10.0.0.1 ${await hostKey()}`, 'No line of the file is about it'],
      [
        'the authority is another',
        async () => `@cert-authority * ${await hostKey()}`,
        'signed by an unknown authority',
      ],
      [
        'its key is revoked',
        async () => `@revoked * ${await hostKey()}\n${host.address} ${await hostKey()}`,
        'has been revoked',
      ],
    ])('is doubted when %s', async (_, knownHosts, why) => {
      await expect(connect(await knownHosts())).rejects.toMatchObject({
        code: 'SSH_HOST_NOT_TRUSTED',
        why: expect.stringContaining(why),
      });
    });
  });

  it('says that a user is not let in', async () => {
    await using other = new SshTransport({ ...host.ssh, user: 'nobody' });
    await expect(other.connect()).rejects.toMatchObject({ code: 'SSH_LOGIN_REFUSED' });
  });

  it('says that nothing answers', async () => {
    await using other = new SshTransport({ ...host.ssh, port: 23 });
    await expect(other.run(['true'])).rejects.toMatchObject({ code: 'SSH_UNREACHABLE', retry: true });
  });

  it('says which file it cannot read', async () => {
    await using other = new SshTransport({ ...host.ssh, keyFile: '/nowhere/key' });
    await expect(other.run(['true'])).rejects.toMatchObject({
      code: 'SSH_FILE_UNREADABLE',
      data: { path: '/nowhere/key' },
    });
  });

  it('gets in where many log in at the same time, and sshd turns some away', async () => {
    const many = Array.from({ length: 30 }, () => new SshTransport(host.ssh));
    const connected = await Promise.allSettled(many.map((each) => each.connect()));
    await Promise.all(many.map((each) => each[Symbol.asyncDispose]()));
    expect(connected.filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  it('runs more commands at the same time than sshd has sessions for a connection', async () => {
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, i) => ssh.run(['sh', '-c', `sleep 0.05; echo ${i}`])),
    );
    expect(results.map(({ stdout }) => stdout.trim())).toEqual(Array.from({ length: 40 }, (_, i) => `${i}`));
  });

  it('ends what runs there when it is aborted', async () => {
    const abort = new AbortController();
    const running = ssh.run(['sleep', '1234'], {
      signal: abort.signal,
    });
    await host.sh('until pgrep -f "sleep 1234"; do sleep 0.02; done');
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect.poll(() => host.sh('pgrep -fc "^sleep 1234" || true')).toBe('0');
  });

  it('kills what does not mind', async () => {
    const running = ssh.run(['sh', '-c', 'trap "" TERM; sleep 4321 & wait; wait'], { timeoutSeconds: 0.3 });
    await expect(running).rejects.toMatchObject({ code: 'COMMAND_TIMED_OUT' });
    await expect.poll(() => host.sh('pgrep -fc "^sleep 4321" || true')).toBe('0');
  });

  it('connects anew after the connection was lost, and says so to whom it cost', async () => {
    const lost = expect(ssh.run(['sleep', '60'])).rejects.toMatchObject({ code: 'SSH_CONNECTION_LOST', retry: true });
    await host.sh('until pgrep -f "sleep 60"; do sleep 0.02; done; pkill -f "^sshd: oneadmin"');
    await lost;
    await expect(ssh.run(['echo', 'again'])).resolves.toMatchObject({ stdout: 'again\n' });
  });

  it('leaves nobody waiting who comes while a port is being opened or closed', async () => {
    const at = { address: host.address, port: 5999 };
    const outcomes: string[] = [];
    const ended = new AbortController();
    const knock = async () => {
      while (!ended.signal.aborted) outcomes.push(await answerOf(at));
    };
    const knocking = Array.from({ length: 4 }, knock);
    for (let opened = 0; opened < 30; opened++) {
      await using _listener = await ssh.listen(at, (stream) => stream.end('hello'));
      const before = outcomes.length;
      await expect.poll(() => outcomes.slice(before), { interval: 1 }).toContain('hello');
    }
    ended.abort();
    await Promise.all(knocking);
    expect(outcomes).not.toContain('silence');
  });

  it('reaches sockets', async () => {
    const socket = await ssh.openSocket('/run/docker.sock');
    socket.write('GET /_ping HTTP/1.0\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) answer += `${chunk}`;
    expect(answer).toContain('200 OK');
    await expect(ssh.openSocket('/run/nothing.sock')).rejects.toMatchObject({ code: 'SSH_CHANNEL_REFUSED' });
  });

  describe('a file on its way', () => {
    /** Under the name by which a file comes, so that whoever writes it waits for a reader. */
    const pipe = async (path: string, reader: string) =>
      host.sh(
        `rm -f ${path}.part; mkfifo ${path}.part; chown oneadmin ${path}.part; (${reader}) <>/dev/null >/dev/null 2>&1 &`,
      );

    it('is given up when it stands still, and what wrote it is ended', async () => {
      await using impatient = new SshTransport({ ...host.ssh, stallSeconds: 1 });
      await pipe('/var/lib/one/stands', ':');
      await expect(impatient.put(await file('stands', 'x'.repeat(1e6)), '/var/lib/one/stands')).rejects.toMatchObject({
        code: 'SSH_FILE_STALLED',
        data: { remotePath: '/var/lib/one/stands', stallSeconds: 1 },
      });
      await expect.poll(() => host.sh('pgrep -fc "[p]ut /var/lib/one/stands" || true')).toBe('0');
      await expect(impatient.run(['echo', 'next'])).resolves.toMatchObject({ stdout: 'next\n' });
    });

    it('may take its time as long as it moves', async () => {
      await using impatient = new SshTransport({ ...host.ssh, stallSeconds: 1 });
      const reader =
        'i=0; while [ $i -lt 24 ]; do head -c 512K >/dev/null; sleep 0.15; i=$((i+1)); done; cat >/dev/null';
      await pipe('/var/lib/one/slow', `exec </var/lib/one/slow.part; ${reader}`);
      const startedAt = performance.now();
      await impatient.put(await file('slow', 'x'.repeat(12 * 2 ** 20)), '/var/lib/one/slow');
      expect(performance.now() - startedAt).toBeGreaterThan(2000);
    });
  });

  describe('trees', () => {
    it('keep holes, modes, links and names', async () => {
      const tree = join(directory, 'a tree');
      await mkdir(tree);
      await writeFile(join(tree, "it's"), 'text');
      await chmod(join(tree, "it's"), 0o640);
      await symlink("it's", join(tree, 'link'));
      await writeFile(join(tree, 'disk'), 'start');
      await truncate(join(tree, 'disk'), 200 * 2 ** 20);

      await sendTree(ssh, tree, '/var/lib/one/there');
      expect(await host.sh('cd /var/lib/one/there; stat -c "%a %s" "it\'s"; readlink link; du -k disk | cut -f1')).toBe(
        "640 4\nit's\n4",
      );
      await receiveTree(ssh, '/var/lib/one/there', join(directory, 'back'));
      expect(await readFile(join(directory, 'back', 'link'), 'utf8')).toBe('text');
      expect((await stat(join(directory, 'back', 'disk'))).blocks).toBeLessThan(100);
      expect((await stat(join(directory, 'back', 'disk'))).size).toBe(200 * 2 ** 20);
    });

    it('are complete, however long the sender takes to end after the last of them', async () => {
      const late = ['sh', '-c', '"$@"; sleep 1', 'late'];
      const slow = { name: ssh.name, spawn: (argv: readonly string[]) => ssh.spawn([...late, ...argv]) };
      await host.sh('echo text >/var/lib/one/late');
      await receiveTree(slow, '/var/lib/one/late', join(directory, 'late'));
      expect(await readFile(join(directory, 'late'), 'utf8')).toBe('text\n');
    });

    it('that do not fit there are not sent on, and the receiver says why', async () => {
      const large = await file('too large', 'x'.repeat(50e6));
      const sent = sendTree(ssh, large, '/var/lib/one/no/such/place');
      await expect(sent).rejects.toMatchObject({ why: expect.stringContaining('mktemp') });
    });

    it('that do not fit here are not sent on, and tar says why', async () => {
      await host.sh('yes | head -c 200M >/var/lib/one/large');
      const within = join(directory, 'no directory', 'large');
      await expect(receiveTree(ssh, '/var/lib/one/large', within)).rejects.toMatchObject({
        why: expect.stringContaining('mktemp'),
      });
    });

    it('that are not there are missed at their place', async () => {
      const received = receiveTree(ssh, '/var/lib/one/none', join(directory, 'none'));
      await expect(received).rejects.toMatchObject({ why: expect.stringContaining('none: Cannot stat') });
    });

    it('replace what was there, at the end', async () => {
      await host.sh('mkdir -p /var/lib/one/old; echo x >/var/lib/one/old/x; chown -R oneadmin /var/lib/one/old');
      await sendTree(ssh, await file('new', 'new'), '/var/lib/one/old');
      expect(await host.sh('cat /var/lib/one/old')).toBe('new');
    });

    it('of small files are made with their parents, in place of what was there', async () => {
      const files = (...names: string[]) =>
        names.map((name) => ({ name, content: Buffer.from(`${name}\n`), mode: 0o640 }));
      await sendFiles(ssh, files('a', 'b'), '/var/lib/one/new/parents/small');
      await sendFiles(ssh, files('b', "it's"), '/var/lib/one/new/parents/small');
      expect(await host.sh('cd /var/lib/one/new/parents; ls -A; stat -c "%n %a" small/*; cat small/b')).toBe(
        "small\nsmall/b 640\nsmall/it's 640\nb",
      );
    });

    it('that break off leave nothing', async () => {
      const source = await file('large', 'x'.repeat(1e6));
      await truncate(source, 1e6);
      await expect(sendTree(ssh, source, '/var/lib/one/no/such/place')).rejects.toMatchObject({
        code: 'COMMAND_FAILED',
      });
      await expect(sendTree(ssh, join(directory, 'nothing'), '/var/lib/one/x')).rejects.toMatchObject({
        code: 'COMMAND_FAILED',
      });
      await expect(receiveTree(ssh, '/nothing', join(directory, 'y'))).rejects.toMatchObject({
        code: 'COMMAND_FAILED',
      });
      expect(await host.sh('ls -A /var/lib/one | grep -E "^x$|copy" || true')).toBe('');
    });
  });
});

/** What a port says before it closes; `silence` where it does not within some seconds. */
async function answerOf({ address, port }: { address: string; port: number }): Promise<string> {
  const socket = connect({ host: address, port, timeout: 20_000 });
  socket.once('timeout', () => socket.destroy(new Error('silence')));
  try {
    return await text(socket);
  } catch (error) {
    return (error as Error).message;
  }
}
