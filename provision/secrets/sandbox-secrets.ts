import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hash } from 'bcryptjs';
import { ensurePassword, ensureSecret } from './secret-folder.ts';
import { ensureKeyPair, type KeyPair, trustLine } from './ssh-keys.ts';
import { ensureTlsAuthority, type TlsIdentity } from './tls.ts';

/** What all machines of a sandbox share. */
export interface SandboxSecrets {
  /** Signs the keys of machines. */
  readonly sshAuthority: KeyPair;
  /** With which the drivers reach hosts. */
  readonly oneadminKey: KeyPair;
  /** With which the person at the user's machine reaches any machine, as root. */
  readonly userKey: KeyPair;
  readonly oneadminPassword: string;
  readonly registry: { readonly user: string; readonly password: string; readonly htpasswd: string };
  readonly tlsAuthority: TlsIdentity;
}

export const REGISTRY_USER = 'onedock';

/**
 * bcrypt's work factor. The registry computes it on each request; a random password of 128 bits needs no work factor
 * to resist guessing.
 */
const BCRYPT_COST = 4;

/** Files that people and programs on the user's machine are pointed to, in the sandbox's folder of secrets. */
export function secretPaths(folder: string) {
  return {
    /** Private key for root of every machine. */
    userKey: join(folder, 'user-key', 'id_ed25519'),
    /** For `ssh -o UserKnownHostsFile=`. */
    knownHosts: join(folder, 'trust', 'known_hosts'),
    /** Authority of the registry and the hub (PEM). */
    tlsAuthority: join(folder, 'tls-authority', 'cert.pem'),
    oneadminPassword: join(folder, 'oneadmin', 'password'),
    registryPassword: join(folder, 'registry', 'password'),
  } as const;
}

/** Makes what is missing and reads the rest. Safe to call from several processes at once. */
export async function ensureSandboxSecrets(folder: string, sandbox: string): Promise<SandboxSecrets> {
  const [sshAuthority, oneadminKey, userKey, oneadminPassword, registryPassword, tlsAuthority] = await Promise.all([
    ensureKeyPair(folder, 'ssh-authority', `onedock ${sandbox}`),
    ensureKeyPair(folder, 'oneadmin-key', `oneadmin@${sandbox}`),
    ensureKeyPair(folder, 'user-key', `user@${sandbox}`),
    ensurePassword(folder, 'oneadmin'),
    ensurePassword(folder, 'registry'),
    ensureTlsAuthority(folder, `${sandbox} authority`),
  ]);
  const [htpasswd] = await Promise.all([
    ensureHtpasswd(folder, registryPassword),
    ensureSecret(folder, 'trust', (draft) =>
      writeFile(join(draft, 'known_hosts'), trustLine(sshAuthority), { mode: 0o600 }),
    ),
  ]);
  const registry = { user: REGISTRY_USER, password: registryPassword, htpasswd };
  return { sshAuthority, oneadminKey, userKey, oneadminPassword, registry, tlsAuthority };
}

export async function ensureHtpasswd(folder: string, password: string): Promise<string> {
  const place = await ensureSecret(folder, 'htpasswd', async (draft) => {
    const line = `${REGISTRY_USER}:${await hash(password, BCRYPT_COST)}\n`;
    await writeFile(join(draft, 'htpasswd'), line, { mode: 0o600 });
  });
  return readFile(join(place, 'htpasswd'), 'utf8');
}
