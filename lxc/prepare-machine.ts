import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { CompleteDescription } from '../provision/machine-description.ts';
import { ensureMachineSecrets } from '../provision/secrets/machine-secrets.ts';
import { ensureHostIdentity } from '../provision/secrets/ssh-keys.ts';
import { readHostPrograms } from '../src/drivers/host-programs.ts';
import type { MachineSpec, NetworkSpec } from '../src/sandbox/testbed.ts';
import { type MachineConfig, printConfig } from './machine-config.ts';
import { machineContent } from './machine-content.ts';
import { dataBinds, reportFolder } from './machine-folder.ts';
import { bridgeName, containerName, linkName, machinesFolder, type Places, secretsFolder } from './names.ts';
import { REPORT_FOLDER } from './readiness.ts';
import { findResolvConf } from './resolv-conf.ts';
import { firstAddress, prefixLength } from './subnet.ts';

export interface MachineSurroundings {
  readonly places: Places;
  readonly networks: NetworkSpec;
  /** Uppermost first. */
  readonly layers: readonly string[];
  /** Whether the machine reaches what the user's machine reaches. */
  readonly internet: boolean;
}

export interface PreparedMachine {
  readonly config: MachineConfig;
  readonly content: CompleteDescription;
}

/** All that a machine is to be, by its specification; its secrets are made on the way. Nothing of it is written. */
export async function prepareMachine(spec: MachineSpec, surroundings: MachineSurroundings): Promise<PreparedMachine> {
  const { networks, internet } = surroundings;
  const [secrets, hostPrograms, resolvConf] = await Promise.all([
    ensureSecrets(spec, surroundings),
    readHostPrograms(),
    internet ? findResolvConf() : '',
  ]);
  const content = machineContent({
    spec,
    ...secrets,
    hostPrograms,
    resolvConf,
    vmNetworkPrefix: prefixLength(networks.vms),
  });
  const draft = machineConfig(spec, surroundings, '');
  return { config: machineConfig(spec, surroundings, fingerprintOf(content, draft)), content };
}

async function ensureSecrets(spec: MachineSpec, { places }: MachineSurroundings) {
  const folder = secretsFolder(places, spec.sandbox);
  const { secrets, host, registryIdentity } = await ensureMachineSecrets(folder, spec);
  return { secrets, registryIdentity, identity: await ensureHostIdentity(folder, host, secrets.sshAuthority) };
}

function machineConfig(
  { sandbox, name: machine, role, address, vmNetworkAddress }: MachineSpec,
  { places, networks, layers, internet }: MachineSurroundings,
  fingerprint: string,
): MachineConfig {
  const folder = join(machinesFolder(places, sandbox), containerName(sandbox, machine));
  const nic = (kind: 'management' | 'vms') => ({
    bridge: bridgeName(sandbox, kind),
    link: linkName(sandbox, machine, kind),
  });
  return {
    labels: { sandbox, machine, role, address, fingerprint },
    layers,
    folder,
    nics: [
      {
        ...nic('management'),
        address: `${address}/${prefixLength(networks.management)}`,
        gateway: internet ? firstAddress(networks.management) : undefined,
      },
      // A host's is a port of its bridge, which has the address.
      {
        ...nic('vms'),
        address: role === 'frontend' ? `${vmNetworkAddress}/${prefixLength(networks.vms)}` : undefined,
      },
    ],
    binds: [...dataBinds(folder, role), { from: reportFolder(folder), to: REPORT_FOLDER }],
  };
}

/** Name servers change when the user's machine moves to another network; that makes no other machine. */
const NOT_OF_THE_MACHINE = new Set(['/etc/resolv.conf']);

function fingerprintOf(content: CompleteDescription, draft: MachineConfig): string {
  const files = content.files
    .filter(({ path }) => !NOT_OF_THE_MACHINE.has(path))
    .map((file) => ({ ...file, content: Buffer.from(file.content).toString('base64') }));
  const text = JSON.stringify({ ...content, files }) + printConfig(draft);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
