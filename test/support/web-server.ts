/** A web server on loopback that serves what it is told. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebServer extends AsyncDisposable {
  addressOf(path: string): string;
  /** @returns the address */
  serve(path: string, content: Buffer): string;
  /** Announces all of the content, and breaks off in the middle of it. */
  serveHalf(path: string, content: Buffer): string;
}

export async function startWebServer(): Promise<WebServer> {
  const pages = new Map<string, { readonly content: Buffer; readonly half: boolean }>();
  const server = createServer((request, reply) => {
    const page = pages.get(request.url ?? '');
    if (!page) return reply.writeHead(404).end();
    const { content, half } = page;
    reply.writeHead(200, { 'content-length': content.length });
    if (request.method === 'HEAD') return reply.end();
    if (!half) return reply.end(content);
    return reply.write(content.subarray(0, content.length / 2), () => reply.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const addressOf = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const serve = (path: string, content: Buffer, half: boolean) => {
    pages.set(path, { content, half });
    return addressOf(path);
  };
  return {
    addressOf,
    serve: (path, content) => serve(path, content, false),
    serveHalf: (path, content) => serve(path, content, true),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
