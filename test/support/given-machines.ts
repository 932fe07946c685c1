/**
 * Machines as somebody else has set them up: Debian with an SSH server that has keys of its own, and nothing of a sandbox.
 * They are LXC machines here, which what is tested knows nothing of: it reaches them over SSH only.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startContainer } from '../../lxc/containers.ts';
import { ensureLayers } from '../../lxc/images.ts';
import { LxcTestbed } from '../../lxc/lxc-testbed.ts';
import type { MachineConfig } from '../../lxc/machine-config.ts';
import { dataBinds, reportFolder, writeMachine } from '../../lxc/machine-folder.ts';
import { bridgeName, containerName, DEFAULT_PLACES, linkName, machinesFolder } from '../../lxc/names.ts';
import { ensureBridges } from '../../lxc/networks.ts';
import { clearReport, REPORT_FOLDER, readinessReport, waitForReport } from '../../lxc/readiness.ts';
import { hostName } from '../../provision/host-name.ts';
import { type CompleteDescription, combine } from '../../provision/machine-description.ts';
import { ensureKeyPair } from '../../provision/secrets/ssh-keys.ts';
import { LocalTransport } from '../../src/transport/local.ts';
import type { SshServer } from '../../src/transport/ssh.ts';
import { ensureRhelLikeLayer } from './rhel-like-layer.ts';

/** An ordinary user that may become root without a password. */
export const ORDINARY_USER = 'admin';

/** What a machine looks like to whoever sets it up. */
export type System = 'debian' | 'rhel';

export interface GivenMachines extends AsyncDisposable {
  /** Of each machine, as root. The key serves the ordinary user too. */
  readonly servers: readonly SshServer[];
  /** The user's machine's way to it that is not SSH, to see what is there. */
  run(machine: number, ...argv: string[]): Promise<string>;
}

/**
 * @param systems  of each machine, or how many of Debian
 * @param octet  keeps the networks of tests apart that run at the same time
 */
export async function startGivenMachines(
  name: string,
  systems: number | readonly System[],
  octet: number,
): Promise<GivenMachines> {
  const local = new LocalTransport();
  const testbed = new LxcTestbed();
  const folder = await mkdtemp(join(tmpdir(), 'onedock-given-'));
  const management = `10.215.${octet}.0/24`;
  const knownHostsFile = join(folder, 'known_hosts');
  const user = await ensureKeyPair(folder, 'user', 'user');
  const base = (await ensureLayers({ local, places: DEFAULT_PLACES, mirror: undefined }, () => {})).host;
  await ensureBridges(local, { sandbox: name, management, vms: `10.216.${octet}.0/24` });
  const machines = await Promise.all(
    (typeof systems === 'number' ? Array<System>(systems).fill('debian') : systems).map(async (system, i) => ({
      machine: `host-${i + 1}`,
      address: `10.215.${octet}.${10 + i}`,
      layers: system === 'debian' ? base : [await ensureRhelLikeLayer(base), ...base],
    })),
  );
  const containers = machinesFolder(DEFAULT_PLACES, name);
  await mkdir(containers, { recursive: true });
  const known = await Promise.all(
    machines.map(async ({ machine, address, layers }) => {
      const hostKey = await ensureKeyPair(folder, machine, machine);
      const config = machineConfig({ sandbox: name, machine, address, layers });
      await writeMachine(config, content(machine.replace('host', 'given'), hostKey, user.publicKey));
      await clearReport(reportFolder(config.folder));
      await startContainer(local, containers, containerName(name, machine));
      const report = await waitForReport(reportFolder(config.folder), 60);
      if (report?.state !== 'ready') throw new Error(`The machine ${machine} did not start: ${JSON.stringify(report)}`);
      return `${address} ${hostKey.publicKey}`;
    }),
  );
  await writeFile(knownHostsFile, known.join(''));
  return {
    servers: machines.map(({ address }) => ({
      host: address,
      port: 22,
      user: 'root',
      keyFile: user.privateKeyPath,
      knownHostsFile,
      connectTimeoutSeconds: 10,
    })),
    async run(machine, ...argv) {
      return (await testbed.transport(name, `host-${machine}`).run(argv)).stdout;
    },
    async [Symbol.asyncDispose]() {
      await testbed.removeSandbox(name);
      await rm(folder, { recursive: true });
    },
  };
}

function machineConfig({
  sandbox,
  machine,
  address,
  layers,
}: Pick<MachineConfig, 'layers'> & Record<'sandbox' | 'machine' | 'address', string>): MachineConfig {
  const folder = join(machinesFolder(DEFAULT_PLACES, sandbox), containerName(sandbox, machine));
  // As a front-end has it: what Docker keeps lies on a real file system, and nothing else of it is prepared.
  const role = 'frontend';
  return {
    labels: { sandbox, machine, role, address, fingerprint: 'given' },
    layers,
    folder,
    nics: [
      {
        bridge: bridgeName(sandbox, 'management'),
        link: linkName(sandbox, machine, 'management'),
        address: `${address}/24`,
      },
    ],
    binds: [...dataBinds(folder, role), { from: reportFolder(folder), to: REPORT_FOLDER }],
  };
}

function content(
  machine: string,
  hostKey: { readonly privateKey: string; readonly publicKey: string },
  userKey: string,
): CompleteDescription {
  const home = `/home/${ORDINARY_USER}`;
  const authorized = (folder: string, owner: string) => ({
    directories: [{ path: `${folder}/.ssh`, mode: 0o700, owner }],
    files: [{ path: `${folder}/.ssh/authorized_keys`, mode: 0o600, owner, content: userKey }],
  });
  const made = combine(
    hostName(machine, new Map()),
    authorized('/root', 'root'),
    {
      accounts: [{ name: ORDINARY_USER, id: 1000, home, shell: '/bin/bash', groups: [] }],
      directories: [{ path: home, mode: 0o755, owner: ORDINARY_USER }],
      files: [
        { path: '/etc/ssh/ssh_host_ed25519_key', mode: 0o600, content: hostKey.privateKey },
        { path: '/etc/ssh/ssh_host_ed25519_key.pub', mode: 0o644, content: hostKey.publicKey },
        {
          path: '/etc/machine-id',
          mode: 0o444,
          content: `${Buffer.from(machine).toString('hex').padStart(32, '0')}\n`,
        },
        { path: '/etc/sudoers.d/admin', mode: 0o440, content: `${ORDINARY_USER} ALL=(ALL) NOPASSWD: ALL\n` },
      ],
      units: [{ name: 'ssh.service', wantedBy: 'multi-user.target' }],
    },
    authorized(home, ORDINARY_USER),
  );
  return combine(made, readinessReport(['ssh.service']));
}
