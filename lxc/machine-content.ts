/** What lies over the layers of one machine: what its role asks for, and what only LXC machines have. */
import { createHash } from 'node:crypto';
import { hostName } from '../provision/host-name.ts';
import { type CompleteDescription, combine, type MachineDescription } from '../provision/machine-description.ts';
import { roleContent, VM_BRIDGE } from '../provision/role-content.ts';
import type { SandboxSecrets } from '../provision/secrets/sandbox-secrets.ts';
import type { HostIdentity } from '../provision/secrets/ssh-keys.ts';
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

/** The NIC on the network of the VMs. */
export const VM_NETWORK_NIC = 'eth1';

export function machineContent(inputs: ContentInputs): CompleteDescription {
  const { spec, secrets, registryIdentity, hostPrograms, vmNetworkPrefix } = inputs;
  const role = roleContent({
    role: spec.role,
    secrets,
    registryIdentity,
    standInHub: spec.standInHub ?? false,
    packaged: spec.packaged ?? false,
    patience: spec.patience ?? 1,
    hostPrograms,
    vmNetwork: { bridge: VM_BRIDGE, uplink: VM_NETWORK_NIC, address: `${spec.vmNetworkAddress}/${vmNetworkPrefix}` },
  });
  const content = combine(role, ownContent(inputs));
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
