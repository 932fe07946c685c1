import { ensureSandboxSecrets, type SandboxSecrets } from './sandbox-secrets.ts';
import type { CertifiedHost } from './ssh-keys.ts';
import { ensureServerCertificate, type TlsIdentity } from './tls.ts';

/** What of a machine's specification its secrets depend on. */
export interface MachineIdentity {
  readonly sandbox: string;
  readonly name: string;
  readonly role: 'frontend' | 'host';
  readonly address: string;
  /** Names that every machine resolves: name, address. */
  readonly names: ReadonlyMap<string, string>;
}

export interface MachineSecrets {
  readonly secrets: SandboxSecrets;
  /** For the certificate of the machine's SSH server: all its names, its address last. */
  readonly host: CertifiedHost;
  /** Of the registry, which a front-end has. */
  readonly registryIdentity: TlsIdentity | undefined;
}

/** @param folder  of the sandbox's secrets, on the user's machine */
export async function ensureMachineSecrets(folder: string, machine: MachineIdentity): Promise<MachineSecrets> {
  const { sandbox, name, role, address } = machine;
  const secrets = await ensureSandboxSecrets(folder, sandbox);
  const names = Array.from(machine.names).flatMap(([each, at]) => (at === address ? [each] : []));
  const host = { name, principals: [...new Set([name, ...names, address])] };
  if (role === 'host') return { secrets, host, registryIdentity: undefined };
  const server = {
    name: `registry@${address}`,
    alternativeNames: [...names.map((each) => `DNS:${each}`), 'DNS:localhost', `IP:${address}`, 'IP:127.0.0.1'],
  };
  return { secrets, host, registryIdentity: await ensureServerCertificate(folder, server, secrets.tlsAuthority) };
}
