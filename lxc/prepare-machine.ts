import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '../provision/bundle.ts';
import type { CompleteDescription } from '../provision/machine-description.ts';
import { ensureSandboxSecrets } from '../provision/secrets/sandbox-secrets.ts';
import { ensureHostIdentity } from '../provision/secrets/ssh-keys.ts';
import { ensureServerCertificate } from '../provision/secrets/tls.ts';
import type { MachineSpec, NetworkSpec } from '../src/sandbox/testbed.ts';
import type { Transport } from '../src/transport/transport.ts';
import { type MachineConfig, printConfig } from './machine-config.ts';
import { machineContent } from './machine-content.ts';
import { dataBinds, reportFolder } from './machine-folder.ts';
import { bridgeName, containerName, linkName, machinesFolder, type Places, secretsFolder } from './names.ts';
import { REPORT_FOLDER } from './readiness.ts';
import { findResolvConf } from './resolv-conf.ts';
import { firstAddress, prefixLength } from './subnet.ts';

export interface MachineSurroundings {
  readonly local: Transport;
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

async function ensureSecrets(spec: MachineSpec, { local, places }: MachineSurroundings) {
  const folder = secretsFolder(places, spec.sandbox);
  const secrets = await ensureSandboxSecrets(local, folder, spec.sandbox);
  const names = Array.from(spec.names).flatMap(([name, address]) => (address === spec.address ? [name] : []));
  const host = { name: spec.name, principals: [...new Set([spec.name, ...names, spec.address])] };
  const server = {
    name: `registry@${spec.address}`,
    alternativeNames: [...names.map((name) => `DNS:${name}`), 'DNS:localhost', `IP:${spec.address}`, 'IP:127.0.0.1'],
  };
  const [identity, registryIdentity] = await Promise.all([
    ensureHostIdentity(local, folder, host, secrets.sshAuthority),
    spec.role === 'frontend' ? ensureServerCertificate(local, folder, server, secrets.tlsAuthority) : undefined,
  ]);
  return { secrets, identity, registryIdentity };
}

/** What the drivers need on hosts, by file name. */
async function readHostPrograms(): Promise<Map<string, Buffer>> {
  const folder = join(REPOSITORY, 'src/drivers/host-files');
  const names = (await readdir(folder)).filter((name) => name.startsWith('onedock-')).toSorted();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
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
