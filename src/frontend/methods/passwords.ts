/** Secrets of users (src/um/User.cc, 7.4). */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

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

function digest(algorithm: 'sha1' | 'sha256', data: string | Buffer): string {
  return createHash(algorithm).update(data).digest('hex');
}
