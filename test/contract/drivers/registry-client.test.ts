import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { RegistryClient } from '../../../src/drivers/registry/registry-client.ts';
import { registryMissing, startRegistry } from '../../support/registry.ts';

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';

/** Public registries that answer as theirs do: with tokens, redirections and pages. */
describe('RegistryClient with a public registry', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  async function serve(answer: (request: IncomingMessage, reply: ServerResponse) => unknown): Promise<string> {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const connect = (server: string) => new RegistryClient({ server, insecure: true, timeoutSeconds: 60 });

  it('fetches a token where it is told to, once for each repository and purpose', async () => {
    const asked: string[] = [];
    const server = await serve((request, reply) => {
      asked.push(request.url ?? '');
      if (request.url?.startsWith('/token')) return reply.end('{"token":"secret"}');
      if (request.headers.authorization === 'Bearer secret') {
        return reply.setHeader('docker-content-digest', 'sha256:1').end();
      }
      const challenge = `Bearer realm="http://${server}/token",service="registry",scope="repository:a/b:pull"`;
      return reply.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    using client = connect(server);
    expect(await client.findDigest('a/b', '1')).toBe('sha256:1');
    expect(await client.findDigest('a/b', '2')).toBe('sha256:1');
    expect(asked).toEqual([
      '/v2/a/b/manifests/1',
      '/token?service=registry&scope=repository%3Aa%2Fb%3Apull',
      '/v2/a/b/manifests/1',
      '/v2/a/b/manifests/2',
    ]);
  });

  it('fetches another token when one has run out', async () => {
    let valid = 0;
    const server = await serve((request, reply) => {
      if (request.url?.startsWith('/token')) return reply.end(`{"access_token":"${++valid}"}`);
      if (request.headers.authorization === `Bearer ${valid}` && valid > 0) {
        return reply.setHeader('docker-content-digest', `sha256:${valid}`).end();
      }
      return reply.writeHead(401, { 'www-authenticate': `Bearer realm="http://${server}/token"` }).end();
    });
    using client = connect(server);
    expect(await client.findDigest('a', '1')).toBe('sha256:1');
    valid++;
    expect(await client.findDigest('a', '1')).toBe('sha256:3');
  });

  it('says that it was refused, when a token does not help', async () => {
    const server = await serve((request, reply) => {
      if (request.url?.startsWith('/token')) return reply.end('{"token":"t"}');
      return reply.writeHead(401, { 'www-authenticate': `Bearer realm="http://${server}/token"` }).end();
    });
    using client = connect(server);
    await expect(client.findDigest('a', '1')).rejects.toThrow(`The registry ${server} refused to give the image a:1.`);
  });

  it('follows blobs to where they are kept, without its credentials', async () => {
    const kept = await serve((request, reply) => reply.end(request.headers.authorization ?? 'no credentials'));
    const server = await serve((_, reply) => reply.writeHead(307, { location: `http://${kept}/blob` }).end());
    using client = new RegistryClient({
      server,
      insecure: true,
      timeoutSeconds: 60,
      credentials: async () => ({ user: 'u', password: 'p' }),
    });
    expect(String(await client.readBlob({ repository: 'a', digest: 'sha256:1' }))).toBe('no credentials');
  });

  it('takes its part of a blob from a server that knows no ranges', async () => {
    const server = await serve((_, reply) => reply.end('0123456789'));
    using client = connect(server);
    expect(String(await client.readBlobRange({ repository: 'a', digest: 'sha256:1' }, 4, 3))).toBe('456');
  });

  it('lists repositories page by page', async () => {
    const server = await serve((request, reply) => {
      if (request.url?.includes('last=b')) return reply.end('{"repositories":["c"]}');
      return reply.setHeader('link', '</v2/_catalog?last=b&n=2>; rel="next"').end('{"repositories":["a","b"]}');
    });
    using client = connect(server);
    expect(await Array.fromAsync(client.repositories())).toEqual(['a', 'b', 'c']);
  });

  it('gives up what opened an upload instead of a mount', async () => {
    const asked: string[] = [];
    const server = await serve(async (request, reply) => {
      await buffer(request);
      asked.push(`${request.method} ${request.url}`);
      if (request.method === 'POST') return reply.writeHead(202, { location: '/v2/b/blobs/uploads/1' }).end();
      return reply.writeHead(204).end();
    });
    using client = connect(server);
    expect(await client.mountBlob({ repository: 'b', digest: 'sha256:1' }, 'a')).toBe(false);
    expect(asked.at(-1)).toBe('DELETE /v2/b/blobs/uploads/1');
  });

  it('says what the registry said', async () => {
    const server = await serve((_, reply) =>
      reply.writeHead(429).end('{"errors":[{"code":"TOOMANYREQUESTS","message":"rate limit exceeded"}]}'),
    );
    using client = connect(server);
    await expect(client.findManifest('a', '1')).rejects.toThrow('it answered 429 (rate limit exceeded)');
  });

  it('has a deadline for each answer, and can be given up', async () => {
    const server = await serve(() => {});
    using client = new RegistryClient({ server, insecure: true, timeoutSeconds: 0.05 });
    await expect(client.findDigest('a', '1')).rejects.toThrow('cannot be reached');
    using patient = connect(server);
    await expect(patient.findDigest('a', '1', AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up');
  });
});

describe.skipIf(registryMissing())('RegistryClient with a registry of our own', () => {
  it('trusts only the authority that it is given', async () => {
    await using registry = await startRegistry();
    using client = new RegistryClient({ server: registry.server, timeoutSeconds: 60 });
    await expect(client.findDigest('a', '1')).rejects.toThrow('is not trusted');
  });

  it('is refused without the password', async () => {
    await using registry = await startRegistry();
    using client = new RegistryClient({ server: registry.server, insecure: true, timeoutSeconds: 60 });
    await expect(client.findDigest('a', '1')).rejects.toThrow('refused to give the image a:1');
  });

  it('stores and finds what it stored', async () => {
    await using registry = await startRegistry({ password: false });
    using client = new RegistryClient({ server: registry.server, insecure: true, timeoutSeconds: 60 });
    const config = Buffer.from('{}');
    const digest = await client.putBlob('a/b', config);
    const layers: never[] = [];
    const descriptor = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: config.length };
    const body = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config: descriptor, layers }),
    );
    await client.putManifest('a/b', 'latest', { digest: '', mediaType: MANIFEST_TYPE, body });
    const found = await client.findManifest('a/b', 'latest');
    expect(found).toMatchObject({ mediaType: MANIFEST_TYPE, body });
    expect(await client.findDigest('a/b', 'latest')).toBe(found?.digest);
    await client.deleteManifest('a/b', found?.digest ?? '');
    expect(await client.findManifest('a/b', 'latest')).toBeUndefined();
  });
});
