/** Secrets of users (src/um/User.cc, 7.4). */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

const INVALID_CHARACTERS = /[ \t\n\v\f\r]/;
const KB = 1024;
/** In bytes, by driver; others have no limit. */
const MAX_LENGTH: Readonly<Record<string, number>> = {
  ssh: 16 * KB,
  x509: 64 * KB,
  ldap: 256,
  saml: 12 * KB,
  server_cipher: 4 * KB,
  server_x509: 64 * KB,
  core: 256,
  sunstone: 256,
};

/** What is wrong with a password, in oned's words; undefined when nothing is. */
export function passwordProblem(driver: string, password: string): string | undefined {
  if (password === '') return 'Invalid password, it cannot be empty';
  const longest = MAX_LENGTH[driver] ?? Number.POSITIVE_INFINITY;
  if (Buffer.byteLength(password) > longest) {
    return `Password is longer than max allowed length. Max allowed length for the driver ${driver} : ${longest} bytes`;
  }
  const invalid = INVALID_CHARACTERS.exec(password)?.[0];
  return invalid === undefined ? undefined : `Invalid password, character '${invalid}' is not allowed`;
}

/** As driver `core` keeps a password. */
export function hashPassword(password: string): string {
  return digest('sha256', password);
}

/** Whether a password fits a kept digest, SHA-256 or the SHA-1 of old databases. */
export function passwordFits(password: string, kept: string): 'sha256' | 'sha1' | undefined {
  return (['sha256', 'sha1'] as const).find((algorithm) => sameText(digest(algorithm, password), kept));
}

export function randomToken(): string {
  return digest('sha256', randomBytes(32));
}

/** Compares in a time that does not tell how much was right. */
export function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

/** At one go: each call of the API takes one. */
function digest(algorithm: 'sha1' | 'sha256', data: string | Buffer): string {
  return hash(algorithm, data, 'hex');
}
