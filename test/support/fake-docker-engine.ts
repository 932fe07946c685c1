/** A Docker Engine that answers as it is told, over connections that never leave the process. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex, duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import { DockerEngine } from '../../src/drivers/docker/docker-engine.ts';
import type { EngineOptions } from '../../src/drivers/docker/engine-description.ts';

export interface Asked {
  /** `POST /containers/one-5/stop?t=5`, without the version. */
  readonly call: string;
  readonly version: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

type Answer = (asked: Asked, response: ServerResponse) => void | Promise<void>;

/** A JSON answer. */
export function json(body: unknown, status = 200): Answer {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
}

/** A stream of JSON lines, each sent by itself. */
export function lines(...values: readonly unknown[]): Answer {
  return (_, response) => {
    response.writeHead(200);
    for (const value of values) response.write(`${JSON.stringify(value)}\n`);
    response.end();
  };
}

export const empty =
  (status: number): Answer =>
  (_, response) =>
    void response.writeHead(status).end();

/** What carries a connection to its user: itself, unless a test puts something in between. */
type Carry = (connection: Duplex) => Duplex;

/** @param answers  by call without query; what is not there is answered 404 */
export function fakeDockerEngine(
  answers: Readonly<Record<string, Answer>>,
  apiVersion = '1.41',
  carry: Carry = (connection) => connection,
  engineHeaders: Readonly<Record<string, string>> = {},
  options: EngineOptions = {},
) {
  const asked: Asked[] = [];
  const connections: Duplex[] = [];
  const server = createServer(async (request, response) => {
    if (request.url === '/_ping')
      return void response.writeHead(200, { 'api-version': apiVersion, ...engineHeaders }).end('OK');
    const [, version = '', path = ''] = /^\/v([\d.]+)(.*)$/.exec(request.url ?? '') ?? [];
    const body = await text(request);
    const call = {
      call: `${request.method} ${path}`,
      version,
      headers: request.headers,
      body: body === '' ? undefined : JSON.parse(body),
    };
    asked.push(call);
    const answer = answers[`${request.method} ${path.replace(/\?.*/, '')}`] ?? json({ message: 'No such thing' }, 404);
    await answer(call, response);
  });
  const connect = async () => {
    const [ours, theirs] = duplexPair();
    connections.push(theirs);
    server.emit('connection', theirs as Socket);
    return carry(ours);
  };
  const engine = new DockerEngine('host-1', connect, options);
  return { engine, asked, connections };
}

/**
 * A connection as a channel of ssh2 is one (1.17, lib/Channel.js and lib/utils.js): it never counts as destroyed, its
 * close follows its end, and what is written after the loss vanishes.
 */
export class ChannelLike extends Duplex {
  readonly #carried: Duplex;
  #isLost = false;

  constructor(carried: Duplex) {
    super({ emitClose: false });
    this.#carried = carried;
    carried.on('data', (chunk) => this.#isLost || this.push(chunk));
  }

  override _read() {}

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void) {
    if (!this.#isLost) this.#carried.write(chunk, encoding, done);
  }

  override destroy() {
    return this.end();
  }

  /** With the connection that it is a part of. */
  lose() {
    this.#isLost = true;
    this.push(null);
    this.once('end', () => this.emit('close'));
  }
}
