/**
 * Ed25519 keys as OpenSSH keeps them in files, and certificates by which an authority vouches for a host's key. Made
 * here and not by ssh-keygen: a sandbox needs nine at its start, and a program takes ten times as long as its key.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { HOST_CERTIFICATE } from './host-certificate.ts';
import { WireReader, wireString, wireUint32, wireUint64 } from './ssh-wire.ts';

export interface KeyTexts {
  /** A file of OpenSSH, PEM. */
  readonly privateKey: string;
  /** A line, as in authorized_keys(5). */
  readonly publicKey: string;
}

const TYPE = 'ssh-ed25519';
const MAGIC = 'openssh-key-v1\0';
/** To what its size is filled up where nothing is encrypted (PROTOCOL.key). */
const BLOCK_BYTES = 8;

/** A new key; whoever reads the private one has it, no passphrase protects it. */
export function makeKeyPair(comment: string): KeyTexts {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
  const [seed, point] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const blob = Buffer.concat([wireString(TYPE), wireString(point)]);
  return {
    privateKey: pem(keyFile(blob, seed, point, comment)),
    publicKey: `${TYPE} ${blob.toString('base64')} ${comment}\n`,
  };
}

/** OpenSSH, PROTOCOL.key. */
function keyFile(blob: Buffer, seed: Buffer, point: Buffer, comment: string): Buffer {
  // Twice the same, by which a program sees that it has decrypted with the right passphrase.
  const check = randomBytes(4);
  const secret = Buffer.concat([check, check, blob, wireString(Buffer.concat([seed, point])), wireString(comment)]);
  const padding = Buffer.from(Array.from({ length: -secret.length & (BLOCK_BYTES - 1) }, (_, i) => i + 1));
  const unencrypted = [wireString('none'), wireString('none'), wireString('')];
  const body = wireString(Buffer.concat([secret, padding]));
  return Buffer.concat([Buffer.from(MAGIC), ...unencrypted, wireUint32(1), wireString(blob), body]);
}

function pem(file: Buffer): string {
  const lines = file.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

export interface Vouching {
  /** A line, as in authorized_keys(5); of any type. */
  readonly publicKey: string;
  /** What the server's log calls it. */
  readonly keyId: string;
  /** Names and addresses by which clients may call the host. */
  readonly principals: readonly string[];
}

/**
 * An authority's certificate for a host's key (PROTOCOL.certkeys), valid for ever: a line, as in a file that sshd's
 * HostCertificate names.
 * @param authority  see `makeKeyPair`
 */
export function certifyHost({ publicKey, keyId, principals }: Vouching, authority: KeyTexts): string {
  const [type = '', base64 = '', comment = keyId] = publicKey.trim().split(/\s+/);
  const blob = Buffer.from(base64, 'base64');
  const certificateType = `${type}-cert-v01@openssh.com`;
  const unsigned = Buffer.concat([
    wireString(certificateType),
    wireString(randomBytes(32)),
    // The key's own values, which follow its type.
    blob.subarray(wireString(type).length),
    wireUint64(0n), // serial number
    wireUint32(HOST_CERTIFICATE),
    wireString(keyId),
    wireString(Buffer.concat(principals.map(wireString))),
    wireUint64(0n), // valid after
    wireUint64(FOR_EVER),
    ...Array.from({ length: 3 }, () => wireString('')), // critical options, extensions, reserved
    wireString(Buffer.from(authority.publicKey.split(' ')[1] ?? '', 'base64')),
  ]);
  const signature = Buffer.concat([wireString(TYPE), wireString(sign(null, unsigned, readKey(authority)))]);
  const certificate = Buffer.concat([unsigned, wireString(signature)]);
  return `${certificateType} ${certificate.toString('base64')} ${comment}\n`;
}

const FOR_EVER = 2n ** 64n - 1n;

/** What `makeKeyPair` has written, or ssh-keygen without a passphrase. */
function readKey({ privateKey }: KeyTexts): KeyObject {
  const file = Buffer.from(privateKey.replace(/-----.*-----/g, ''), 'base64');
  const reader = new WireReader(file.subarray(MAGIC.length));
  for (let i = 0; i < 3; i++) reader.string(); // cipher, derivation of its key, and the options of that
  reader.uint32(); // how many keys
  reader.string(); // the public key
  const secret = new WireReader(reader.string());
  secret.bytes(8);
  const type = secret.text();
  if (type !== TYPE) throw new Error(`The authority's key is of type ${type}; it must be ${TYPE}.`);
  const point = secret.string();
  const seed = secret.string().subarray(0, point.length);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url'), d: seed.toString('base64url') };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}
