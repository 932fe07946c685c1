/** The password check of VNC (RFC 6143, 7.2.2): the client encrypts 16 random bytes with the password by DES. */
import { createCipheriv, timingSafeEqual } from 'node:crypto';

export const CHALLENGE_LENGTH = 16;

/** What a client answers that knows the password. Only its first eight bytes count. */
export function expectedResponse(challenge: Buffer, password: string): Buffer {
  const key = Buffer.alloc(KEY_LENGTH);
  Buffer.from(password, 'latin1').copy(key);
  // In each byte of the key VNC takes the lowest bit for the highest.
  const mirrored = Buffer.from(key.map(mirror));
  // Triple DES with one key three times is DES, which OpenSSL 3 no longer offers by itself.
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([mirrored, mirrored, mirrored]), null);
  return cipher.setAutoPadding(false).update(challenge);
}

export function isRightResponse(challenge: Buffer, response: Buffer, password: string): boolean {
  const expected = expectedResponse(challenge, password);
  return response.length === expected.length && timingSafeEqual(response, expected);
}

const KEY_LENGTH = 8;

function mirror(byte: number): number {
  let mirrored = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) mirrored |= 0x80 >> bit;
  return mirrored;
}
