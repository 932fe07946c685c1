/** Conversations with the programs of a container: a stream each way, and a size. */
import type { Duplex } from 'node:stream';
import { type DockerHttp, type HttpCall, query } from './docker-http.ts';

export interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  /** `NAME=value`, besides the container's own. */
  readonly environment?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export interface EngineTerminal {
  /** What is typed and what is shown. It ends with the program; closing it does not end the program. */
  readonly stream: Duplex;
  resize(columns: number, rows: number): Promise<void>;
}

export class EngineTerminals {
  readonly #http: DockerHttp;
  readonly #base: () => Promise<string>;

  /** @param base  the first part of every path, with the version of the API */
  constructor(http: DockerHttp, base: () => Promise<string>) {
    this.#http = http;
    this.#base = base;
  }

  /** Runs a command in a running container. @throws DOCKER_CONFLICT when it does not run, or is paused */
  async open(container: string, argv: readonly string[], options: TerminalOptions): Promise<EngineTerminal> {
    const { columns, rows, environment = [], signal } = options;
    const streams = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: true };
    const created = await this.#post(`/containers/${container}/exec`, {
      body: { ...streams, Cmd: argv, Env: environment },
      signal,
    });
    const exec = `/exec/${(JSON.parse(created) as { Id: string }).Id}`;
    const stream = await this.#upgrade(`${exec}/start`, { body: { Detach: false, Tty: true }, signal });
    const resize = (width: number, height: number) => this.#resize(exec, width, height);
    await resize(columns, rows);
    return { stream, resize };
  }

  /** The terminal of a container's own command, beginning with what it has printed. */
  async attach(container: string, { columns, rows, signal }: TerminalOptions): Promise<EngineTerminal> {
    const wanted = query({ logs: 'true', stream: 'true', stdin: 'true', stdout: 'true', stderr: 'true' });
    const stream = await this.#upgrade(`/containers/${container}/attach${wanted}`, { signal });
    const resize = (width: number, height: number) => this.#resize(`/containers/${container}`, width, height);
    await resize(columns, rows);
    return { stream, resize };
  }

  async #resize(path: string, columns: number, rows: number): Promise<void> {
    await this.#post(`${path}/resize${query({ h: String(rows), w: String(columns) })}`);
  }

  async #post(path: string, more: Pick<HttpCall, 'body' | 'signal'> = {}): Promise<string> {
    return (await this.#http.fetch({ ...(await this.#call(path)), ...more })).text;
  }

  async #upgrade(path: string, more: Pick<HttpCall, 'body' | 'signal'>): Promise<Duplex> {
    return await this.#http.upgrade({ ...(await this.#call(path)), ...more });
  }

  async #call(path: string) {
    return { method: 'POST', path: `${await this.#base()}${path}`, timeoutSeconds: TIMEOUT_SECONDS } as const;
  }
}

const TIMEOUT_SECONDS = 60;
