/** What an engine says of itself, and what it may be asked for then. */
import { SharedWork } from '../../transport/shared-work.ts';
import { Slots } from '../../transport/slots.ts';
import type { EngineInfo, PodmanInfo } from './docker-types.ts';
import type { CallOptions, EngineApi } from './engine-api.ts';
import { PODMAN_API } from './engine-kinds.ts';
import { type EngineTraits, missingControlGroups, readTraits } from './engine-traits.ts';
import { fail, hasCode } from './errors.ts';

export interface EngineOptions {
  /** Whether it may run containers that it cannot hold to limits. */
  readonly withoutControlGroups?: boolean;
}

interface Described {
  readonly info: EngineInfo;
  readonly traits: EngineTraits;
}

export class EngineDescription {
  readonly #api: EngineApi;
  readonly #options: EngineOptions;
  /** An engine runs programs to tell of itself, so that who asks meanwhile gets the same answer. */
  readonly #questions = new SharedWork<Described>();
  #traits: EngineTraits | undefined;
  /** Containers that may be started at once; undefined until the processors are known. */
  starts: Slots | undefined;

  constructor(api: EngineApi, options: EngineOptions) {
    this.#api = api;
    this.#options = options;
  }

  /** @throws ENGINE_OF_OTHER_ROOT, ENGINE_WITHOUT_CONTROL_GROUPS */
  async info(options?: CallOptions): Promise<EngineInfo> {
    return (await this.#describe(options)).info;
  }

  #describe(options: CallOptions = {}): Promise<Described> {
    return this.#questions.run('info', options.signal, (signal) => this.#ask({ ...options, signal }));
  }

  async #ask(options: CallOptions): Promise<Described> {
    const { place } = this.#api;
    const call = { method: 'GET', path: '/info' } as const;
    const info = (await this.#api.kind()).info(await this.#api.json<EngineInfo>(call, options));
    const rootless = info.Rootless
      ? await this.#api.json<PodmanInfo>({ ...call, base: PODMAN_API }, options)
      : undefined;
    const reason = rootless && missingControlGroups(rootless);
    if (reason !== undefined && !this.#options.withoutControlGroups)
      throw fail('ENGINE_WITHOUT_CONTROL_GROUPS', { place, reason });
    const traits = readTraits(place, info, rootless);
    this.#traits = traits;
    this.starts ??= new Slots(info.NCPU * STARTS_PER_PROCESSOR);
    return { info, traits };
  }

  /** @throws as `info` */
  async traits(options?: CallOptions): Promise<EngineTraits> {
    return this.#traits ?? (await this.#describe(options)).traits;
  }

  /** Of an engine without control groups a refusal is explained. @throws CONTAINER_NOT_FROZEN */
  async frozen<Answer>(container: string, answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer;
    } catch (error) {
      if (!hasCode(error, 'DOCKER_REFUSED') || (await this.traits()).hasControlGroups) throw error;
      throw fail('CONTAINER_NOT_FROZEN', { place: this.#api.place, container, message: error.why ?? '' }, error);
    }
  }
}

const STARTS_PER_PROCESSOR = 2;
