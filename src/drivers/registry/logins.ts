import { readFile } from 'node:fs/promises';
import { type Credentials, decodeCredentials } from './authorization.ts';
import { fail } from './errors.ts';
import { DOCKER_HUB } from './image-reference.ts';

/** The key under which `docker login` keeps the login of Docker Hub. */
const DOCKER_HUB_LOGIN = 'https://index.docker.io/v1/';

/** A password in a file of its own; white space at its end is not part of it. @throws LOGIN_UNREADABLE */
export async function readPassword(user: string, file: string): Promise<Credentials> {
  return { user, password: (await readLoginFile(file)).trimEnd() };
}

/** The login for a server in a file of `docker login`. @throws LOGIN_UNREADABLE */
export async function readLogin(file: string, server: string): Promise<Credentials | undefined> {
  const { auths = {} } = parseLogins(await readLoginFile(file), file);
  const login = auths[server] ?? (server === DOCKER_HUB ? auths[DOCKER_HUB_LOGIN] : undefined);
  return login?.auth === undefined ? undefined : decodeCredentials(login.auth);
}

/** Certificates of an authority (PEM). @throws AUTHORITY_UNREADABLE */
export async function readAuthority(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw fail('AUTHORITY_UNREADABLE', { file }, cause);
  });
}

interface Logins {
  readonly auths?: Readonly<Record<string, { readonly auth?: string }>>;
}

function parseLogins(text: string, file: string): Logins {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fail('LOGIN_UNREADABLE', { file }, cause);
  }
}

function readLoginFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw fail('LOGIN_UNREADABLE', { file }, cause);
  });
}
