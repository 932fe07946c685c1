/** What every transport must do, on every member that this machine can have. A further place is a row of the table. */
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LxcTestbed } from '../../lxc/lxc-testbed.ts';
import { DEFAULT_PLACES, secretsFolder } from '../../lxc/names.ts';
import { secretPaths } from '../../provision/secrets/sandbox-secrets.ts';
import { LocalTransport } from '../../src/transport/local.ts';
import { receiveFile } from '../../src/transport/receive-file.ts';
import { SshTransport } from '../../src/transport/ssh.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { testbedSpecification } from '../support/testbed-specification.ts';
import { whyNoLxc } from '../support/user-machine.ts';

const sandbox = `p${process.pid.toString(36)}`;
const { networks, machine } = testbedSpecification(sandbox, 4);
const testbed = new LxcTestbed();
const noMachine = await whyNoLxc();

function openSsh(): Transport {
  const { userKey, knownHosts } = secretPaths(secretsFolder(DEFAULT_PLACES, sandbox));
  const { address: host } = machine('host-1');
  const login = { user: 'oneadmin', keyFile: userKey, knownHostsFile: knownHosts };
  return new SshTransport({ host, port: 22, ...login, connectTimeoutSeconds: 10 });
}

const MEMBERS: readonly { name: string; open: () => Transport; whyNot: string | undefined }[] = [
  { name: 'local', open: () => new LocalTransport(), whyNot: undefined },
  { name: 'lxc', open: () => testbed.transport(sandbox, 'host-1'), whyNot: noMachine },
  { name: 'ssh', open: openSsh, whyNot: noMachine },
];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onedock-put-'));
  if (noMachine !== undefined) return;
  await testbed.ensureNetworks(networks);
  await testbed.ensureMachine(machine('host-1'), () => {});
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  if (noMachine === undefined) await testbed.removeSandbox(sandbox);
});

describe.each(MEMBERS)('transport $name', ({ open, whyNot }) => {
  describe.skipIf(whyNot !== undefined)(whyNot === undefined ? 'run' : `skipped: ${whyNot}`, () => {
    it.each([0, 5, 16 * 2 ** 20, 17 * 2 ** 20 + 1])('gives files of %i bytes away, whole', async (size) => {
      await using place = open();
      const [there, here] = [`/tmp/onedock-given-${process.pid}`, join(folder, 'received')];
      await place.run(['sh', '-c', 'head -c "$1" /dev/urandom >"$2"', 'make', `${size}`, there]);
      const wanted = (await place.run(['md5sum', there])).stdout.split(' ')[0];
      expect(await receiveFile(place, there, here, new AbortController().signal)).toBe(wanted);
      expect(
        createHash('md5')
          .update(await readFile(here))
          .digest('hex'),
      ).toBe(wanted);
      await place.run(['rm', there]);
      await expect(receiveFile(place, there, here, new AbortController().signal)).rejects.toMatchObject({
        code: 'COMMAND_FAILED',
      });
    });

    it('returns what the command prints, unchanged', async () => {
      await using place = open();
      const result = await place.run(['sh', '-c', 'echo out; echo; echo err >&2']);
      expect(result).toEqual({ stdout: 'out\n\n', stderr: 'err\n', exitCode: 0 });
    });

    it.each(['two words', "it's", '$HOME', '*', '', 'a\nb', 'ä€', '-n', ';true'])(
      'hands over %j as it is',
      async (word) => {
        await using place = open();
        expect((await place.run(['printf', '[%s]', word])).stdout).toBe(`[${word}]`);
      },
    );

    it('gives standard input, and its end', async () => {
      await using place = open();
      const megabyte = Buffer.alloc(1_000_000, 'x');
      expect((await place.run(['wc', '-c'], { stdin: megabyte })).stdout.trim()).toBe('1000000');
      expect((await place.run(['cat'])).stdout).toBe('');
    });

    it('takes environment and working directory', async () => {
      await using place = open();
      const options = { env: { ONEDOCK_TEST: 'a b' }, cwd: '/usr/lib' };
      const { stdout } = await place.run(['sh', '-c', 'echo "$ONEDOCK_TEST $PWD"'], options);
      expect(stdout).toBe('a b /usr/lib\n');
    });

    it('tells output as it comes', async () => {
      await using place = open();
      const chunks: string[] = [];
      await place.run(['sh', '-c', 'echo one; echo two >&2'], { onOutput: (chunk) => chunks.push(chunk) });
      expect(chunks.join('').split('\n').toSorted()).toEqual(['', '', 'one', 'two'].toSorted().slice(1));
    });

    it('runs commands side by side', async () => {
      await using place = open();
      const runs = Array.from({ length: 12 }, (_, i) => place.run(['echo', `${i}`]));
      expect((await Promise.all(runs)).map(({ stdout }) => Number(stdout))).toEqual(runs.map((_, i) => i));
    });

    it('throws for an exit code that is not accepted, with place, line and the end of stderr', async () => {
      await using place = open();
      const failing = place.run(['sh', '-c', 'echo why >&2; exit 3']);
      await expect(failing).rejects.toMatchObject({
        code: 'COMMAND_FAILED',
        data: { place: place.name, exitCode: 3, output: 'why', line: expect.stringContaining("sh -c 'echo why") },
      });
    });

    it('returns an exit code that is accepted', async () => {
      await using place = open();
      expect((await place.run(['sh', '-c', 'exit 3'], { acceptExitCodes: [0, 3] })).exitCode).toBe(3);
    });

    it('knows a program that is not there', async () => {
      await using place = open();
      await expect(place.run(['onedock-no-such-program'])).rejects.toMatchObject({
        code: 'COMMAND_NOT_FOUND',
        data: { program: 'onedock-no-such-program' },
      });
    });

    it('ends a command at its deadline, and what the command has started', async () => {
      await using place = open();
      const mark = `31${Math.floor(Math.random() * 1e6)}`;
      const slow = place.run(['sh', '-c', `sleep ${mark} & wait`], { timeoutSeconds: 0.3 });
      await expect(slow).rejects.toMatchObject({ code: 'COMMAND_TIMED_OUT', data: { timeoutSeconds: 0.3 } });
      await expect.poll(async () => (await place.run(['pgrep', '-f', `^sleep ${mark}`], ACCEPT_NONE)).stdout).toBe('');
    });

    it('ends a command when it is aborted, with the reason', async () => {
      await using place = open();
      const abort = new AbortController();
      const running = place.run(['sleep', '30'], { signal: abort.signal });
      setTimeout(() => abort.abort(new Error('no longer wanted')), 100);
      await expect(running).rejects.toThrow('no longer wanted');
    });

    it('does not begin what is aborted already', async () => {
      await using place = open();
      const signal = AbortSignal.abort(new Error('too late'));
      await expect(place.run(['true'], { signal })).rejects.toThrow('too late');
    });
  });

  describe.skipIf(whyNot !== undefined)(whyNot === undefined ? 'put' : `put skipped: ${whyNot}`, () => {
    it('copies a file with its mode, over one that is there', async () => {
      await using place = open();
      const [local, remote] = [join(folder, 'source'), `/tmp/onedock-put-${process.pid}`];
      await writeFile(local, Buffer.from([0, 255, 10, 13]));
      await chmod(local, 0o750);
      await place.run(['sh', '-c', 'echo old >"$1"', 'sh', remote]);
      await place.put(local, remote);
      const found = await place.run(['sh', '-c', 'stat -c %a "$1"; od -An -tx1 "$1"; rm "$1"', 'sh', remote]);
      expect(found.stdout.split(/\s+/).filter((word) => word !== '')).toEqual(['750', '00', 'ff', '0a', '0d']);
      expect((await stat(local)).size).toBe((await readFile(local)).length);
    });

    it('fails where there is no such folder', async () => {
      await using place = open();
      await writeFile(join(folder, 'file'), '');
      await expect(place.put(join(folder, 'file'), '/no/such/folder/file')).rejects.toThrow();
    });
  });
});

const ACCEPT_NONE = { acceptExitCodes: [0, 1] };
