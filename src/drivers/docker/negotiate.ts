/** Who the engine is, and which version of Docker's API is spoken with it. */
import { compareVersions, NEWEST_API, OLDEST_API } from './api-versions.ts';
import type { DockerHttp } from './docker-http.ts';
import { ENGINE_KINDS, type EngineKind } from './engine-kinds.ts';
import { fail } from './errors.ts';

export interface Negotiated {
  /** Of Docker's API. */
  readonly version: string;
  readonly kind: EngineKind;
}

/** @throws DOCKER_TOO_OLD, DOCKER_UNREACHABLE */
export async function negotiate(http: DockerHttp, place: string): Promise<Negotiated> {
  const { apiVersion, isPodman } = await http.fetch({ method: 'GET', path: '/_ping', timeoutSeconds: 20 });
  if (compareVersions(apiVersion, OLDEST_API) < 0)
    throw fail('DOCKER_TOO_OLD', { place, apiVersion: apiVersion || 'of an unknown version' });
  const version = compareVersions(apiVersion, NEWEST_API) < 0 ? apiVersion : NEWEST_API;
  return { version, kind: ENGINE_KINDS[isPodman ? 'podman' : 'docker'] };
}
