/**
 * Talks to one registry: authorizes itself as the registry asks, follows redirections to where blobs lie, and turns
 * what goes wrong into errors of the catalogue.
 */
import type { IncomingMessage } from 'node:http';
import { codeOf, messageOf } from '../../errors/thrown.ts';
import { basicAuthorization, type Challenge, type Credentials, parseChallenge, tokenUrl } from './authorization.ts';
import { fail } from './errors.ts';
import { HttpClient, type HttpRequest, readBody } from './http.ts';
import { DOCKER_HUB } from './image-reference.ts';
import { parseAnswer } from './parse-answer.ts';

export interface RegistryAccess {
  /** `host:port` */
  readonly server: string;
  readonly credentials?: () => Promise<Credentials | undefined>;
  /** Certificates of authorities (PEM) to trust instead of the system's. */
  readonly authorities?: () => Promise<readonly string[] | undefined>;
  /** Certificates go unchecked, and plain HTTP is spoken with who does not speak TLS. */
  readonly insecure?: boolean;
  /** For one answer. */
  readonly timeoutSeconds: number;
}

export interface RegistryRequest extends HttpRequest {
  /** Below `/v2/`, or a whole address. */
  readonly path: string | URL;
  /** As an error says it: "could not …". */
  readonly action: string;
  /** Status codes that are no error; 2xx unless given. */
  readonly accept?: readonly number[];
}

const MOST_REDIRECTIONS = 5;
const REDIRECTIONS = [301, 302, 303, 307, 308];

/** Older servers have the one name, OAuth2 the other. */
interface TokenAnswer {
  readonly token?: string;
  readonly access_token?: string;
}

export class RegistrySession implements Disposable {
  readonly #access: RegistryAccess;
  #http: Promise<HttpClient> | undefined;
  #credentials: Promise<Credentials | undefined> | undefined;
  #base: URL;
  /** Bearer tokens by what they allow: `GET library/alpine`. */
  readonly #tokens = new Map<string, string>();

  constructor(access: RegistryAccess) {
    this.#access = access;
    this.#base = new URL(`https://${access.server === DOCKER_HUB ? 'registry-1.docker.io' : access.server}/v2/`);
  }

  get server(): string {
    return this.#access.server;
  }

  /** An address that the registry gave, which may be relative. */
  resolve(address: string): URL {
    return new URL(address, this.#base);
  }

  /**
   * An answer whose body is yet to be read.
   * @throws REGISTRY_UNREACHABLE, REGISTRY_UNTRUSTED, REGISTRY_DENIED, REGISTRY_FAILED
   */
  async ask(asked: RegistryRequest): Promise<IncomingMessage> {
    const scope = scopeOf(asked);
    let reply = await this.#follow(asked, this.#tokens.get(scope) ?? (await this.#basic()));
    if (reply.statusCode === 401) {
      await readBody(reply);
      const token = await this.#fetchToken(parseChallenge(reply.headers['www-authenticate']), asked);
      this.#tokens.set(scope, token);
      reply = await this.#follow(asked, token);
    }
    const status = reply.statusCode ?? 0;
    if (asked.accept?.includes(status) ?? (status >= 200 && status < 300)) return reply;
    const message = errorMessage(await readBody(reply));
    const { server } = this;
    if (status === 401 || status === 403) throw fail('REGISTRY_DENIED', { server, action: asked.action });
    throw fail('REGISTRY_FAILED', { server, action: asked.action, status, message });
  }

  /** Asks, and waits for the end of the answer. @returns its status */
  async finish(asked: RegistryRequest): Promise<number> {
    const reply = await this.ask(asked);
    await readBody(reply);
    return reply.statusCode ?? 0;
  }

  [Symbol.dispose](): void {
    this.#http?.then(
      (http) => http[Symbol.dispose](),
      () => {},
    );
  }

  async #basic(): Promise<string | undefined> {
    this.#credentials ??= this.#access.credentials?.().catch((error: unknown) => {
      this.#credentials = undefined;
      throw error;
    });
    const credentials = await this.#credentials;
    return credentials && basicAuthorization(credentials);
  }

  /** A file that could not be read is tried again with the next request. */
  #openHttp(): Promise<HttpClient> {
    this.#http ??= openHttp(this.#access).catch((error: unknown) => {
      this.#http = undefined;
      throw error;
    });
    return this.#http;
  }

  async #fetchToken(challenge: Challenge | undefined, { action, signal }: RegistryRequest): Promise<string> {
    const url = challenge?.scheme === 'bearer' ? tokenUrl(challenge) : undefined;
    if (!url) throw fail('REGISTRY_DENIED', { server: this.server, action });
    const reply = await this.#send(url, { method: 'GET', signal }, await this.#basic());
    const body = await readBody(reply);
    if (reply.statusCode !== 200) throw fail('REGISTRY_DENIED', { server: this.server, action });
    const { token, access_token } = parseAnswer<TokenAnswer>(body, this.server);
    return `Bearer ${token ?? access_token ?? ''}`;
  }

  /** Credentials go to the registry alone, not to where it redirects. */
  async #follow(asked: RegistryRequest, authorization: string | undefined): Promise<IncomingMessage> {
    let url = typeof asked.path === 'string' ? this.resolve(asked.path) : asked.path;
    for (let redirections = 0; ; redirections++) {
      const own = url.host === this.#base.host;
      const reply = await this.#send(url, asked, own ? authorization : undefined);
      const location = reply.headers.location;
      const redirected = REDIRECTIONS.includes(reply.statusCode ?? 0) && location !== undefined;
      if (!redirected || redirections === MOST_REDIRECTIONS) return reply;
      await readBody(reply);
      url = new URL(location, url);
    }
  }

  async #send(url: URL, request: HttpRequest, authorization: string | undefined): Promise<IncomingMessage> {
    const headers = { ...request.headers, ...(authorization === undefined ? {} : { authorization }) };
    const http = await this.#openHttp();
    try {
      return await http.send(url, { ...request, headers });
    } catch (error) {
      if (request.signal?.aborted) throw request.signal.reason;
      if (this.#access.insecure && speaksPlainHttp(error) && url.protocol === 'https:') {
        this.#base = withoutTls(this.#base);
        return this.#send(withoutTls(url), request, authorization);
      }
      throw connectionError(this.server, error);
    }
  }
}

async function openHttp({ authorities, insecure = false, timeoutSeconds }: RegistryAccess): Promise<HttpClient> {
  const trusted = await authorities?.();
  return new HttpClient({
    ...(trusted === undefined ? {} : { authorities: trusted }),
    checkCertificates: !insecure,
    timeoutSeconds,
  });
}

/** Tokens are given for reading or writing one repository. */
function scopeOf({ method, path }: RegistryRequest): string {
  const repository = String(path).split(/\/(?:manifests|blobs|tags)\//)[0] ?? '';
  return `${method === 'HEAD' ? 'GET' : method} ${repository}`;
}

function withoutTls(url: URL): URL {
  return new URL(url.href.replace('https:', 'http:'));
}

function speaksPlainHttp(error: unknown): boolean {
  return codeOf(error) === 'EPROTO' || /wrong version number/.test(messageOf(error));
}

function connectionError(server: string, cause: unknown) {
  const code = codeOf(cause) ?? '';
  const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(code);
  return fail(
    untrusted ? 'REGISTRY_UNTRUSTED' : 'REGISTRY_UNREACHABLE',
    { server, problem: messageOf(cause) || code },
    cause,
  );
}

/** Registries answer `{"errors":[{"code":…,"message":…}]}`. */
function errorMessage(body: Buffer): string {
  try {
    const { errors = [] }: { errors?: { message?: string }[] } = JSON.parse(body.toString('utf8'));
    return errors.flatMap(({ message }) => message ?? []).join(', ');
  } catch {
    return '';
  }
}
