import { ensureHtpasswd, REGISTRY_USER } from './sandbox-secrets.ts';
import { ensurePassword } from './secret-folder.ts';
import { ensureServerCertificate, ensureTlsAuthority, type TlsIdentity } from './tls.ts';

/** What a registry of its own needs, outside of any sandbox. */
export interface RegistrySecrets {
  readonly user: string;
  readonly password: string;
  readonly htpasswd: string;
  readonly authority: TlsIdentity;
  readonly identity: TlsIdentity;
}

/** Makes what is missing and reads the rest. @param host  name by which the registry is called */
export async function ensureRegistrySecrets(folder: string, host: string): Promise<RegistrySecrets> {
  const [password, authority] = await Promise.all([
    ensurePassword(folder, 'registry'),
    ensureTlsAuthority(folder, `ONEDock registry of ${host}`),
  ]);
  const server = { name: host, alternativeNames: [`DNS:${host}`, 'DNS:localhost', 'IP:127.0.0.1'] };
  const [htpasswd, identity] = await Promise.all([
    ensureHtpasswd(folder, password),
    ensureServerCertificate(folder, server, authority),
  ]);
  return { user: REGISTRY_USER, password, htpasswd, authority, identity };
}
