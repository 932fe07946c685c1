/** Commands in containers: those whose end is waited for, and those that run on by themselves. */
import type { CallOptions, EngineApi } from './engine-api.ts';
import { splitExecOutput } from './exec-output.ts';

export interface CommandOptions extends CallOptions {
  /** As in a Dockerfile's USER; that of the container when undefined. */
  readonly user?: string | undefined;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class EngineCommands {
  readonly #api: EngineApi;

  constructor(api: EngineApi) {
    this.#api = api;
  }

  /** Whether an event tells at once of their end. */
  async areToldOf(): Promise<boolean> {
    return (await this.#api.kind()).tellsOfCommands;
  }

  /** Runs a command in a running container and waits for its end. @throws as `create` */
  async run(
    container: string,
    argv: readonly string[],
    { user, ...options }: CommandOptions = {},
  ): Promise<CommandResult> {
    const streams = { AttachStdout: true, AttachStderr: true };
    const exec = `/exec/${await createCommand(this.#api, container, { ...streams, Cmd: argv, User: user }, options)}`;
    const started = { method: 'POST', path: `${exec}/start`, body: { Detach: false, Tty: false } } as const;
    const output = splitExecOutput(await this.#api.bytes(started, options));
    const { ExitCode } = await this.#api.json<{ ExitCode: number }>({ method: 'GET', path: `${exec}/json` }, options);
    return { exitCode: ExitCode, ...output };
  }

  /**
   * @returns its id, by which it is started and events name it
   * @throws DOCKER_CONFLICT for a container that does not run, or is paused
   */
  create(container: string, argv: readonly string[], { user, ...options }: CommandOptions = {}): Promise<string> {
    return createCommand(this.#api, container, { Cmd: argv, User: user }, options);
  }

  /** It runs on by itself, and what it prints is lost. */
  async start(id: string, options?: CallOptions): Promise<void> {
    const body = { Detach: true, Tty: false };
    await this.#api.text({ method: 'POST', path: `/exec/${id}/start`, body }, options);
  }
}

/** Of Docker's API, "Create an exec instance". */
interface ExecSpec {
  readonly Cmd: readonly string[];
  readonly User?: string | undefined;
  readonly Env?: readonly string[];
  readonly Tty?: boolean;
  readonly AttachStdin?: boolean;
  readonly AttachStdout?: boolean;
  readonly AttachStderr?: boolean;
}

/** @returns its id @throws DOCKER_CONFLICT for a container that does not run, or is paused */
export async function createCommand(
  api: EngineApi,
  container: string,
  body: ExecSpec,
  options?: CallOptions,
): Promise<string> {
  const path = `/containers/${container}/exec`;
  return (await api.json<{ Id: string }>({ method: 'POST', path, body }, options)).Id;
}
