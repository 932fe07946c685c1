/** Requests of a registry client: JSON and blobs over kept connections, with a deadline for each answer. */
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { buffer } from 'node:stream/consumers';
import { http } from '../../node-http.ts';
import { traced } from '../../tracing/spans.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpOptions {
  /** Certificates of authorities (PEM) to trust instead of the system's. */
  readonly authorities?: readonly string[];
  readonly checkCertificates?: boolean;
  readonly timeoutSeconds: number;
}

/** To one server; layers are asked for side by side. */
const MOST_CONNECTIONS = 8;

/** Keeps connections between requests until it is disposed of. Redirections are not followed. */
export class HttpClient implements Disposable {
  readonly #secure: https.Agent;
  readonly #plain = new http.Agent({ keepAlive: true });
  readonly #timeoutSeconds: number;

  constructor({ authorities, checkCertificates = true, timeoutSeconds }: HttpOptions) {
    this.#secure = new https.Agent({
      maxSockets: MOST_CONNECTIONS,
      keepAlive: true,
      rejectUnauthorized: checkCertificates,
      ...(authorities === undefined ? {} : { ca: [...authorities] }),
    });
    this.#timeoutSeconds = timeoutSeconds;
  }

  /** The answer's body is yet to be read. @throws what Node throws when the server cannot be reached */
  send(url: URL, { method, headers = {}, body, signal }: HttpRequest): Promise<IncomingMessage> {
    const deadline = AbortSignal.timeout(this.#timeoutSeconds * 1000);
    const options = {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-length': String(body.length) }) },
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
    };
    const sent = () =>
      new Promise<IncomingMessage>((resolve, reject) => {
        const request =
          url.protocol === 'https:'
            ? https.request(url, { ...options, agent: this.#secure }, resolve)
            : http.request(url, { ...options, agent: this.#plain }, resolve);
        request.on('error', (error) => reject(deadline.aborted ? deadline.reason : error));
        request.end(body);
      });
    return traced(`registry: ${method} ${url.pathname}`, sent);
  }

  [Symbol.dispose](): void {
    this.#secure.destroy();
    this.#plain.destroy();
  }
}

/** Reads an answer to its end, which also gives the connection back. */
export async function readBody(reply: IncomingMessage): Promise<Buffer> {
  return buffer(reply);
}
