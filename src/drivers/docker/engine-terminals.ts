/** Conversations with the programs of a container: a stream each way, and a size. */
import type { Duplex } from 'node:stream';
import { query } from './docker-http.ts';
import type { EngineApi } from './engine-api.ts';
import { createCommand } from './engine-commands.ts';

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
  readonly #api: EngineApi;

  constructor(api: EngineApi) {
    this.#api = api;
  }

  /** Runs a command in a running container. @throws DOCKER_CONFLICT when it does not run, or is paused */
  async open(container: string, argv: readonly string[], options: TerminalOptions): Promise<EngineTerminal> {
    const { environment = [], signal } = options;
    const streams = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: true };
    const spec = { ...streams, Cmd: argv, Env: environment };
    const exec = `/exec/${await createCommand(this.#api, container, spec, { signal })}`;
    const call = { method: 'POST', path: `${exec}/start`, body: { Detach: false, Tty: true } } as const;
    return await this.#terminal(exec, await this.#api.upgrade(call, { signal }), options);
  }

  /** The terminal of a container's own command, beginning with what it has printed. */
  async attach(container: string, options: TerminalOptions): Promise<EngineTerminal> {
    const wanted = query({ logs: 'true', stream: 'true', stdin: 'true', stdout: 'true', stderr: 'true' });
    const path = `/containers/${container}`;
    const stream = await this.#api.upgrade({ method: 'POST', path: `${path}/attach${wanted}` }, options);
    return await this.#terminal(path, stream, options);
  }

  /** @param path  of what has the terminal */
  async #terminal(path: string, stream: Duplex, { columns, rows }: TerminalOptions): Promise<EngineTerminal> {
    const resize = async (width: number, height: number) => {
      const size = query({ h: String(height), w: String(width) });
      await this.#api.text({ method: 'POST', path: `${path}/resize${size}` });
    };
    try {
      await resize(columns, rows);
    } catch (error) {
      stream.destroy();
      throw error;
    }
    return { stream, resize };
  }
}
