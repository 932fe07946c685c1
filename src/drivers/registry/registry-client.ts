import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { fail } from './errors.ts';
import { readBody } from './http.ts';
import { ACCEPTED_MANIFESTS } from './manifest.ts';
import { parseAnswer } from './parse-answer.ts';
import { type RegistryAccess, RegistrySession } from './registry-session.ts';

/** A manifest or index as stored: its digest is that of these very bytes. */
export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly body: Buffer;
}

/** Null in a registry without images. */
interface Catalog {
  readonly repositories?: readonly string[] | null;
}

interface Blob {
  readonly repository: string;
  readonly digest: string;
}

/**
 * A client of the registry API, version 2 (OCI distribution specification 1.1): manifests, blobs, deletion and mounts.
 * Whole images are copied by `skopeo.ts`. Methods throw what `RegistrySession.ask` throws.
 */
export class RegistryClient implements Disposable {
  readonly #session: RegistrySession;

  constructor(access: RegistryAccess) {
    this.#session = new RegistrySession(access);
  }

  get server(): string {
    return this.#session.server;
  }

  /** @param reference  tag or digest @returns undefined when the registry does not have it */
  async findManifest(repository: string, reference: string, signal?: AbortSignal): Promise<StoredManifest | undefined> {
    const reply = await this.#askManifest('GET', repository, reference, signal);
    const body = await readBody(reply);
    if (reply.statusCode === 404) return undefined;
    const [mediaType = ''] = (reply.headers['content-type'] ?? '').split(';');
    return { digest: digestOf(body), mediaType, body };
  }

  /** The digest that a tag stands for. @returns undefined when the registry does not have it */
  async findDigest(repository: string, reference: string, signal?: AbortSignal): Promise<string | undefined> {
    const reply = await this.#askManifest('HEAD', repository, reference, signal);
    await readBody(reply);
    if (reply.statusCode === 404) return undefined;
    const digest = reply.headers['docker-content-digest'];
    return typeof digest === 'string' ? digest : (await this.findManifest(repository, reference, signal))?.digest;
  }

  async putManifest(repository: string, tag: string, manifest: StoredManifest, signal?: AbortSignal): Promise<void> {
    await this.#session.finish({
      method: 'PUT',
      path: `${repository}/manifests/${tag}`,
      headers: { 'content-type': manifest.mediaType },
      body: manifest.body,
      action: `store the image ${repository}:${tag}`,
      signal,
    });
  }

  /**
   * Deletes an image with all its tags; blobs stay until garbage is collected. Nothing there is no error.
   * @throws REGISTRY_READ_ONLY
   */
  async deleteManifest(repository: string, digest: string, signal?: AbortSignal): Promise<void> {
    const status = await this.#session.finish({
      method: 'DELETE',
      path: `${repository}/manifests/${digest}`,
      action: `delete the image ${repository}@${digest}`,
      accept: [200, 202, 404, 405],
      signal,
    });
    if (status === 405) throw fail('REGISTRY_READ_ONLY', { server: this.server });
  }

  /** Stores a small blob. @returns its digest */
  async putBlob(repository: string, content: Buffer, signal?: AbortSignal): Promise<string> {
    const action = `store a part of ${repository}`;
    const opened = await this.#session.ask({ method: 'POST', path: `${repository}/blobs/uploads/`, action, signal });
    await readBody(opened);
    const upload = this.#session.resolve(opened.headers.location ?? '');
    const digest = digestOf(content);
    upload.searchParams.set('digest', digest);
    await this.#session.finish({ method: 'PUT', path: upload, body: content, headers: BINARY, action, signal });
    return digest;
  }

  /** Makes a blob of one repository known in another, without moving a byte. @returns whether the registry did */
  async mountBlob({ repository, digest }: Blob, from: string, signal?: AbortSignal): Promise<boolean> {
    const reply = await this.#session.ask({
      method: 'POST',
      path: `${repository}/blobs/uploads/?mount=${digest}&from=${encodeURIComponent(from)}`,
      action: `mount a layer of ${from} in ${repository}`,
      accept: [201, 202],
      signal,
    });
    await readBody(reply);
    if (reply.statusCode === 201) return true;
    // 202 opened an upload instead, for a client that has the blob.
    if (reply.headers.location !== undefined) await this.#cancelUpload(reply.headers.location, signal);
    return false;
  }

  async readBlob(blob: Blob, signal?: AbortSignal): Promise<Buffer> {
    return readBody(await this.#askBlob(blob, {}, signal));
  }

  async openBlob(blob: Blob, signal?: AbortSignal): Promise<Readable> {
    return this.#askBlob(blob, {}, signal);
  }

  async readBlobRange(blob: Blob, start: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    const range = `bytes=${start}-${start + length - 1}`;
    const reply = await this.#askBlob(blob, { range }, signal);
    const body = await readBody(reply);
    // A server that knows no ranges answers 200 with everything.
    return reply.statusCode === 206 ? body : body.subarray(start, start + length);
  }

  async *repositories(signal?: AbortSignal): AsyncGenerator<string> {
    let path: string | URL | undefined = '_catalog?n=1000';
    while (path !== undefined) {
      const reply: IncomingMessage = await this.#session.ask({
        method: 'GET',
        path,
        action: 'list its images',
        signal,
      });
      const page = parseAnswer<Catalog>(await readBody(reply), this.server);
      yield* page.repositories ?? [];
      const next: string | undefined = /<([^>]+)>;\s*rel="?next"?/.exec(String(reply.headers.link ?? ''))?.[1];
      path = next === undefined ? undefined : this.#session.resolve(next);
    }
  }

  [Symbol.dispose](): void {
    this.#session[Symbol.dispose]();
  }

  #askManifest(method: 'GET' | 'HEAD', repository: string, reference: string, signal: AbortSignal | undefined) {
    return this.#session.ask({
      method,
      path: `${repository}/manifests/${reference}`,
      headers: { accept: ACCEPTED_MANIFESTS },
      action: `give the image ${repository}:${reference}`,
      accept: [200, 404],
      signal,
    });
  }

  #askBlob({ repository, digest }: Blob, headers: Record<string, string>, signal: AbortSignal | undefined) {
    const path = `${repository}/blobs/${digest}`;
    return this.#session.ask({ method: 'GET', path, headers, action: `give a part of ${repository}`, signal });
  }

  async #cancelUpload(location: string, signal: AbortSignal | undefined): Promise<void> {
    const path = this.#session.resolve(location);
    await this.#session.finish({ method: 'DELETE', path, action: 'cancel an upload', accept: [202, 204, 404], signal });
  }
}

const BINARY = { 'content-type': 'application/octet-stream' };

export function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
