/** What a machine is for: the provisioning steps of each role put together, wherever the machine comes from. */
import { base } from './base.ts';
import { dockerEngine } from './docker-engine.ts';
import { dockerHost, VM_NETWORK_UNIT, type VmNetworkPort } from './docker-host.ts';
import { FRONT_END_UNIT, frontEnd } from './front-end.ts';
import { type CompleteDescription, combine, type MachineDescription } from './machine-description.ts';
import { nameServer } from './names-units.ts';
import { HUB_PORT, REGISTRY_PORT, registry } from './registry.ts';
import type { SandboxSecrets } from './secrets/sandbox-secrets.ts';
import { trustLine } from './secrets/ssh-keys.ts';
import type { TlsIdentity } from './secrets/tls.ts';

export interface RoleInputs {
  readonly role: 'frontend' | 'host';
  readonly secrets: SandboxSecrets;
  /** Certificate of the registry and the hub; a front-end has it. */
  readonly registryIdentity: TlsIdentity | undefined;
  /** On a front-end: whether a second registry stands in for the upstream hub. */
  readonly standInHub: boolean;
  /** On a front-end: whether OpenNebula comes from its own packages. */
  readonly packaged?: boolean;
  /** On a front-end: how many times as long as usual the drivers wait for what they ask of hosts. */
  readonly patience?: number;
  /** Programs that hosts have for the drivers: file name and content. */
  readonly hostPrograms: ReadonlyMap<string, Buffer>;
  readonly vmNetwork: VmNetworkPort;
}

export const VM_BRIDGE = 'vmbr0';

/** Units without which a machine of a role is of no use. */
export const ROLE_UNITS: Readonly<Record<RoleInputs['role'], readonly string[]>> = {
  frontend: ['docker-registry.service', FRONT_END_UNIT],
  host: ['docker.service', VM_NETWORK_UNIT],
};

export function roleContent(inputs: RoleInputs): CompleteDescription {
  return combine(base(), { host: hostContent, frontend: frontEndContent }[inputs.role](inputs));
}

function trustedRegistries({ tlsAuthority }: SandboxSecrets) {
  const authority = tlsAuthority.certificate;
  return [
    { address: `registry:${REGISTRY_PORT}`, authority },
    { address: `hub:${HUB_PORT}`, authority },
  ];
}

function hostContent({ secrets, hostPrograms, vmNetwork }: RoleInputs): MachineDescription {
  return dockerHost({ registries: trustedRegistries(secrets), programs: hostPrograms, vmNetwork });
}

function frontEndContent({
  vmNetwork,
  secrets,
  registryIdentity,
  standInHub: hub,
  packaged = false,
  patience = 1,
}: RoleInputs): MachineDescription {
  const { certificate = '', key: certificateKey = '' } = registryIdentity ?? {};
  return combine(
    // An Engine that starts when somebody calls it: the front-end's own programs do without.
    dockerEngine(trustedRegistries(secrets)),
    { units: [{ name: 'docker.socket', wantedBy: 'sockets.target' }] },
    registry({ certificate, certificateKey, htpasswd: secrets.registry.htpasswd, hub }),
    frontEnd({
      oneadminPassword: secrets.oneadminPassword,
      privateKey: secrets.oneadminKey.privateKey,
      publicKey: secrets.oneadminKey.publicKey,
      knownHosts: trustLine(secrets.sshAuthority),
      registry: secrets.registry,
      tlsAuthority: secrets.tlsAuthority.certificate,
      hub,
      packaged,
      patience,
    }),
    nameServer(vmNetwork.address.replace(/\/.*/, '')),
  );
}
