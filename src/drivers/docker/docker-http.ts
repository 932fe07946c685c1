/**
 * Docker's API over any stream: an HTTP client whose connections come from a function, so that the socket may be a local
 * one or lie at the far end of an SSH connection. Connections are kept and used again.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { type Duplex, pipeline, type Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { http } from '../../node-http.ts';
import { traced } from '../../tracing/spans.ts';
import { fail } from './errors.ts';

const { Agent, request } = http;

/** Opens one connection to the engine's socket. */
export type ConnectSocket = () => Promise<Duplex>;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With version and query, as `/v1.41/info`. */
  readonly path: string;
  readonly body?: unknown;
  /** Instead of a body: a tar archive, sent as it comes. */
  readonly archive?: Readable;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpCall extends HttpRequest {
  /** Until the answer is complete. */
  readonly timeoutSeconds: number;
}

export interface HttpAnswer {
  readonly body: Buffer;
  /** Of Docker's API. */
  readonly apiVersion: string;
  readonly isPodman: boolean;
}

export class DockerHttp {
  readonly #place: string;
  readonly #agent: SocketAgent;

  constructor(place: string, connect: ConnectSocket) {
    this.#place = place;
    this.#agent = new SocketAgent(connect);
  }

  /** The whole answer. @throws DOCKER_NOT_FOUND, DOCKER_CONFLICT, DOCKER_REFUSED, DOCKER_UNREACHABLE, DOCKER_TIMED_OUT */
  async fetch(call: HttpCall): Promise<HttpAnswer> {
    const work = async (signal: AbortSignal) => {
      const response = await this.#request(call, signal);
      const body = await buffer(response);
      this.#check(call, response, body.toString());
      return {
        body,
        apiVersion: String(response.headers['api-version'] ?? ''),
        isPodman: 'libpod-api-version' in response.headers,
      };
    };
    return await traced(`docker ${this.#place}: ${label(call)}`, () => this.#withDeadline(call, work));
  }

  /** The answer as it comes. The connection is given back when the body ends or is destroyed. */
  async stream(call: HttpRequest): Promise<IncomingMessage> {
    const response = await this.#request(call, call.signal);
    if ((response.statusCode ?? 0) >= 400) this.#check(call, response, await text(response));
    return response;
  }

  /**
   * A request whose answer is a conversation: the connection is the caller's from then on.
   * @throws as `fetch`, also for an engine that answers and does not change the protocol
   */
  async upgrade(call: HttpCall): Promise<Duplex> {
    return await traced(`docker ${this.#place}: ${label(call)}`, () =>
      this.#withDeadline(call, async (signal) => {
        const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
        const outgoing = this.#send({ ...call, headers: { connection: 'Upgrade', upgrade: 'tcp' } }, signal);
        outgoing.once('upgrade', (_response, socket: Duplex, head: Buffer) => {
          // Whoever reads it learns of its loss; before somebody does, there is nobody to tell.
          socket.on('error', () => {});
          if (head.length > 0) socket.unshift(head);
          resolve(socket);
        });
        outgoing.once('response', async (response) => {
          try {
            this.#check(call, response, await text(response));
            reject(fail('DOCKER_UNREACHABLE', { place: this.#place, reason: 'It does not open a conversation' }));
          } catch (error) {
            reject(error);
          }
        });
        outgoing.once('error', (error) => reject(this.#lost(error, signal)));
        return await promise;
      }),
    );
  }

  close() {
    this.#agent.destroy();
  }

  async #withDeadline<Result>(call: HttpCall, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const { timeoutSeconds } = call;
    const deadline = AbortSignal.timeout(timeoutSeconds * 1000);
    const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
    try {
      return await work(signal);
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      if (!deadline.aborted) throw error;
      throw fail('DOCKER_TIMED_OUT', { place: this.#place, request: label(call), timeoutSeconds }, error);
    }
  }

  #request(call: HttpRequest, signal: AbortSignal | undefined): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = this.#send(call, signal);
      outgoing.once('response', resolve);
      outgoing.once('error', (error: NodeJS.ErrnoException) => {
        // The engine closed a connection that was kept: what changes nothing when it is done twice may be sent again.
        if (!signal?.aborted && call.method !== 'POST' && outgoing.reusedSocket && error.code === 'ECONNRESET')
          this.#request(call, signal).then(resolve, reject);
        else reject(call.archive?.errored ?? this.#lost(error, signal));
      });
    });
  }

  #send(call: HttpRequest, signal: AbortSignal | undefined): ClientRequest {
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const outgoing = request({
      agent: this.#agent,
      method: call.method,
      path: call.path,
      headers: {
        host: 'docker',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...(call.archive ? { 'content-type': 'application/x-tar' } : {}),
        ...call.headers,
      },
      ...(signal ? { signal } : {}),
    });
    outgoing.once('socket', (socket) => {
      // A kept connection that is lost at the moment at which it is chosen has told of its end already, to nobody.
      if (socket.readableEnded) outgoing.emit('error', new ConnectionReset());
    });
    // The first error is the one that counts.
    outgoing.on('error', () => {});
    if (!call.archive) outgoing.end(body);
    // An engine that refuses it may answer before it has read all: its answer tells more than the stream's end.
    else pipeline(call.archive, outgoing, () => {});
    return outgoing;
  }

  #lost(error: Error, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) return signal.reason;
    return fail('DOCKER_UNREACHABLE', { place: this.#place, reason: error.message }, error);
  }

  #check(call: HttpRequest, response: IncomingMessage, body: string) {
    const status = response.statusCode ?? 0;
    if (status < 400) return;
    const at = { place: this.#place, request: label(call), message: messageOf(body), status };
    if (status === 404) throw fail('DOCKER_NOT_FOUND', at);
    if (status === 409) throw fail('DOCKER_CONFLICT', at);
    throw fail('DOCKER_REFUSED', at);
  }
}

class ConnectionReset extends Error {
  readonly code = 'ECONNRESET';

  constructor() {
    super('The connection was lost');
  }
}

export function query(parameters: Readonly<Record<string, string>>): string {
  return `?${new URLSearchParams(parameters)}`;
}

/** `POST /containers/one-5/stop`: without version and query, which tell a reader nothing. */
function label({ method, path }: HttpRequest): string {
  return `${method} ${path.replace(/^\/v[\d.]+/, '').replace(/\?.*$/, '')}`;
}

function messageOf(body: string): string {
  try {
    return JSON.parse(body).message ?? body;
  } catch {
    return body.trim();
  }
}

class SocketAgent extends Agent {
  readonly #connect: ConnectSocket;

  constructor(connect: ConnectSocket) {
    super({ keepAlive: true, maxFreeSockets: 8 });
    this.#connect = connect;
  }

  override createConnection(_options: unknown, done: (error: Error | null, stream: Duplex) => void) {
    this.#connect().then(
      (stream) => done(null, asSocket(stream)),
      (error: Error) => done(error, undefined as never),
    );
    return undefined;
  }
}

/** A channel of ssh2 lacks what an agent calls on a socket; none of it matters to a stream inside another connection. */
function asSocket(stream: Duplex): Duplex {
  const itself = () => stream;
  for (const name of ['setTimeout', 'setNoDelay', 'setKeepAlive', 'ref', 'unref'])
    if (!(name in stream)) Object.defineProperty(stream, name, { value: itself });
  // An agent forgets a free socket that closes only when it cannot be written to (lib/_http_agent.js, `removeSocket`),
  // and channels of a connection that is lost stay writable.
  stream.once('close', () => stream.end());
  return stream;
}
