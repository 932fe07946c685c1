/** How requests for images name them, and say who asks. */
import type { RegistryAuth } from './docker-types.ts';

/** The engine takes repository and tag apart; a digest stands where the tag does. */
export function fromImage(reference: string): { fromImage: string; tag: string } {
  const [name = '', digest] = reference.split('@');
  if (digest !== undefined) return { fromImage: name, tag: digest };
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return colon < 0
    ? { fromImage: name, tag: 'latest' }
    : { fromImage: name.slice(0, colon), tag: name.slice(colon + 1) };
}

/** The URL-safe alphabet with padding: without it the engine ignores the credentials in silence. */
export function encodeAuth(auth: RegistryAuth): string {
  const encoded = Buffer.from(JSON.stringify(auth)).toString('base64');
  return encoded.replaceAll('+', '-').replaceAll('/', '_');
}
