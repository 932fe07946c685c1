/** SSH keys and certificates of a sandbox, in files. All keys are Ed25519. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { certifyHost, type KeyTexts, makeKeyPair } from '../../src/transport/ssh-key-pair.ts';
import { ensureSecret } from './secret-folder.ts';

export interface KeyPair extends KeyTexts {
  readonly privateKeyPath: string;
}

export interface HostIdentity extends KeyPair {
  readonly certificate: string;
}

/** Whose certificate it is, and by which names and addresses clients call it. */
export interface CertifiedHost {
  readonly name: string;
  readonly principals: readonly string[];
}

const KEY = 'id_ed25519';

export async function ensureKeyPair(folder: string, name: string, comment: string): Promise<KeyPair> {
  const place = await ensureSecret(folder, name, async (draft) => {
    await writeKeyPair(draft, comment);
  });
  return readKeyPair(place);
}

/** A host's key, and the authority's certificate that it is the host's, for any of its names and addresses. */
export async function ensureHostIdentity(
  folder: string,
  host: CertifiedHost,
  authority: KeyPair,
): Promise<HostIdentity> {
  // Principals are part of the place: a machine that gets another address gets another certificate.
  const place = await ensureSecret(folder, `hosts/${host.name}@${host.principals.at(-1)}`, async (draft) => {
    const { publicKey } = await writeKeyPair(draft, host.name);
    await certify(draft, { ...host, publicKey }, authority);
  });
  const certificate = await readFile(join(place, `${KEY}-cert.pub`), 'utf8');
  return { ...(await readKeyPair(place)), certificate };
}

/** The authority's certificate for the key that a machine has already. */
export async function ensureHostCertificate(
  folder: string,
  host: CertifiedHost & { readonly publicKey: string },
  authority: KeyPair,
): Promise<string> {
  const key = createHash('sha256').update(host.publicKey).digest('hex').slice(0, 16);
  const place = await ensureSecret(folder, `hosts/${host.name}@${host.principals.at(-1)}-${key}`, async (draft) => {
    await writeFile(join(draft, `${KEY}.pub`), host.publicKey);
    await certify(draft, host, authority);
  });
  return readFile(join(place, `${KEY}-cert.pub`), 'utf8');
}

/** A line of known_hosts(5) that trusts every host with a certificate of the authority. */
export function trustLine(authority: Pick<KeyPair, 'publicKey'>): string {
  return `@cert-authority * ${authority.publicKey.trim()}\n`;
}

async function writeKeyPair(folder: string, comment: string): Promise<KeyTexts> {
  const pair = makeKeyPair(comment);
  await Promise.all([
    writeFile(join(folder, KEY), pair.privateKey, { mode: 0o600 }),
    writeFile(join(folder, `${KEY}.pub`), pair.publicKey),
  ]);
  return pair;
}

async function certify(folder: string, host: CertifiedHost & { publicKey: string }, authority: KeyPair): Promise<void> {
  const { name, principals, publicKey } = host;
  const certificate = certifyHost({ publicKey, keyId: name, principals }, authority);
  await writeFile(join(folder, `${KEY}-cert.pub`), certificate);
}

async function readKeyPair(place: string): Promise<KeyPair> {
  const privateKeyPath = join(place, KEY);
  const [privateKey, publicKey] = await Promise.all([
    readFile(privateKeyPath, 'utf8'),
    readFile(`${privateKeyPath}.pub`, 'utf8'),
  ]);
  return { privateKey, publicKey, privateKeyPath };
}
