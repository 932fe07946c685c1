/**
 * Calls of an API at next to no cost for the client: one kept connection, bodies made beforehand, answers that are read
 * to their end and not parsed.
 */
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Caller extends Disposable {
  call(body: string): Promise<Buffer>;
}

export function openCaller(endpoint: string): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    call: (body) =>
      new Promise((resolve, reject) => {
        const headers = { 'Content-Type': 'text/xml', 'Content-Length': Buffer.byteLength(body) };
        const outgoing = request(endpoint, { method: 'POST', agent, headers }, (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('end', () => resolve(Buffer.concat(chunks)));
          incoming.on('error', reject);
        });
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

/** A server that answers every request with the same bytes. */
export async function startEcho(answer: Buffer): Promise<AsyncDisposable & { readonly endpoint: string }> {
  const server = createServer((incoming, outgoing) => {
    incoming.resume().on('end', () => outgoing.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/RPC2`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
