/**
 * Checkpoints: what the processes of a container know, as CRIU writes it down for the engine. Docker has them as an experiment;
 * Podman has nothing of them under Docker's name.
 */

import { query } from './docker-http.ts';
import type { ApiCall, CallOptions, EngineApi } from './engine-api.ts';

/** As long as it takes to write the memory of a container to a disk, or to read it. */
const TIMEOUT_SECONDS = 1800;

export class EngineCheckpoints {
  readonly #api: EngineApi;

  constructor(api: EngineApi) {
    this.#api = api;
  }

  /** Whether they can be asked for at all. */
  async areKnown(): Promise<boolean> {
    return (await this.#api.kind()).makesCheckpoints;
  }

  /**
   * Writes one. The container goes on as it is: also one that is paused, and stays so.
   * @throws DOCKER_REFUSED when CRIU cannot
   */
  create(container: string, name: string, options?: CallOptions): Promise<void> {
    const body = { CheckpointID: name, Exit: false };
    return this.#post({ method: 'POST', path: `/containers/${container}/checkpoints`, body }, options);
  }

  /** Starts a container that has not run yet where the processes of a checkpoint were. @throws DOCKER_REFUSED when CRIU cannot */
  start(container: string, name: string, options?: CallOptions): Promise<void> {
    return this.#post(
      { method: 'POST', path: `/containers/${container}/start${query({ checkpoint: name })}` },
      options,
    );
  }

  async #post(call: ApiCall, options: CallOptions = {}): Promise<void> {
    await this.#api.text(call, { timeoutSeconds: TIMEOUT_SECONDS, ...options });
  }
}
