/**
 * Names of images. `docker://[server[:port]/]path[:tag][@digest]`, with Docker's own rules of what is a server; and the
 * form of OpenNebula's retired Docker Hub marketplace, `docker://image?size=…&format=…&tag=…`, of which only the tag
 * means something to a container.
 */
import { fail } from './errors.ts';

export interface ImageReference {
  /** `host` or `host:port`. */
  readonly server: string;
  /** Path on the server, `library/alpine`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

export const DOCKER_HUB = 'docker.io';

const PREFIX = 'docker://';
const SERVER = /^[a-z\d](?:[a-z\d.-]*[a-z\d])?(?::\d+)?$/i;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

export function isImageUrl(path: string): boolean {
  return path.startsWith(PREFIX);
}

/**
 * Reads the name of an image, with or without `docker://`.
 * @param defaultServer  where names without a server are looked for
 * @throws IMAGE_NAME_INVALID
 */
export function parseImageReference(text: string, defaultServer: string): ImageReference {
  const invalid = (problem: string) => fail('IMAGE_NAME_INVALID', { image: text, problem });
  const [address = '', query = ''] = (isImageUrl(text) ? text.slice(PREFIX.length) : text).split('?', 2);
  const [name = '', digest] = address.split('@', 2);
  if (digest !== undefined && !DIGEST.test(digest)) throw invalid('a digest is sha256: and 64 hexadecimal digits');

  const { server, rest } = splitServer(name, defaultServer);
  if (!SERVER.test(server)) throw invalid(`'${server}' is no server`);
  const colon = rest.lastIndexOf(':');
  const path = colon === -1 ? rest : rest.slice(0, colon);
  const tag = colon === -1 ? (new URLSearchParams(query).get('tag') ?? undefined) : rest.slice(colon + 1);
  if (tag !== undefined && !TAG.test(tag)) throw invalid(`'${tag}' is no tag`);
  if (!path.split('/').every((component) => COMPONENT.test(component))) {
    throw invalid(`'${path}' may have small letters, digits, and . _ - between them, in parts separated by /`);
  }
  const repository = server === DOCKER_HUB && !path.includes('/') ? `library/${path}` : path;
  return {
    server,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The first part is a server when it could not be part of a path: it has a dot or a port, or is `localhost`. */
function splitServer(name: string, defaultServer: string): { server: string; rest: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(0, slash));
  if (!/[.:]/.test(first) && first !== 'localhost') return { server: defaultServer, rest: name };
  const server = first === 'index.docker.io' || first === 'registry-1.docker.io' ? DOCKER_HUB : first;
  return { server, rest: name.slice(slash + 1) };
}

/** What a registry is asked for: the digest if there is one, else the tag. */
export function referenceWithin({ tag, digest }: ImageReference): string {
  return digest ?? tag ?? 'latest';
}

/** `server/path:tag@digest`, as Docker's commands take it. */
export function printImageReference({ server, repository, tag, digest }: ImageReference): string {
  const name = `${server}/${repository}`;
  if (digest !== undefined) return `${name}@${digest}`;
  return `${name}:${tag ?? 'latest'}`;
}

/** As it stands in SOURCE, and as skopeo takes it. */
export function imageUrl(reference: ImageReference): string {
  return `${PREFIX}${printImageReference(reference)}`;
}
