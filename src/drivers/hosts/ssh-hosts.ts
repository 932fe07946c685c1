import { OnedockError } from '../../errors/onedock-error.ts';
import { traced } from '../../tracing/spans.ts';
import { fail as failCommand } from '../../transport/errors.ts';
import { SharedWork } from '../../transport/shared-work.ts';
import { shellLine } from '../../transport/shell-line.ts';
import { type AcceptedStream, SshTransport } from '../../transport/ssh.ts';
import type { RunResult } from '../../transport/transport.ts';
import { receiveTree, type SmallFile, sendFiles, sendTree } from '../../transport/tree-copy.ts';
import { DockerEngine } from '../docker/docker-engine.ts';
import { briefFiles } from './brief-files.ts';
import { CallSessions } from './call-sessions.ts';
import type {
  CopyOptions,
  DockerHost,
  DockerHosts,
  HelperOptions,
  HostRunOptions,
  LockOptions,
  SharedShell,
} from './docker-hosts.ts';
import { fail } from './errors.ts';
import { findOtherRelease } from './programs-release.ts';
import { SERVING_SHELL } from './serving-shell.ts';
import { HostVmLocks, ProcessVmLocks, type VmLocks } from './vm-locks.ts';

/** The part of the driver settings that says how hosts are reached. */
export interface HostsSettings {
  readonly ssh: {
    readonly user: string;
    readonly port: number;
    readonly keyFile: string;
    readonly knownHostsFile: string;
  };
  readonly host: {
    readonly dockerSocket: string;
    readonly helper: string;
    readonly withoutControlGroups?: boolean;
  };
  readonly timeouts: {
    readonly connectSeconds: number;
    readonly commandSeconds: number;
    readonly transferSeconds: number;
  };
}

/**
 * Where locks on VMs live: in this process when it alone works on the hosts, or on the host itself when each action is a
 * process of its own.
 */
export type LockPlace = 'process' | 'host';

/** Hosts over SSH: a connection for each, made when it is first asked for, shared and kept. */
export class SshHosts implements DockerHosts {
  readonly #settings: HostsSettings;
  readonly #locks: LockPlace;
  readonly #hosts = new Map<string, SshHost>();

  constructor(settings: HostsSettings, { locks }: { readonly locks: LockPlace }) {
    this.#settings = settings;
    this.#locks = locks;
  }

  async connect(name: string, signal?: AbortSignal): Promise<DockerHost> {
    signal?.throwIfAborted();
    let host = this.#hosts.get(name);
    if (!host) {
      host = new SshHost(name, this.#settings, this.#locks);
      this.#hosts.set(name, host);
    }
    await unlessAborted(host.ssh.connect(), signal);
    return host;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const hosts = [...this.#hosts.values()];
    this.#hosts.clear();
    await Promise.all(hosts.map((host) => host.close()));
  }
}

const HELPER_RUNS = 4;
const SHELLS = 2;

/** What takes its time is not to keep others waiting; and of which release the helper is, one says that starts now. */
const QUICK_VERBS: ReadonlySet<string> = new Set([
  'bridge-ensure',
  'vxlan-ensure',
  'vlan-ensure',
  'vm-prepare',
  'vm-connect',
  'vm-open',
  'vm-release',
  'vm-end',
  'vm-remove',
  'nic-plug',
  'nic-unplug',
  'live-check',
]);

class SshHost implements DockerHost {
  readonly name: string;
  readonly docker: DockerEngine;
  readonly ssh: SshTransport;
  readonly #settings: HostsSettings;
  readonly #locks: VmLocks;
  readonly #shared = new SharedWork<string>();
  /** Undefined in a process of one action, which would start a session for each call. */
  readonly #sessions: Readonly<Record<'helper' | SharedShell, CallSessions>> | undefined;

  constructor(name: string, settings: HostsSettings, locks: LockPlace) {
    const { connectSeconds } = settings.timeouts;
    this.name = name;
    this.#settings = settings;
    this.ssh = new SshTransport({ ...settings.ssh, host: name, connectTimeoutSeconds: connectSeconds });
    const { dockerSocket, withoutControlGroups = false } = settings.host;
    this.docker = new DockerEngine(name, () => this.ssh.openSocket(dockerSocket), { withoutControlGroups });
    this.#locks = locks === 'host' ? new HostVmLocks(this.ssh) : new ProcessVmLocks(name);
    if (locks === 'process') this.#sessions = this.#openSessions();
  }

  helper(verb: string, args: readonly string[], options: HelperOptions = {}): Promise<string> {
    if (!options.shared) return this.#explainedHelper(verb, args, options);
    const key = [verb, ...args].join(' ');
    return this.#shared.run(key, options.signal, (signal) => this.#explainedHelper(verb, args, { ...options, signal }));
  }

  /** Of which release it is, it is asked only where it fails. */
  async #explainedHelper(verb: string, args: readonly string[], options: HelperOptions): Promise<string> {
    try {
      return await this.#helper(verb, args, options);
    } catch (error) {
      if (!(error instanceof OnedockError) || error.code !== 'HELPER_FAILED' || verb === 'release') throw error;
      const { signal } = options;
      const other = await findOtherRelease(() => this.#helper('release', [], { signal })).catch(() => undefined);
      if (!other) throw error;
      const { said } = error.data as { said: string };
      throw fail('HELPER_OF_OTHER_RELEASE', { host: this.name, verb, said, ...other }, error);
    }
  }

  #openSessions() {
    const open = (most: number, argv: readonly string[]) =>
      new CallSessions({
        place: this.ssh.name,
        start: () => this.ssh.spawn(argv),
        timeoutSeconds: this.#settings.timeouts.commandSeconds,
        most,
      });
    return {
      helper: open(HELPER_RUNS, ['sudo', '-n', this.#settings.host.helper, 'serve']),
      brief: open(SHELLS, SERVING_SHELL),
      look: open(1, SERVING_SHELL),
    };
  }

  #helper(verb: string, args: readonly string[], options: HelperOptions): Promise<string> {
    return traced(`helper ${this.name}: ${verb}`, async () => {
      const answer = await this.#callHelper(verb, args, options);
      if (!answer) return this.#startHelper(verb, args, options);
      if (answer.exitCode === 0) return answer.stdout;
      throw fail('HELPER_FAILED', { host: this.name, verb, said: answer.said });
    });
  }

  async #callHelper(verb: string, args: readonly string[], { stdin = '', signal }: HelperOptions) {
    // Words are separated by blanks, so none may hold one, or be nothing.
    if (!QUICK_VERBS.has(verb) || !args.every((word) => /^[!-~]+$/.test(word))) return undefined;
    return await this.#sessions?.helper.call({ line: [verb, ...args].join(' '), stdin }, signal);
  }

  async #startHelper(verb: string, args: readonly string[], options: HelperOptions): Promise<string> {
    const { helper } = this.#settings.host;
    const { stdin = '', signal, timeoutSeconds } = options;
    const argv = ['sudo', '-n', helper, verb, ...args];
    try {
      return (await this.run(argv, { stdin, ...(signal && { signal }), ...(timeoutSeconds && { timeoutSeconds }) }))
        .stdout;
    } catch (error) {
      if (!(error instanceof OnedockError) || error.code !== 'COMMAND_FAILED') throw error;
      const { output } = error.data as { output: string };
      const said = output.split('\n').at(-1) ?? '';
      if (/^sudo: |command not found/.test(said))
        throw fail('HELPER_NOT_ALLOWED', { host: this.name, helper, said }, error);
      throw fail('HELPER_FAILED', { host: this.name, verb, said }, error);
    }
  }

  async run(argv: readonly string[], { shell, ...options }: HostRunOptions = {}): Promise<RunResult> {
    const { stdin = '', signal, acceptExitCodes = [0] } = options;
    const sessions = shell && this.#sessions?.[shell];
    if (sessions && typeof stdin === 'string') {
      const line = `exec ${shellLine(argv)}`;
      const answer = await traced(`shell ${this.name}: ${argv[0]}`, () => sessions.call({ line, stdin }, signal));
      if (answer) {
        const { exitCode, stdout, said } = answer;
        if (exitCode === 0 || acceptExitCodes.includes(exitCode)) return { exitCode, stdout, stderr: said };
        throw failCommand('COMMAND_FAILED', { place: this.ssh.name, line, exitCode, output: said });
      }
    }
    return this.ssh.run(argv, { timeoutSeconds: this.#settings.timeouts.commandSeconds, ...options });
  }

  listen(at: { readonly address: string; readonly port: number }, accepted: AcceptedStream): Promise<AsyncDisposable> {
    return this.ssh.listen(at, accepted);
  }

  send(localPath: string, remotePath: string, options: CopyOptions = {}): Promise<void> {
    return sendTree(this.ssh, localPath, remotePath, this.#copyOptions(options));
  }

  async sendFiles(files: readonly SmallFile[], remotePath: string, options: CopyOptions = {}): Promise<void> {
    const timeoutSeconds = this.#settings.timeouts.commandSeconds;
    const brief = this.#sessions && briefFiles(files);
    const { signal } = options;
    if (brief)
      await this.run([...brief.argv, remotePath], { shell: 'brief', stdin: brief.stdin, ...(signal && { signal }) });
    else await sendFiles(this.ssh, files, remotePath, { timeoutSeconds, ...options });
  }

  receive(remotePath: string, localPath: string, options: CopyOptions = {}): Promise<void> {
    return receiveTree(this.ssh, remotePath, localPath, this.#copyOptions(options));
  }

  lock(name: string, options: LockOptions = {}): Promise<AsyncDisposable> {
    return this.#locks.take(name, options);
  }

  lockedVms(signal?: AbortSignal): Promise<ReadonlySet<string>> {
    return this.#locks.held(signal);
  }

  async close(): Promise<void> {
    for (const sessions of Object.values(this.#sessions ?? {})) sessions[Symbol.dispose]();
    this.docker[Symbol.dispose]();
    await this.ssh[Symbol.asyncDispose]();
  }

  #copyOptions(options: CopyOptions): CopyOptions {
    return { timeoutSeconds: this.#settings.timeouts.transferSeconds, ...options };
  }
}

/** The connection goes on for others when one of those who wait for it is aborted. */
async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return await work;
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = () => reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
