/**
 * OpenSSH host certificates: a host's public key with the names that it may use, signed by an authority (OpenSSH,
 * PROTOCOL.certkeys). Reading and checking one is pure; `now` is epoch seconds.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { WireReader, wireString } from './ssh-wire.ts';

export interface HostCertificate {
  /** The key that it vouches for, as a server without certificate presents it. */
  readonly hostKey: Buffer;
  /** The key of the authority that signed it. */
  readonly authorityKey: Buffer;
  readonly principals: readonly string[];
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly signedPart: Buffer;
  readonly signature: Buffer;
}

/** How many values a public key consists of, by the type's name. */
const KEY_FIELDS: Readonly<Record<string, number>> = {
  'ssh-ed25519': 1,
  'ssh-rsa': 2,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
};

/** Types of certificates in the order in which a server is asked for one. */
export const CERTIFICATE_TYPES = Object.keys(KEY_FIELDS).map((type) => `${type}-cert-v01@openssh.com`);

/** Where a certificate says of whom it is; a user's has 1. */
export const HOST_CERTIFICATE = 2;

/** @throws Error when it is no host certificate */
export function parseHostCertificate(blob: Buffer): HostCertificate {
  const reader = new WireReader(blob);
  const type = reader.text().replace('-cert-v01@openssh.com', '');
  const fields = KEY_FIELDS[type];
  if (fields === undefined) throw new Error(`Certificates of type ${type} are not understood.`);
  reader.string(); // nonce
  const hostKey = Buffer.concat([
    wireString(type),
    ...Array.from({ length: fields }, () => wireString(reader.string())),
  ]);
  reader.uint64(); // serial number
  if (reader.uint32() !== HOST_CERTIFICATE) throw new Error('It is no certificate of a host.');
  reader.string(); // key id
  const principals = readAll(reader.string());
  const validAfter = reader.uint64();
  const validBefore = reader.uint64();
  if (reader.string().length > 0) throw new Error('It has critical options, which a host certificate cannot have.');
  reader.string(); // extensions
  reader.string(); // reserved
  const authorityKey = reader.string();
  const signedPart = blob.subarray(0, reader.offset);
  return { hostKey, authorityKey, principals, validAfter, validBefore, signedPart, signature: reader.string() };
}

/** Why the certificate does not vouch for that host at that time; nothing when it does. */
export function certificateProblem(certificate: HostCertificate, host: string, now: number): string | undefined {
  const { principals, validAfter, validBefore } = certificate;
  if (principals.length > 0 && !principals.includes(host)) return `it is for ${principals.join(', ')}`;
  if (BigInt(now) < validAfter) return 'it is not valid yet';
  if (BigInt(now) >= validBefore) return 'it has expired';
  if (!isSignedByAuthority(certificate)) return 'its signature is wrong';
  return undefined;
}

function isSignedByAuthority({ authorityKey, signedPart, signature }: HostCertificate): boolean {
  const reader = new WireReader(signature);
  const algorithm = reader.text();
  const value = reader.string();
  const { type, key } = publicKey(authorityKey);
  const accepted = SIGNATURES[algorithm];
  if (accepted?.keyType !== type) return false;
  if (!type.startsWith('ecdsa')) return verify(accepted.hash, signedPart, key, value);
  return verify(accepted.hash, signedPart, { key, dsaEncoding: 'ieee-p1363' }, joinEcdsa(value, accepted.bytes));
}

/** RSA with SHA-1 is not accepted, as OpenSSH does not. */
const SIGNATURES: Readonly<Record<string, { keyType: string; hash: string | null; bytes: number }>> = {
  'ssh-ed25519': { keyType: 'ssh-ed25519', hash: null, bytes: 0 },
  'rsa-sha2-256': { keyType: 'ssh-rsa', hash: 'sha256', bytes: 0 },
  'rsa-sha2-512': { keyType: 'ssh-rsa', hash: 'sha512', bytes: 0 },
  'ecdsa-sha2-nistp256': { keyType: 'ecdsa-sha2-nistp256', hash: 'sha256', bytes: 32 },
  'ecdsa-sha2-nistp384': { keyType: 'ecdsa-sha2-nistp384', hash: 'sha384', bytes: 48 },
  'ecdsa-sha2-nistp521': { keyType: 'ecdsa-sha2-nistp521', hash: 'sha512', bytes: 66 },
};

function publicKey(blob: Buffer): { type: string; key: KeyObject } {
  const reader = new WireReader(blob);
  const type = reader.text();
  const base64 = (data: Buffer) => data.toString('base64url');
  const jwk = (key: Record<string, string>) => createPublicKey({ key, format: 'jwk' });
  if (type === 'ssh-ed25519') return { type, key: jwk({ kty: 'OKP', crv: 'Ed25519', x: base64(reader.string()) }) };
  if (type === 'ssh-rsa') {
    const [e, n] = [reader.string(), reader.string()];
    return { type, key: jwk({ kty: 'RSA', e: base64(unsigned(e)), n: base64(unsigned(n)) }) };
  }
  const curve = reader.text().replace('nistp', 'P-');
  const point = reader.string().subarray(1); // after the byte that says "uncompressed"
  const [x, y] = [point.subarray(0, point.length / 2), point.subarray(point.length / 2)];
  return { type, key: jwk({ kty: 'EC', crv: curve, x: base64(x), y: base64(y) }) };
}

/** SSH writes r and s as two signed integers; OpenSSL wants both at full length. */
function joinEcdsa(signature: Buffer, bytes: number): Buffer {
  const reader = new WireReader(signature);
  return Buffer.concat([reader.string(), reader.string()].map((value) => pad(unsigned(value), bytes)));
}

/** A positive integer may have a zero byte in front, which keeps its sign. */
function unsigned(value: Buffer): Buffer {
  return value[0] === 0 ? value.subarray(1) : value;
}

function pad(value: Buffer, bytes: number): Buffer {
  return Buffer.concat([Buffer.alloc(Math.max(0, bytes - value.length)), value]);
}

function readAll(list: Buffer): string[] {
  const reader = new WireReader(list);
  const values: string[] = [];
  while (!reader.atEnd) values.push(reader.text());
  return values;
}
