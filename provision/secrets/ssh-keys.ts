/** SSH keys and certificates of a sandbox, by ssh-keygen. All are Ed25519, which takes milliseconds to make. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transport } from '../../src/transport/transport.ts';
import { ensureSecret } from './secret-folder.ts';

export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
  readonly privateKeyPath: string;
}

export interface HostIdentity extends KeyPair {
  readonly certificate: string;
}

const KEY = 'id_ed25519';

export async function ensureKeyPair(local: Transport, folder: string, name: string, comment: string): Promise<KeyPair> {
  const place = await ensureSecret(folder, name, (draft) => generate(local, draft, comment));
  return readKeyPair(place);
}

/** A host's key, and the authority's certificate that it is the host's, for any of its names and addresses. */
export async function ensureHostIdentity(
  local: Transport,
  folder: string,
  host: { readonly name: string; readonly principals: readonly string[] },
  authority: KeyPair,
): Promise<HostIdentity> {
  const principals = host.principals.join(',');
  // Principals are part of the place: a machine that gets another address gets another certificate.
  const place = await ensureSecret(folder, `hosts/${host.name}@${host.principals.at(-1)}`, async (draft) => {
    await generate(local, draft, host.name);
    const certify = ['ssh-keygen', '-q', '-s', authority.privateKeyPath, '-h', '-I', host.name, '-n', principals];
    await local.run([...certify, join(draft, `${KEY}.pub`)]);
  });
  const certificate = await readFile(join(place, `${KEY}-cert.pub`), 'utf8');
  return { ...(await readKeyPair(place)), certificate };
}

/** A line of known_hosts(5) that trusts every host with a certificate of the authority. */
export function trustLine(authority: Pick<KeyPair, 'publicKey'>): string {
  return `@cert-authority * ${authority.publicKey.trim()}\n`;
}

async function generate(local: Transport, folder: string, comment: string): Promise<void> {
  await local.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', join(folder, KEY)]);
}

async function readKeyPair(place: string): Promise<KeyPair> {
  const privateKeyPath = join(place, KEY);
  const [privateKey, publicKey] = await Promise.all([
    readFile(privateKeyPath, 'utf8'),
    readFile(`${privateKeyPath}.pub`, 'utf8'),
  ]);
  return { privateKey, publicKey, privateKeyPath };
}
