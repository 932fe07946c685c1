/** Commands in containers that nobody waits for. */
import type { DockerHttp, HttpCall } from './docker-http.ts';
import type { Negotiated } from './negotiate.ts';

export interface CommandOptions {
  readonly signal?: AbortSignal | undefined;
}

export class EngineCommands {
  readonly #http: DockerHttp;
  readonly #engine: () => Promise<Negotiated>;

  constructor(http: DockerHttp, engine: () => Promise<Negotiated>) {
    this.#http = http;
    this.#engine = engine;
  }

  /** Whether an event tells at once of their end. */
  async areToldOf(): Promise<boolean> {
    return (await this.#engine()).kind.tellsOfCommands;
  }

  /**
   * @param user  as in a Dockerfile's USER
   * @returns its id, by which it is started and events name it
   * @throws DOCKER_CONFLICT for a container that does not run, or is paused
   */
  async create(
    container: string,
    argv: readonly string[],
    { user, signal }: CommandOptions & { readonly user: string },
  ): Promise<string> {
    const path = `/containers/${container}/exec`;
    return (JSON.parse(await this.#call({ method: 'POST', path, body: { Cmd: argv, User: user }, signal })) as Created)
      .Id;
  }

  /** It runs on by itself, and what it prints is lost. */
  async start(id: string, { signal }: CommandOptions = {}): Promise<void> {
    await this.#call({ method: 'POST', path: `/exec/${id}/start`, body: { Detach: true, Tty: false }, signal });
  }

  async #call(call: Pick<HttpCall, 'method' | 'path' | 'body' | 'signal'>): Promise<string> {
    const path = `/v${(await this.#engine()).version}${call.path}`;
    return (await this.#http.fetch({ ...call, path, timeoutSeconds: TIMEOUT_SECONDS })).text;
  }
}

interface Created {
  readonly Id: string;
}

const TIMEOUT_SECONDS = 60;
