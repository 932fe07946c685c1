/** What an engine says of itself, and what it may be asked for then. */
import { Slots } from '../../transport/slots.ts';
import type { CallOptions } from './docker-engine.ts';
import type { DockerHttp } from './docker-http.ts';
import type { EngineInfo, PodmanInfo } from './docker-types.ts';
import { PODMAN_API } from './engine-kinds.ts';
import { type EngineTraits, missingControlGroups, readTraits } from './engine-traits.ts';
import { fail, hasCode } from './errors.ts';
import type { Negotiated } from './negotiate.ts';

export interface EngineOptions {
  /** Whether it may run containers that it cannot hold to limits. */
  readonly withoutControlGroups?: boolean;
}

export class EngineDescription {
  readonly #place: string;
  readonly #http: DockerHttp;
  readonly #negotiated: () => Promise<Negotiated>;
  readonly #options: EngineOptions;
  #traits: EngineTraits | undefined;
  /** Containers that may be started at once; undefined until the processors are known. */
  starts: Slots | undefined;

  constructor(place: string, http: DockerHttp, negotiated: () => Promise<Negotiated>, options: EngineOptions) {
    this.#place = place;
    this.#http = http;
    this.#negotiated = negotiated;
    this.#options = options;
  }

  /** @throws ENGINE_OF_OTHER_ROOT, ENGINE_WITHOUT_CONTROL_GROUPS */
  async info(options: CallOptions = {}): Promise<EngineInfo> {
    const { kind, version } = await this.#negotiated();
    const info = kind.info(await this.#ask<EngineInfo>(`/v${version}/info`, options));
    const rootless = info.Rootless ? await this.#ask<PodmanInfo>(`${PODMAN_API}/info`, options) : undefined;
    const reason = rootless && missingControlGroups(rootless);
    if (reason !== undefined && !this.#options.withoutControlGroups)
      throw fail('ENGINE_WITHOUT_CONTROL_GROUPS', { place: this.#place, reason });
    this.#traits = readTraits(this.#place, info, rootless);
    this.starts ??= new Slots(info.NCPU * STARTS_PER_PROCESSOR);
    return info;
  }

  /** @throws as `info` */
  async traits(options?: CallOptions): Promise<EngineTraits> {
    if (!this.#traits) await this.info(options);
    return this.#traits as EngineTraits;
  }

  /** Of an engine without control groups a refusal is explained. @throws CONTAINER_NOT_FROZEN */
  async frozen<Answer>(container: string, answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer;
    } catch (error) {
      if (!hasCode(error, 'DOCKER_REFUSED') || (await this.traits()).hasControlGroups) throw error;
      throw fail('CONTAINER_NOT_FROZEN', { place: this.#place, container, message: error.why ?? '' }, error);
    }
  }

  async #ask<Answer>(path: string, { signal, timeoutSeconds = 60 }: CallOptions): Promise<Answer> {
    return JSON.parse((await this.#http.fetch({ method: 'GET', path, signal, timeoutSeconds })).text) as Answer;
  }
}

const STARTS_PER_PROCESSOR = 2;
