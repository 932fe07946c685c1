import { createHash } from 'node:crypto';
import type { VmNetworkPort } from '../../../provision/docker-host.ts';
import { withHostsBlock } from '../../../provision/host-name.ts';
import { type CompleteDescription, combine } from '../../../provision/machine-description.ts';
import { labelContent, type MachineLabel } from '../../../provision/machine-label.ts';
import { OVERLAY_DEVICES, type OverlayPort, overlayNetwork, PEERS_FILE } from '../../../provision/overlay-network.ts';
import type { PackageSystemName } from '../../../provision/package-system.ts';
import { roleContent, VM_BRIDGE } from '../../../provision/role-content.ts';
import { inRpmWords } from '../../../provision/rpm-words.ts';
import { ensureMachineSecrets } from '../../../provision/secrets/machine-secrets.ts';
import { ensureHostCertificate } from '../../../provision/secrets/ssh-keys.ts';
import { sshTrust } from '../../../provision/ssh-trust.ts';
import { readHostPrograms } from '../../drivers/host-programs.ts';
import type { MachineSpec, NetworkSpec } from '../testbed.ts';

export interface MachineSituation {
  readonly networks: NetworkSpec;
  readonly packageSystem: PackageSystemName;
  /** Of the sandbox's secrets, on this machine. */
  readonly secretsFolder: string;
  /** Public key that the machine's SSH server has. */
  readonly hostKey: string;
  /** The machine's /etc/hosts as it is. */
  readonly hosts: string;
  /** Addresses of the other members of the overlay networks. */
  readonly peers: readonly string[];
  /** Directories with what only a front-end has besides. Their names tell their contents. */
  readonly programs: readonly string[];
}

export interface GivenContent {
  readonly content: CompleteDescription;
  /** With the fingerprint of the content. */
  readonly label: MachineLabel;
}

/** What a given machine is made: its role, its part in the sandbox's networks, and trust; all else of it stays. */
export async function givenContent(spec: MachineSpec, situation: MachineSituation): Promise<GivenContent> {
  const { networks, packageSystem, secretsFolder, hostKey, hosts, peers, programs } = situation;
  const { sandbox, name, role, address } = spec;
  const { secrets, host, registryIdentity } = await ensureMachineSecrets(secretsFolder, spec);
  const certified = { ...host, publicKey: hostKey };
  const inDebianWords = combine(
    // First, since a bridge of the role's has a port of it: units are started in this order.
    overlayNetwork({ sandbox, ports: overlayPorts(spec, networks), peers }),
    roleContent({
      role,
      secrets,
      registryIdentity,
      standInHub: spec.standInHub ?? false,
      packaged: spec.packaged ?? false,
      patience: spec.patience ?? 1,
      hostPrograms: await readHostPrograms(),
      vmNetwork: vmNetworkPort(spec, networks),
    }),
    sshTrust({
      hostCertificate: await ensureHostCertificate(secretsFolder, certified, secrets.sshAuthority),
      oneadminKeys: [secrets.oneadminKey.publicKey, secrets.userKey.publicKey],
    }),
    { files: [{ path: '/etc/hosts', mode: 0o644, content: withHostsBlock(hosts, spec.names) }] },
  );
  const content = packageSystem === 'rpm' ? inRpmWords(inDebianWords) : inDebianWords;
  const { management, vms } = networks;
  const label = { sandbox, machine: name, role, address, management, vms, fingerprint: '' };
  const fingerprint = fingerprintOf(content, programs);
  return { content: combine(content, labelContent(label)), label: { ...label, fingerprint } };
}

function overlayPorts({ role, address, vmNetworkAddress }: MachineSpec, networks: NetworkSpec): OverlayPort[] {
  return [
    {
      device: OVERLAY_DEVICES.management,
      network: 'management',
      address: `${address}/${prefixOf(networks.management)}`,
    },
    {
      device: OVERLAY_DEVICES.vms,
      network: 'vms',
      // A host's is a port of its bridge, which has the address.
      address: role === 'frontend' ? `${vmNetworkAddress}/${prefixOf(networks.vms)}` : undefined,
    },
  ];
}

function vmNetworkPort({ vmNetworkAddress }: MachineSpec, { vms }: NetworkSpec): VmNetworkPort {
  return { bridge: VM_BRIDGE, uplink: OVERLAY_DEVICES.vms, address: `${vmNetworkAddress}/${prefixOf(vms)}` };
}

const prefixOf = (cidr: string) => cidr.split('/')[1] ?? '';

/** Other members come and go, and other lines of /etc/hosts are not ONEDock's; neither makes another machine. */
const NOT_OF_THE_MACHINE = new Set([PEERS_FILE, '/etc/hosts']);

function fingerprintOf(content: CompleteDescription, programs: readonly string[]): string {
  const files = content.files
    .filter(({ path }) => !NOT_OF_THE_MACHINE.has(path))
    .map((file) => ({ ...file, content: Buffer.from(file.content).toString('base64') }));
  const text = JSON.stringify([{ ...content, files }, programs]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
