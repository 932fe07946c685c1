/** What lies over the layers of one machine, by its role: the provisioning steps, and what only LXC machines have. */
import { createHash } from 'node:crypto';
import { base } from '../provision/base.ts';
import { dockerEngine } from '../provision/docker-engine.ts';
import { dockerHost } from '../provision/docker-host.ts';
import { frontEnd } from '../provision/front-end.ts';
import { hostName } from '../provision/host-name.ts';
import { type CompleteDescription, combine, type MachineDescription } from '../provision/machine-description.ts';
import { HUB_PORT, REGISTRY_PORT, registry } from '../provision/registry.ts';
import type { SandboxSecrets } from '../provision/secrets/sandbox-secrets.ts';
import { type HostIdentity, trustLine } from '../provision/secrets/ssh-keys.ts';
import type { TlsIdentity } from '../provision/secrets/tls.ts';
import { sshServer } from '../provision/ssh-server.ts';
import type { MachineSpec } from '../src/sandbox/testbed.ts';
import { readinessReport } from './readiness.ts';

export interface ContentInputs {
  readonly spec: MachineSpec;
  readonly secrets: SandboxSecrets;
  readonly identity: HostIdentity;
  /** Certificate of the registry and the hub; a front-end has it. */
  readonly registryIdentity: TlsIdentity | undefined;
  /** Programs that hosts have for the drivers: file name and content. */
  readonly hostPrograms: ReadonlyMap<string, Buffer>;
  readonly resolvConf: string;
  readonly vmNetworkPrefix: number;
}

export const VM_BRIDGE = 'vmbr0';

export function machineContent(inputs: ContentInputs): CompleteDescription {
  const role = { host: hostContent, frontend: frontEndContent }[inputs.spec.role](inputs);
  const content = combine(base(), ownContent(inputs), role);
  return combine(content, readinessReport(content.units.map(({ name }) => name)));
}

function ownContent({ spec, secrets, identity, resolvConf }: ContentInputs): MachineDescription {
  const machineId = createHash('sha256').update(`${spec.sandbox}/${spec.name}`).digest('hex').slice(0, 32);
  const keys = sshServer({
    hostKey: identity.privateKey,
    hostCertificate: identity.certificate,
    rootKeys: [secrets.userKey.publicKey],
    oneadminKeys: [secrets.oneadminKey.publicKey, secrets.userKey.publicKey],
  });
  return combine(keys, {
    files: [
      ...(hostName(spec.name, spec.names).files ?? []),
      { path: '/etc/machine-id', mode: 0o444, content: `${machineId}\n` },
      { path: '/etc/resolv.conf', mode: 0o644, content: resolvConf },
    ],
  });
}

function trustedRegistries({ tlsAuthority }: SandboxSecrets) {
  const authority = tlsAuthority.certificate;
  return [
    { address: `registry:${REGISTRY_PORT}`, authority },
    { address: `hub:${HUB_PORT}`, authority },
  ];
}

function hostContent({ spec, secrets, hostPrograms, vmNetworkPrefix }: ContentInputs): MachineDescription {
  return dockerHost({
    registries: trustedRegistries(secrets),
    programs: hostPrograms,
    vmNetwork: { bridge: VM_BRIDGE, uplink: 'eth1', address: `${spec.vmNetworkAddress}/${vmNetworkPrefix}` },
  });
}

function frontEndContent({ spec, secrets, registryIdentity }: ContentInputs): MachineDescription {
  const hub = spec.standInHub ?? false;
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
    }),
  );
}
