/**
 * The one room that speaks to a Docker Engine: a thin client of its API, in the engine's own words. What is wanted and
 * already so is a success: stopping a stopped container, removing one that is gone. The version of the API is the engine's
 * own, from 1.41 (Docker 20.10) up to the one that this client was written for.
 */
import { jsonLines } from '../../transport/json-lines.ts';
import { SharedWork } from '../../transport/shared-work.ts';
import { type ConnectSocket, query } from './docker-http.ts';
import type {
  ContainerInspect,
  ContainerSpec,
  ContainerStats,
  ContainerSummary,
  DockerEvent,
  EngineInfo,
  ImageConfig,
  ImageInspect,
  RegistryAuth,
} from './docker-types.ts';
import { type CallOptions, EngineApi } from './engine-api.ts';
import { EngineBuilds } from './engine-builds.ts';
import { EngineCheckpoints } from './engine-checkpoints.ts';
import { EngineCommands } from './engine-commands.ts';
import { EngineDescription, type EngineOptions } from './engine-description.ts';
import { inDockersWords, type Limits } from './engine-kinds.ts';
import { EngineTerminals } from './engine-terminals.ts';
import type { EngineTraits } from './engine-traits.ts';
import { fail, hasCode, wordsOfEngine } from './errors.ts';
import { encodeAuth, fromImage } from './image-parameters.ts';
import { digestIn, type TransferProgress } from './transfer-progress.ts';

/** Of an image that the engine has. */
export interface NamedImage {
  /** In bytes, with layers that others have too. */
  readonly Size: number;
  /** With tag or digest. */
  readonly names: readonly string[];
}

export interface TransferOptions extends CallOptions {
  readonly auth?: RegistryAuth | undefined;
}

export interface EnsureOptions extends CallOptions {
  /** Asked for only where the image is to be pulled. */
  readonly login: () => Promise<RegistryAuth | undefined>;
}

export class DockerEngine implements Disposable {
  readonly terminals: EngineTerminals;
  readonly builds: EngineBuilds;
  readonly commands: EngineCommands;
  readonly checkpoints: EngineCheckpoints;
  readonly #api: EngineApi;
  readonly #description: EngineDescription;
  readonly #pulls = new SharedWork<void>();
  readonly #inspections = new SharedWork<ImageInspect | undefined>();
  /** By names with a digest. */
  readonly #configurations = new Map<string, ImageConfig>();

  /** @param place  name of the host, for errors */
  constructor(place: string, connect: ConnectSocket, options: EngineOptions = {}) {
    this.#api = new EngineApi(place, connect);
    this.#description = new EngineDescription(this.#api, options);
    this.terminals = new EngineTerminals(this.#api);
    this.builds = new EngineBuilds(this.#api);
    this.commands = new EngineCommands(this.#api);
    this.checkpoints = new EngineCheckpoints(this.#api);
  }

  /** @throws ENGINE_OF_OTHER_ROOT, ENGINE_WITHOUT_CONTROL_GROUPS */
  info(options?: CallOptions): Promise<EngineInfo> {
    return this.#description.info(options);
  }

  /** What is the same as long as the engine runs. Asked once. @throws ENGINE_OF_OTHER_ROOT, ENGINE_WITHOUT_CONTROL_GROUPS */
  traits(options?: CallOptions): Promise<EngineTraits> {
    return this.#description.traits(options);
  }

  /** Events of containers from now on, until the signal is aborted. Resolves when the engine has begun to send. */
  async events(signal: AbortSignal): Promise<AsyncIterable<DockerEvent>> {
    const filters = JSON.stringify({ type: ['container'] });
    const stream = await this.#api.stream({ method: 'GET', path: `/events${query({ filters })}` }, signal);
    return inDockersWords(jsonLines<DockerEvent>(stream), await this.#api.kind());
  }

  // Images

  /** @param reference  tag, digest (`repository@sha256:…`) or id */
  async findImage(reference: string, options?: CallOptions): Promise<ImageInspect | undefined> {
    return await this.#inspections.run(reference, options?.signal, (signal) =>
      unlessMissing(this.#api.json({ method: 'GET', path: `/images/${reference}/json` }, { ...options, signal })),
    );
  }

  /**
   * What an image says of the containers made from it. A digest stands for one content, so of an image that is named by it
   * the engine is asked once, and it may have lost it since.
   */
  async findImageConfig(reference: string, options?: CallOptions): Promise<ImageConfig | undefined> {
    const known = this.#configurations.get(reference);
    if (known) return known;
    const config = (await this.findImage(reference, options))?.Config;
    if (config && reference.includes('@')) this.#remember(reference, config);
    return config;
  }

  /**
   * Brings an image to the engine. However many callers ask for the same one at the same time, it is pulled once.
   * @param reference  with tag or digest
   * @throws DOCKER_PULL_FAILED
   */
  async pull(reference: string, { auth, signal, timeoutSeconds = 1800 }: TransferOptions = {}): Promise<void> {
    await this.#pulls.run(reference, signal, async (shared) => {
      try {
        await this.#transfer(`/images/create${query(fromImage(reference))}`, auth, {
          signal: shared,
          timeoutSeconds,
        });
      } catch (error) {
        if (shared.aborted) throw error;
        throw fail(
          'DOCKER_PULL_FAILED',
          { place: this.#api.place, image: reference, message: wordsOfEngine(error) },
          error,
        );
      }
    });
  }

  /** Pulls an image that the engine lacks. @returns whether it did. @throws DOCKER_PULL_FAILED */
  async ensureImage(reference: string, { login, ...options }: EnsureOptions): Promise<boolean> {
    if (await this.findImage(reference, { signal: options.signal })) return false;
    await this.pull(reference, { ...options, auth: await login() });
    return true;
  }

  /**
   * Sends a tagged image to its registry.
   * @returns the digest of its manifest there
   * @throws DOCKER_PUSH_FAILED
   */
  async push(
    repository: string,
    tag: string,
    { auth, signal, timeoutSeconds = 1800 }: TransferOptions = {},
  ): Promise<string> {
    const failed = (message: string, cause?: unknown) =>
      fail('DOCKER_PUSH_FAILED', { place: this.#api.place, image: `${repository}:${tag}`, message }, cause);
    let digest: string | undefined;
    try {
      digest = await this.#transfer(`/images/${repository}/push${query({ tag })}`, auth, { signal, timeoutSeconds });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw failed(wordsOfEngine(error), error);
    }
    if (digest === undefined) throw failed('The engine reported no digest');
    return digest;
  }

  async tag(image: string, repository: string, tag: string, options?: CallOptions): Promise<void> {
    await this.#api.text({ method: 'POST', path: `/images/${image}/tag${query({ repo: repository, tag })}` }, options);
  }

  /** Images of repositories; a `*` stands for any end of a name. */
  async listImages(repositories: readonly string[], options?: CallOptions): Promise<NamedImage[]> {
    const path = `/images/json${query({ filters: JSON.stringify({ reference: repositories }) })}`;
    const images = await this.#api.json<ImageSummary[]>({ method: 'GET', path }, options);
    return images.map(({ Size, RepoTags, RepoDigests }) => ({
      Size,
      // With containerd's store a name by digest stands among either.
      names: [...new Set([...(RepoTags ?? []), ...(RepoDigests ?? [])])],
    }));
  }

  /** Their names alone. */
  async listImageNames(repositories: readonly string[], options?: CallOptions): Promise<string[]> {
    return (await this.listImages(repositories, options)).flatMap(({ names }) => names);
  }

  /** Succeeds when the image is gone already. @throws DOCKER_CONFLICT while a container uses it */
  async removeImage(reference: string, options?: CallOptions): Promise<void> {
    await unlessMissing(this.#api.text({ method: 'DELETE', path: `/images/${reference}` }, options));
  }

  // Containers

  /** @returns the container's id @throws DOCKER_CONFLICT when the name is taken, DOCKER_NOT_FOUND without the image */
  async create(name: string, spec: ContainerSpec, options?: CallOptions): Promise<string> {
    const kind = await this.#api.kind();
    const path = `/containers/create${query({ name })}`;
    const call = { method: 'POST', path, body: kind.spec(spec) } as const;
    return (await this.#api.json<{ Id: string }>(call, options)).Id;
  }

  /**
   * Succeeds when it runs already. Of many at once some wait: beyond two for each processor they only hinder each other. A start
   * that has begun is not given up: it would go on, and nobody would know when the container runs.
   * @param limits  that it is to have from now on
   */
  async start(container: string, { limits, ...options }: CallOptions & { limits?: Limits } = {}): Promise<void> {
    const { updatesStopped } = await this.#api.kind();
    if (limits && updatesStopped) await this.update(container, limits, options);
    {
      using _slot = await this.#description.starts?.take(options.signal);
      options.signal?.throwIfAborted();
      const { signal: _, ...unstoppable } = options;
      await this.#api.text({ method: 'POST', path: `/containers/${container}/start` }, unstoppable);
    }
    if (limits && !updatesStopped) await this.update(container, limits, options);
  }

  /** Asks the container to end and kills it after the grace time. Succeeds when it does not run or is gone. */
  async stop(container: string, { graceSeconds, ...options }: CallOptions & { graceSeconds: number }): Promise<void> {
    const path = `/containers/${container}/stop${query({ t: String(graceSeconds) })}`;
    await unlessMissing(this.#api.text({ method: 'POST', path }, { timeoutSeconds: graceSeconds + 60, ...options }));
  }

  /** Succeeds when it does not run or is gone. Returns before it has ended: see `wait`. */
  async kill(container: string, options?: CallOptions): Promise<void> {
    await unlessMissing(
      this.#api.text({ method: 'POST', path: `/containers/${container}/kill` }, options),
      'DOCKER_CONFLICT',
    );
  }

  /** Until the container does not run; at once when it is gone. */
  async wait(container: string, options?: CallOptions): Promise<void> {
    await unlessMissing(this.#api.text({ method: 'POST', path: `/containers/${container}/wait` }, options));
  }

  /** Removes it with its anonymous volumes, running or not. Succeeds when it is gone. */
  async remove(container: string, options?: CallOptions): Promise<void> {
    const path = `/containers/${container}${query({ force: 'true', v: 'true' })}`;
    try {
      await unlessMissing(this.#api.text({ method: 'DELETE', path }, options));
    } catch (error) {
      // Another request removes it at this moment: its end is what was asked for.
      if (!hasCode(error, 'DOCKER_CONFLICT')) throw error;
      const waiting = {
        method: 'POST',
        path: `/containers/${container}/wait${query({ condition: 'removed' })}`,
      } as const;
      await unlessMissing(this.#api.text(waiting, options));
    }
  }

  async find(container: string, options?: CallOptions): Promise<ContainerInspect | undefined> {
    return await unlessMissing(this.#api.json({ method: 'GET', path: `/containers/${container}/json` }, options));
  }

  /** All containers, those that do not run too. */
  async list(options?: CallOptions): Promise<ContainerSummary[]> {
    return await this.#api.json({ method: 'GET', path: `/containers/json${query({ all: 'true' })}` }, options);
  }

  async rename(container: string, name: string, options?: CallOptions): Promise<void> {
    await this.#api.text({ method: 'POST', path: `/containers/${container}/rename${query({ name })}` }, options);
  }

  /** @throws CONTAINER_NOT_FROZEN by an engine without control groups */
  async pause(container: string, options?: CallOptions): Promise<void> {
    await this.#description.frozen(
      container,
      this.#api.text({ method: 'POST', path: `/containers/${container}/pause` }, options),
    );
  }

  async unpause(container: string, options?: CallOptions): Promise<void> {
    await this.#api.text({ method: 'POST', path: `/containers/${container}/unpause` }, options);
  }

  /** Changes limits of a running container. */
  async update(container: string, limits: Limits, options?: CallOptions): Promise<void> {
    const kind = await this.#api.kind();
    await this.#api.text({ method: 'POST', ...kind.update(container, limits) }, options);
  }

  /**
   * Makes an image of a container's file system. It is paused meanwhile, when it runs. @returns the image's id
   * @throws CONTAINER_NOT_FROZEN for one that runs, by an engine without control groups
   */
  async commit(container: string, repository: string, tag: string, options?: CallOptions): Promise<string> {
    const path = `/commit${query({ container, repo: repository, tag, pause: 'true' })}`;
    const call = { method: 'POST', path, body: {} } as const;
    const answer = this.#api.json<{ Id: string }>(call, { timeoutSeconds: 1800, ...options });
    return (await this.#description.frozen(container, answer)).Id;
  }

  /** What a running container uses at this moment; nothing when it is gone. */
  async stats(container: string, options?: CallOptions): Promise<ContainerStats | undefined> {
    const path = `/containers/${container}/stats${query({ stream: 'false', 'one-shot': 'true' })}`;
    const answer = await unlessMissing(this.#api.text({ method: 'GET', path }, options));
    // The answer is empty when the container goes while it is being measured.
    return answer ? JSON.parse(answer) : undefined;
  }

  /** Closes the kept connections; what is under way ends with an error. */
  [Symbol.dispose]() {
    this.#api[Symbol.dispose]();
  }

  /** The oldest is forgotten when there are many. */
  #remember(reference: string, config: ImageConfig): void {
    this.#configurations.set(reference, config);
    const [oldest] = this.#configurations.keys();
    if (this.#configurations.size > MOST_CONFIGURATIONS && oldest) this.#configurations.delete(oldest);
  }

  /** A pull or a push: the answer is a stream of progress, and a failure may stand in its midst. */
  async #transfer(path: string, auth: RegistryAuth | undefined, { signal, timeoutSeconds = 1800 }: CallOptions) {
    const deadline = AbortSignal.any([AbortSignal.timeout(timeoutSeconds * 1000), ...(signal ? [signal] : [])]);
    const headers = auth ? { 'x-registry-auth': encodeAuth(auth) } : {};
    const stream = await this.#api.stream({ method: 'POST', path, headers }, deadline);
    let digest: string | undefined;
    for await (const line of jsonLines<TransferProgress>(stream)) {
      if (line.error !== undefined) throw new Error(line.error);
      digest = digestIn(line) ?? digest;
    }
    return digest;
  }
}

const MOST_CONFIGURATIONS = 1000;

type ImageSummary = Pick<ImageInspect, 'Size' | 'RepoTags' | 'RepoDigests'>;

async function unlessMissing<Answer>(
  answer: Promise<Answer>,
  ...alsoFine: Parameters<typeof hasCode>[1][]
): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (hasCode(error, 'DOCKER_NOT_FOUND', ...alsoFine)) return undefined;
    throw error;
  }
}
