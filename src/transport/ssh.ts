/**
 * A machine over SSH: one connection, made at the first use, shared by all that runs at the same time, made again after it
 * was lost. `ssh2` speaks the protocol in this process, so that a command costs one round trip and no process here.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, ClientChannel, TcpConnectionDetails } from 'ssh2';
import { traced } from '../tracing/spans.ts';
import { fail as failCommand } from './errors.ts';
import { shellLine } from './shell-line.ts';
import { Slots } from './slots.ts';
import { connectSsh, type SshServer } from './ssh-connection.ts';
import { fail } from './ssh-errors.ts';
import { SshProcess } from './ssh-process.ts';
import { collect } from './stream-text.ts';
import type { RunOptions, RunResult, Transport } from './transport.ts';

export type { SshServer } from './ssh-connection.ts';

export interface SshOptions extends SshServer {
  /** Commands at the same time; further ones wait. To be less than sshd's own limit per connection (MaxSessions 10). */
  readonly maxSessions?: number;
  /** How long a file on its way may stand still; 60 s unless given. */
  readonly stallSeconds?: number;
}

/** @param from  the address of who has connected */
export type AcceptedStream = (stream: Duplex, from: string) => void;

/** sshd counts a session until it has seen our half of its end, so that its 10 cannot be used up. */
const DEFAULT_MAX_SESSIONS = 8;
const DEFAULT_TIMEOUT_SECONDS = 60;
/** SSH_OPEN_CONNECT_FAILED, RFC 4254, 5.1. */
const OPEN_CONNECT_FAILED = 2;
const MOST_ATTEMPTS = 30;
const PAUSE_MS = 10;
const TAIL_LINES = 12;
/** Of a command, in a trace: program, helper, verb. */
const TRACED_WORDS = 4;

/** How much of a file is on its way. */
interface Progress {
  bytes: () => number;
}

export class SshTransport implements Transport {
  readonly name: string;
  readonly #options: SshOptions;
  readonly #sessions: Slots;
  #connection: Promise<Client> | undefined;

  constructor(options: SshOptions) {
    this.name = `ssh ${options.host}`;
    this.#options = options;
    this.#sessions = new Slots(options.maxSessions ?? DEFAULT_MAX_SESSIONS);
  }

  /** Makes the connection if there is none. @throws SSH_UNREACHABLE, SSH_HOST_NOT_TRUSTED, SSH_LOGIN_REFUSED */
  async connect(): Promise<void> {
    await this.#client();
  }

  /**
   * Whether the connection was lost, or never made, shows in the error: after SSH_UNREACHABLE nothing has run, after
   * SSH_CONNECTION_LOST something may have.
   * @throws COMMAND_FAILED, COMMAND_NOT_FOUND, COMMAND_KILLED, COMMAND_TIMED_OUT, SSH_*; the signal's reason when aborted
   */
  run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return traced(`${this.name}: ${argv.slice(0, TRACED_WORDS).join(' ')}`, () => this.#run(argv, options));
  }

  async #run(argv: readonly string[], options: RunOptions): Promise<RunResult> {
    const { stdin = '', timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, signal, acceptExitCodes = [0], onOutput } = options;
    const deadline = AbortSignal.timeout(timeoutSeconds * 1000);
    const timedOut = (output: string) =>
      failCommand('COMMAND_TIMED_OUT', { place: this.name, line: shellLine(argv), output, timeoutSeconds });
    const process = await this.spawn(argv, {
      ...options,
      signal: AbortSignal.any([deadline, ...(signal ? [signal] : [])]),
    }).catch((error: unknown) => {
      signal?.throwIfAborted();
      // It waited for its turn all the time.
      throw deadline.aborted ? timedOut('') : error;
    });
    process.stdin.end(stdin);
    const [stdout, stderr, { exitCode, killedBy }] = await Promise.all([
      collect(process.stdout, onOutput),
      collect(process.stderr, onOutput),
      process.ended,
    ]);
    const at = { place: this.name, line: shellLine(argv), output: lastLines(stderr.trim() || stdout.trim()) };
    if (exitCode === undefined || exitCode > 128) {
      signal?.throwIfAborted();
      if (deadline.aborted) throw timedOut(at.output);
    }
    if (killedBy !== undefined) throw failCommand('COMMAND_KILLED', { ...at, killedBy });
    if (exitCode === undefined) throw fail('SSH_CONNECTION_LOST', { host: this.#options.host, doing: at.line });
    if (exitCode === 0 || acceptExitCodes.includes(exitCode)) return { stdout, stderr, exitCode };
    // The shell's exit code for a program that is not there (POSIX, sh).
    if (exitCode === 127) throw failCommand('COMMAND_NOT_FOUND', { ...at, program: argv[0] ?? '' });
    throw failCommand('COMMAND_FAILED', { ...at, exitCode });
  }

  /** Starts a command and leaves its streams to the caller. It is ended when the signal is aborted. */
  async spawn(argv: readonly string[], options: Pick<RunOptions, 'env' | 'cwd' | 'signal'> = {}): Promise<SshProcess> {
    const { signal } = options;
    const session = await this.#sessions.take(signal);
    try {
      const line = commandLine(argv, options);
      const process = await this.#start(line, signal);
      const end = () => process.end();
      signal?.addEventListener('abort', end, { once: true });
      if (signal?.aborted) end();
      process.ended.then(() => {
        session[Symbol.dispose]();
        signal?.removeEventListener('abort', end);
      });
      return process;
    } catch (error) {
      session[Symbol.dispose]();
      throw error;
    }
  }

  /** A connection to a Unix socket of the machine, as the user. It counts as no session. */
  async openSocket(path: string): Promise<Duplex> {
    return await this.#open<ClientChannel>(`connect to ${path}`, (client, done) =>
      client.openssh_forwardOutStreamLocal(path, done),
    );
  }

  /** A connection to a port of the machine's loopback. It counts as no session. */
  async openPort(port: number): Promise<Duplex> {
    return await this.#open<ClientChannel>(`connect to port ${port}`, (client, done) =>
      client.forwardOut('127.0.0.1', 0, '127.0.0.1', port, done),
    );
  }

  /**
   * Listens on a port of the machine, until the connection is lost. An address that others can reach takes `GatewayPorts
   * clientspecified` in the machine's sshd_config: sshd listens on its loopback only without it.
   * @throws SSH_CHANNEL_REFUSED when the port is taken or sshd does not allow it
   */
  async listen(
    at: { readonly address: string; readonly port: number },
    accepted: AcceptedStream,
  ): Promise<AsyncDisposable> {
    const client = await this.#client();
    const { address, port } = at;
    let isOpen = true;
    const connected = (to: TcpConnectionDetails, accept: () => Duplex, reject: () => void) => {
      if (to.destIP !== address || to.destPort !== port) return;
      if (isOpen) accepted(accept(), to.srcIP);
      else reject();
    };
    // Before and after there is a port: whom nobody answers waits for ever, and may come with the packet that opens it.
    client.on('tcp connection', connected);
    try {
      await this.#open<number>(`listen on port ${port}`, (_, done) =>
        client.forwardIn(address, port, (error, bound) => done(error, bound)),
      );
    } catch (error) {
      client.off('tcp connection', connected);
      throw error;
    }
    return {
      async [Symbol.asyncDispose]() {
        isOpen = false;
        const { promise: ended, resolve: end } = Promise.withResolvers<void>();
        client.once('close', end);
        try {
          client.unforwardIn(address, port, () => end());
          await ended;
        } catch {
          // The connection is lost, and the port with it.
        } finally {
          client.off('close', end);
          client.off('tcp connection', connected);
        }
      },
    };
  }

  /**
   * The file appears at once and whole under its name. It may take any time, but not stand still.
   * @throws SSH_FILE_STALLED, COMMAND_FAILED, SSH_*
   */
  async put(localPath: string, remotePath: string): Promise<void> {
    const { host, stallSeconds = DEFAULT_TIMEOUT_SECONDS } = this.#options;
    const stalled = new AbortController();
    const progress: Progress = { bytes: () => 0 };
    let before = 0;
    const timer = setInterval(() => {
      const bytes = progress.bytes();
      if (bytes === before) stalled.abort();
      before = bytes;
    }, stallSeconds * 1000);
    try {
      await this.#put(localPath, remotePath, progress, stalled.signal);
    } catch (error) {
      if (!stalled.signal.aborted) throw error;
      throw fail('SSH_FILE_STALLED', { host, localPath, remotePath, stallSeconds }, error);
    } finally {
      clearInterval(timer);
    }
  }

  async #put(localPath: string, remotePath: string, progress: Progress, signal: AbortSignal): Promise<void> {
    const mode = ((await stat(localPath)).mode & 0o7777).toString(8);
    const script = 'cat > "$1.part" && chmod "$2" "$1.part" && mv -f "$1.part" "$1"';
    const argv = ['sh', '-c', script, 'put', remotePath, mode];
    const process = await this.spawn(argv, { signal });
    const content = createReadStream(localPath);
    progress.bytes = () => content.bytesRead - process.stdin.writableLength;
    const sent = pipeline(content, process.stdin).catch((error: unknown) => error);
    const [stderr, { exitCode }] = await Promise.all([collect(process.stderr), process.ended, collect(process.stdout)]);
    if (exitCode === undefined)
      throw fail('SSH_CONNECTION_LOST', { host: this.#options.host, doing: `put ${remotePath}` });
    if (exitCode !== 0)
      throw failCommand('COMMAND_FAILED', { place: this.name, line: shellLine(argv), exitCode, output: stderr.trim() });
    const failure = await sent;
    if (failure) throw failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const client = await this.#connection?.catch(() => undefined);
    this.#connection = undefined;
    if (!client) return;
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    client.end();
    await closed;
  }

  /** sshd may not have noticed yet that a command has ended, and count it against the limit of its sessions. */
  async #start(line: string, signal: AbortSignal | undefined): Promise<SshProcess> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#open<SshProcess>(line, (client, done) =>
          // Wrapped here and not a moment later: the command's end may come with the same packet.
          client.exec(line, (error, channel) => done(error, channel && new SshProcess(channel))),
        );
      } catch (error) {
        if (!isWithoutRoom(error) || attempt === MOST_ATTEMPTS) throw error;
        await delay(attempt * PAUSE_MS, undefined, signal ? { signal } : {});
      }
    }
  }

  async #open<Channel>(
    doing: string,
    open: (client: Client, done: (error: Error | undefined, channel: Channel) => void) => void,
  ): Promise<Channel> {
    const client = await this.#client();
    const { host } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<Channel>();
    const lost = () => reject(fail('SSH_CONNECTION_LOST', { host, doing }));
    client.once('close', lost);
    try {
      open(client, (error, channel) => {
        if (error) reject(fail('SSH_CHANNEL_REFUSED', { host, doing, reason: error.message }, error));
        else resolve(channel);
      });
      return await promise;
    } finally {
      client.off('close', lost);
    }
  }

  #client(): Promise<Client> {
    this.#connection ??= this.#connect();
    return this.#connection;
  }

  #connect(): Promise<Client> {
    const connection = connectSsh(this.#options);
    const forget = () => {
      if (this.#connection === connection) this.#connection = undefined;
    };
    connection.then((client) => client.setMaxListeners(0).once('close', forget), forget);
    return connection;
  }
}

/** The answer to a session too many (OpenSSH, session_open). Nothing has run. */
function isWithoutRoom(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'reason' in cause && cause.reason === OPEN_CONNECT_FAILED;
}

/** The protocol carries one string, which the user's shell at the other end splits again. */
function commandLine(argv: readonly string[], { env = {}, cwd }: Pick<RunOptions, 'env' | 'cwd'>): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const command = shellLine(variables.length > 0 ? ['env', ...variables, ...argv] : argv);
  return cwd === undefined ? `exec ${command}` : `cd ${shellLine([cwd])} && exec ${command}`;
}

function lastLines(text: string): string {
  return text.split('\n').slice(-TAIL_LINES).join('\n');
}
