/** A sandbox of a test's own, driven as a user drives it: by the program in bin/, and by OpenNebula's commands and API. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe } from 'vitest';
import { type Client, createClient } from '../../src/opennebula/client/client.ts';
import type { Vm } from '../../src/opennebula/client/views.ts';
import { USUAL_READY_SECONDS } from '../../src/sandbox/testbed.ts';
import { PATIENCE } from './patience.ts';

const ONEDOCK = join(import.meta.dirname, '../../bin/onedock.mjs');
const NEEDED = ['lxc-start', 'mmdebstrap', 'nft', 'ip', 'openssl', 'ssh-keygen'];

export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** A suite that needs a sandbox; where none can be had, its title says why it is skipped. */
export function describeSandbox(title: string, tests: () => void): void {
  const reason = noSandbox();
  describe.skipIf(reason !== undefined)(reason === undefined ? title : `${title} (skipped: ${reason})`, tests);
}

/** Why no sandbox can be had here; undefined where one can. */
export function noSandbox(): string | undefined {
  if (process.getuid?.() !== 0) return 'a sandbox needs root';
  const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  const missing = NEEDED.filter((program) => !folders.some((folder) => existsSync(join(folder, program))));
  return missing.length === 0 ? undefined : `a sandbox needs ${missing.join(', ')}`;
}

export class TestSandbox implements AsyncDisposable {
  readonly name: string;
  /** Holds its sandbox.yaml, and whatever that names. */
  readonly folder: string;

  private constructor(name: string, folder: string) {
    this.name = name;
    this.folder = folder;
  }

  static async create(configuration = ''): Promise<TestSandbox> {
    const folder = await mkdtemp(join(tmpdir(), 'onedock-system-'));
    const name = `t${randomBytes(4).toString('hex')}`;
    const slow = PATIENCE > 1 ? `readyTimeoutSeconds: ${USUAL_READY_SECONDS * PATIENCE}\n` : '';
    await writeFile(join(folder, 'sandbox.yaml'), `name: ${name}\n${slow}${configuration}`);
    return new TestSandbox(name, folder);
  }

  /** Starts `onedock` with these words; the process is the program itself, so that a test can kill it. */
  start(...words: string[]) {
    return execa(process.execPath, [ONEDOCK, ...words], { cwd: this.folder, reject: false, env: { NO_COLOR: '1' } });
  }

  async run(...words: string[]): Promise<Finished> {
    const { stdout, stderr, exitCode = -1 } = await this.start(...words);
    return { stdout, stderr, exitCode };
  }

  /** The same, which must succeed. @returns its answer */
  async ok(...words: string[]): Promise<string> {
    const { stdout, stderr, exitCode } = await this.run(...words);
    if (exitCode !== 0) throw new Error(`onedock ${words.join(' ')} ended with ${exitCode}:\n${stderr}\n${stdout}`);
    return stdout;
  }

  async json(...words: string[]) {
    return JSON.parse(await this.ok(...words, '--json'));
  }

  /** One of OpenNebula's commands, which must succeed. */
  one(...words: string[]): Promise<string> {
    return this.ok('one', ...words);
  }

  /** A command on a machine, as root, which must succeed. */
  on(machine: string, ...argv: string[]): Promise<string> {
    return this.ok('exec', machine, '--', ...argv);
  }

  /** A command in a VM. */
  inside(vm: Pick<Vm, 'hostName' | 'id'>, ...argv: string[]): Promise<string> {
    return this.on(vm.hostName, 'docker', 'exec', `one-${vm.id}`, ...argv);
  }

  async client(): Promise<Client> {
    const { ONE_XMLRPC, ONE_AUTH } = await this.json('env');
    return createClient({ endpoint: ONE_XMLRPC, session: (await readFile(ONE_AUTH, 'utf8')).trim() });
  }

  async [Symbol.asyncDispose]() {
    await this.run('down', '--yes');
    await rm(this.folder, { recursive: true, force: true });
  }
}
