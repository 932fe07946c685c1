/** An engine's API, at the version that it and this client have in common: asked for once, with the first request. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ConnectSocket, DockerHttp, type HttpRequest } from './docker-http.ts';
import type { EngineKind } from './engine-kinds.ts';
import { type Negotiated, negotiate } from './negotiate.ts';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutSeconds?: number;
}

/** A request by its path in Docker's documentation, with its query: `/containers/json?all=true`. */
export interface ApiCall extends Omit<HttpRequest, 'signal'> {
  /** What stands before the path instead of the version, in an API that is not Docker's. */
  readonly base?: string;
}

const TIMEOUT_SECONDS = 60;

/** All of it @throws DOCKER_TOO_OLD, and as `DockerHttp` */
export class EngineApi implements Disposable {
  readonly place: string;
  readonly #http: DockerHttp;
  #engine: Promise<Negotiated> | undefined;

  /** @param place  name of the host, for errors */
  constructor(place: string, connect: ConnectSocket) {
    this.place = place;
    this.#http = new DockerHttp(place, connect);
  }

  async kind(): Promise<EngineKind> {
    return (await this.#negotiated()).kind;
  }

  /** The whole answer. */
  async bytes(call: ApiCall, { signal, timeoutSeconds = TIMEOUT_SECONDS }: CallOptions = {}): Promise<Buffer> {
    return (await this.#http.fetch({ ...call, path: await this.#path(call), signal, timeoutSeconds })).body;
  }

  async text(call: ApiCall, options?: CallOptions): Promise<string> {
    return (await this.bytes(call, options)).toString();
  }

  async json<Answer>(call: ApiCall, options?: CallOptions): Promise<Answer> {
    return JSON.parse(await this.text(call, options));
  }

  /** The answer as it comes, until the signal is aborted. */
  async stream(call: ApiCall, signal: AbortSignal): Promise<IncomingMessage> {
    return await this.#http.stream({ ...call, path: await this.#path(call), signal });
  }

  /** A conversation: the connection is the caller's from then on. */
  async upgrade(call: ApiCall, { signal, timeoutSeconds = TIMEOUT_SECONDS }: CallOptions = {}): Promise<Duplex> {
    return await this.#http.upgrade({ ...call, path: await this.#path(call), signal, timeoutSeconds });
  }

  /** Closes the kept connections; what is under way ends with an error. */
  [Symbol.dispose]() {
    this.#http.close();
  }

  async #path({ base, path }: ApiCall): Promise<string> {
    return `${base ?? `/v${(await this.#negotiated()).version}`}${path}`;
  }

  #negotiated(): Promise<Negotiated> {
    this.#engine ??= negotiate(this.#http, this.place).catch((error: unknown) => {
      this.#engine = undefined;
      throw error;
    });
    return this.#engine;
  }
}
