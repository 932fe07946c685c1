/**
 * The HTTP side of the API: POST to /RPC2, nothing else but a health check. Connections are kept open between calls
 * (src/rm/xml-rpc/RequestManagerXRPC.cc, 7.4).
 */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { http } from '../../node-http.ts';
import { answerInParts } from './answer.ts';
import type { Exposed } from './exposed-method.ts';
import { answerWithNews, holdOf } from './held-answer.ts';

const { createServer } = http;

export interface ServerOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly address: string;
  readonly exposed: Exposed;
}

export interface RunningServer extends AsyncDisposable {
  /** As clients are told it: `http://127.0.0.1:2633/RPC2`. */
  readonly url: string;
  readonly port: number;
}

/** Larger than any template; a request may not fill the memory. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
const KEEP_ALIVE_MS = 15_000;
const REQUEST_TIMEOUT_MS = 60_000;

/** Listens; resolves once calls are taken. */
export async function startServer({ port, address, exposed }: ServerOptions): Promise<RunningServer> {
  const closing = new AbortController();
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => {
      serve(request, response, exposed, closing.signal).catch((error) => response.destroy(error));
    },
  );
  await once(server.listen(port, address), 'listening');
  const bound = server.address() as AddressInfo;
  const host = address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address;
  return {
    port: bound.port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}/RPC2`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      closing.abort();
      server.closeIdleConnections();
      await closed;
    },
  };
}

/** @param closing  answers that are held are given when it is aborted */
async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  exposed: Exposed,
  closing: AbortSignal,
): Promise<void> {
  const [path] = (request.url ?? '/').split('?');
  if (path === '/health' && request.method === 'GET') return send(response, 200, 'text/plain', 'ok\n');
  if (path !== '/RPC2') return refuse(response, 404, 'Not Found');
  if (request.method !== 'POST') return refuse(response, 405, 'Method Not Allowed');
  const body = await readBody(request);
  if (body === undefined) return refuse(response, 413, 'Content Too Large');
  const peer = { address: request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '-' };
  const hold = holdOf(request.headers);
  const { parts, tag } = hold
    ? await answerWithNews(body, exposed, peer, hold, AbortSignal.any([closing, goneSignal(response)]))
    : { parts: await answerInParts(body, exposed, peer), tag: undefined };
  // A connection that is kept would keep the server from closing.
  if (closing.aborted) response.setHeader('Connection', 'close');
  if (tag !== undefined) response.setHeader('ETag', tag).setHeader('Preference-Applied', 'wait');
  await sendInPieces(response, 'text/xml; charset=utf-8', parts);
}

/** Aborted when the client has gone, or has been answered. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

/** By events: to iterate over a request costs 20 µs more of each call. @returns undefined when it is too large */
function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_REQUEST_BYTES) chunks.push(chunk);
      else {
        chunks.length = 0;
        resolve(undefined);
      }
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
  });
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  const title = `Error ${status}`;
  response.setHeader('Connection', 'close');
  if (status === 405) response.setHeader('Allow', 'POST');
  const html = `<HTML><HEAD><TITLE>${title}</TITLE></HEAD><BODY><H1>${title}</H1><P>${reason}</P></BODY></HTML>`;
  send(response, status, 'text/html', html);
}

/**
 * Characters of a large answer that are made and sent before others have their turn, at most. A string of more than 128 kB gets
 * pages of its own from V8, which have to be mapped and given back for each: then a list of 20,000 VMs costs twice as much.
 */
const PIECE_CHARACTERS = 120 * 1024;

/** A small answer goes whole. Of a large one each piece is made when the client has taken those before. */
async function sendInPieces(response: ServerResponse, type: string, parts: Iterable<string>): Promise<void> {
  const pieces = piecesOf(parts);
  const first = pieces.next().value ?? '';
  let next = pieces.next();
  if (next.done) return send(response, 200, type, first);
  response.writeHead(200, { 'Content-Type': type });
  const gone = goneSignal(response);
  let isTaken = response.write(first, encodingOf(first));
  for (; !next.done && !gone.aborted; next = pieces.next()) {
    if (!isTaken) await once(response, 'drain', { signal: gone }).catch(() => {});
    // A socket that takes all at once says so before anything else had its turn.
    await setImmediate();
    isTaken = response.write(next.value, encodingOf(next.value));
  }
  response.end();
}

function* piecesOf(parts: Iterable<string>): Generator<string, undefined> {
  let piece: string[] = [];
  let characters = 0;
  for (const part of parts) {
    if (piece.length > 0 && characters + part.length > PIECE_CHARACTERS) {
      yield piece.join('');
      piece = [];
      characters = 0;
    }
    piece.push(part);
    characters += part.length;
  }
  yield piece.join('');
}

/** Head and body go in one piece: as a buffer the body would be a second one. */
function send(response: ServerResponse, status: number, type: string, text: string): void {
  const bytes = Buffer.byteLength(text);
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': bytes });
  response.end(text, encodingOf(text, bytes));
}

/** What is all ASCII, as nearly everything is, need not be encoded but only copied. */
function encodingOf(text: string, bytes = Buffer.byteLength(text)): 'latin1' | 'utf8' {
  return bytes === text.length ? 'latin1' : 'utf8';
}
