/**
 * What Sunstone does for its console, in small: a page with noVNC, and a WebSocket that leads to the port of a host
 * (RFC 6455, binary messages). On loopback, for a browser of the test.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';

export interface Gateway extends AsyncDisposable {
  /** Of the page; `?password=` and `?port=` say what to connect to. */
  readonly url: string;
}

const NOVNC = join(import.meta.dirname, '../../node_modules/@novnc/novnc');

/** `window.rfb` is the connection, `document.title` says how it stands. */
const PAGE = `<!doctype html><title>connecting</title>
<style>html, body, #screen { margin: 0; width: 100%; height: 100%; background: #333 }</style>
<div id="screen"></div>
<script type="module">
  import RFB from '/novnc/core/rfb.js';
  const asked = new URLSearchParams(location.search);
  const password = asked.get('password');
  const rfb = new RFB(document.getElementById('screen'), 'ws://' + location.host + '/' + asked.get('port'),
    password === null ? {} : { credentials: { password } });
  rfb.resizeSession = asked.has('resize');
  for (const [event, title] of [['connect', 'connected'], ['disconnect', 'disconnected'], ['securityfailure', 'refused']])
    rfb.addEventListener(event, () => { if (document.title !== 'refused') document.title = title; });
  window.rfb = rfb;
</script>`;

/** @param host  to whose ports the WebSockets lead */
export async function startGateway(host: string): Promise<Gateway> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://here').pathname;
    if (path === '/') return void response.setHeader('content-type', 'text/html').end(PAGE);
    const file = /^\/novnc\/([\w./-]+\.js)$/.exec(path)?.[1];
    const content = file && !file.includes('..') ? await readFile(join(NOVNC, file)).catch(() => undefined) : undefined;
    if (content) response.setHeader('content-type', 'text/javascript').end(content);
    else response.writeHead(404).end();
  });
  const open = new Set<Duplex>();
  server.on('upgrade', (request, socket: Duplex) => {
    const port = Number((request.url ?? '').slice(1));
    socket.write(
      [
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Accept: ${acceptOf(request.headers['sec-websocket-key'] ?? '')}\r\n\r\n`,
      ].join('\r\n'),
    );
    open.add(socket.once('close', () => open.delete(socket)));
    relay(socket, connect(port, host));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

function relay(browser: Duplex, host: Duplex): void {
  let buffered = Buffer.alloc(0);
  browser.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (let frame = readFrame(buffered); frame; frame = readFrame(buffered)) {
      buffered = buffered.subarray(frame.length);
      if (frame.opcode === CLOSE) host.end();
      else host.write(frame.content);
    }
  });
  host.on('data', (chunk: Buffer) => browser.write(frameOf(chunk)));
  host.on('close', () => browser.end(Buffer.of(0x80 | CLOSE, 0)));
  browser.on('close', () => host.destroy());
  for (const stream of [browser, host]) stream.on('error', () => stream.destroy());
}

const BINARY = 2;
const CLOSE = 8;

/** A frame of a browser is masked. */
function readFrame(bytes: Buffer): { opcode: number; content: Buffer; length: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = (bytes[1] as number) & 0x7f;
  const head = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < head + 4) return undefined;
  const size = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const length = head + 4 + size;
  if (bytes.length < length) return undefined;
  const mask = bytes.subarray(head, head + 4);
  const content = Buffer.from(bytes.subarray(head + 4, length).map((byte, i) => byte ^ (mask[i % 4] as number)));
  return { opcode: (bytes[0] as number) & 0x0f, content, length };
}

function frameOf(content: Buffer): Buffer {
  const size = content.length;
  const head = Buffer.alloc(size < 126 ? 2 : size < 65536 ? 4 : 10);
  head[0] = 0x80 | BINARY;
  head[1] = size < 126 ? size : size < 65536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(size, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(size), 2);
  return Buffer.concat([head, content]);
}

function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}
