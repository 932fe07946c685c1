/**
 * How values are kept that only administrators and drivers may read: AES-256 in CBC mode without an initial vector, in
 * base64 (one_util::aes256cbc_encrypt of src/common/NebulaUtil.cc, 7.4). One text is always the same cipher text.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';

const ALGORITHM = 'aes-256-cbc';
const KEY_BYTES = 32;
const NO_VECTOR = Buffer.alloc(16);

/** A cipher as `objects/secrets.ts` wants one. */
export class AesCipher {
  readonly key: string;
  readonly #key: Buffer;

  /** @param key of which the first 32 characters count */
  constructor(key: string) {
    this.key = key;
    this.#key = Buffer.alloc(KEY_BYTES);
    this.#key.write(key);
  }

  seal(text: string): string {
    const cipher = createCipheriv(ALGORITHM, this.#key, NO_VECTOR);
    return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
  }

  /** Undefined when the text was not sealed with this key. */
  open(sealed: string): string | undefined {
    if (!/^[\w+/]+=*$/.test(sealed)) return undefined;
    const decipher = createDecipheriv(ALGORITHM, this.#key, NO_VECTOR);
    try {
      return Buffer.concat([decipher.update(sealed, 'base64'), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}
