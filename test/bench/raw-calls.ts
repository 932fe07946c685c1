/**
 * Calls of an API at next to no cost for the client: one kept connection, bodies made beforehand, answers that are read
 * to their end and not parsed.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'undici';

export interface Caller extends Disposable {
  call(body: string): Promise<Buffer>;
}

/** `http.request` would cost half as much as the front-end does, of the same processors. */
export function openCaller(endpoint: string): Caller {
  const { origin, pathname } = new URL(endpoint);
  const client = new Client(origin);
  const headers = { 'Content-Type': 'text/xml' };
  return {
    async call(body) {
      const answer = await client.request({ method: 'POST', path: pathname, headers, body });
      return Buffer.from(await answer.body.arrayBuffer());
    },
    [Symbol.dispose]: () => void client.destroy(),
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
