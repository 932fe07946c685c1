/** SSH keys and certificates of a sandbox, by ssh-keygen. All are Ed25519, which takes milliseconds to make. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $ } from '../command.ts';
import { ensureSecret } from './secret-folder.ts';

export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
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
  const place = await ensureSecret(folder, name, (draft) => generate(draft, comment));
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
    await generate(draft, host.name);
    await certify(host, join(draft, `${KEY}.pub`), authority);
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
    await certify(host, join(draft, `${KEY}.pub`), authority);
  });
  return readFile(join(place, `${KEY}-cert.pub`), 'utf8');
}

/** A line of known_hosts(5) that trusts every host with a certificate of the authority. */
export function trustLine(authority: Pick<KeyPair, 'publicKey'>): string {
  return `@cert-authority * ${authority.publicKey.trim()}\n`;
}

async function generate(folder: string, comment: string): Promise<void> {
  await $`ssh-keygen -q -t ed25519 -N ${''} -C ${comment} -f ${join(folder, KEY)}`;
}

/** Writes the certificate beside the public key, as `<name>-cert.pub`. */
async function certify({ name, principals }: CertifiedHost, publicKeyPath: string, authority: KeyPair): Promise<void> {
  await $`ssh-keygen -q -s ${authority.privateKeyPath} -h -I ${name} -n ${principals.join(',')} ${publicKeyPath}`;
}

async function readKeyPair(place: string): Promise<KeyPair> {
  const privateKeyPath = join(place, KEY);
  const [privateKey, publicKey] = await Promise.all([
    readFile(privateKeyPath, 'utf8'),
    readFile(`${privateKeyPath}.pub`, 'utf8'),
  ]);
  return { privateKey, publicKey, privateKeyPath };
}
