/** Commands in containers: how they are made, and those that nobody waits for. */
import type { CallOptions } from './docker-engine.ts';
import type { DockerHttp, HttpCall } from './docker-http.ts';
import type { Negotiated } from './negotiate.ts';

export interface CommandOptions extends CallOptions {
  /** As in a Dockerfile's USER; that of the container when undefined. */
  readonly user?: string | undefined;
  /** Whether what it prints is wanted by who starts it. */
  readonly attached?: boolean;
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
   * @returns its id, by which it is started and events name it
   * @throws DOCKER_CONFLICT for a container that does not run, or is paused
   */
  async create(
    container: string,
    argv: readonly string[],
    { user, attached = false, ...options }: CommandOptions = {},
  ): Promise<string> {
    const output = attached ? { AttachStdout: true, AttachStderr: true } : {};
    const body = { ...output, Cmd: argv, ...(user === undefined ? {} : { User: user }) };
    const made = await this.#call({ method: 'POST', path: `/containers/${container}/exec`, body }, options);
    return (JSON.parse(made) as Created).Id;
  }

  /** It runs on by itself, and what it prints is lost. */
  async start(id: string, options: CallOptions = {}): Promise<void> {
    await this.#call({ method: 'POST', path: `/exec/${id}/start`, body: { Detach: true, Tty: false } }, options);
  }

  async #call(
    call: Pick<HttpCall, 'method' | 'path' | 'body'>,
    { signal, timeoutSeconds = 60 }: CallOptions,
  ): Promise<string> {
    const path = `/v${(await this.#engine()).version}${call.path}`;
    return (await this.#http.fetch({ ...call, path, signal, timeoutSeconds })).text;
  }
}

interface Created {
  readonly Id: string;
}
