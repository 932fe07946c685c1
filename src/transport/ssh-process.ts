import type { Readable, Writable } from 'node:stream';
import type { ClientChannel } from 'ssh2';

/** How a command ended; neither is known when the connection was lost. */
export interface ProcessEnd {
  readonly exitCode?: number;
  readonly killedBy?: string;
}

/** How long a command may take to end after SIGTERM before it is killed. */
const GRACE_SECONDS = 2;

/**
 * A command that runs at the far end of a channel. Its output must be read, or it waits.
 *
 * `end` sends SIGTERM and, after a while, SIGKILL to the command's process group, as `sshd` (OpenSSH 7.9 and later) does it
 * for the user who logged in. What runs as another user, behind `sudo`, cannot be reached so: for it the channel is closed,
 * which ends its standard input, and its own deadline ends the rest.
 */
export class SshProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly ended: Promise<ProcessEnd>;
  readonly #channel: ClientChannel;
  #kill: NodeJS.Timeout | undefined;

  constructor(channel: ClientChannel) {
    this.#channel = channel;
    this.stdin = channel;
    this.stdout = channel;
    this.stderr = channel.stderr;
    // Writing to a command that has ended is no error of its own: its exit code tells.
    channel.on('error', () => {});
    let end: ProcessEnd = {};
    channel.on('exit', (exitCode: number | null, killedBy?: string) => {
      end = { ...(exitCode === null ? {} : { exitCode }), ...(killedBy === undefined ? {} : { killedBy }) };
    });
    this.ended = new Promise((resolve) => {
      channel.once('close', () => {
        clearTimeout(this.#kill);
        resolve(end);
      });
    });
  }

  end() {
    this.#signal('TERM');
    this.#kill ??= setTimeout(() => {
      this.#signal('KILL');
      this.#channel.close();
      // It counts as closed when all that came by it was read, whoever still wants it.
      this.stdout.resume();
      this.stderr.resume();
    }, GRACE_SECONDS * 1000);
  }

  #signal(name: string) {
    const { outgoing, _client } = this.#channel as unknown as ChannelInternals;
    // The channel is closed: the command has ended, or its connection.
    if (outgoing.state === 'closed' || outgoing.state === 'closing') return;
    try {
      _client._protocol.signal(outgoing.id, name);
    } catch {
      // The connection went in the meantime.
    }
  }
}

/**
 * ssh2 1.17 keeps a signal back when standard input has ended, and says nothing (lib/Channel.js, `signal`). The protocol
 * allows it for as long as the channel is not closed (RFC 4254, 5.3 and 6.9), so it is asked directly.
 */
interface ChannelInternals {
  readonly outgoing: { readonly id: number; readonly state: 'opening' | 'open' | 'eof' | 'closing' | 'closed' };
  readonly _client: { readonly _protocol: { signal(channel: number, name: string): void } };
}
