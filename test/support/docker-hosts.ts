/** Hosts that trust one registry and one user, as those of one cloud do. */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startDockerHost, type TestDockerHost } from './docker-host.ts';
import { startRegistry, type TestRegistry } from './registry.ts';

export interface TestCloud extends AsyncDisposable {
  readonly hosts: readonly TestDockerHost[];
  readonly registry: TestRegistry;
  /** As in onedock.yaml. */
  readonly settings: { readonly registry: object; readonly hub: object; readonly ssh: object };
}

export async function startCloud(hostCount: number): Promise<TestCloud> {
  const hosts = await Promise.all(Array.from({ length: hostCount }, startDockerHost));
  const [first, ...others] = hosts as [TestDockerHost, ...TestDockerHost[]];
  const registry = await startRegistry({ address: ourEnd(first) });
  await Promise.all(others.map((host) => joinCloud(host, first)));
  const certificates = `/etc/docker/certs.d/${registry.server}`;
  await Promise.all(
    hosts.map((host) => host.sh(`mkdir -p ${certificates} && cp ${registry.caFile} ${certificates}/ca.crt`)),
  );
  const { server, caFile, user, passwordFile, dataDirectory } = registry;
  const { keyFile, knownHostsFile } = first.ssh;
  return {
    hosts,
    registry,
    settings: {
      registry: { server, caFile, user, passwordFile, dataDirectory },
      hub: { server, caFile },
      ssh: { keyFile, knownHostsFile },
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...hosts, registry].map((each) => each[Symbol.asyncDispose]()));
    },
  };
}

/** A host takes the first one's user, is known with it, and reaches the registry by its own cable. */
async function joinCloud(host: TestDockerHost, first: TestDockerHost): Promise<void> {
  const key = await readFile(`${first.ssh.keyFile}.pub`, 'utf8');
  await appendFile(join(host.directory, 'one/.ssh/authorized_keys'), key);
  await appendFile(first.ssh.knownHostsFile, await readFile(host.ssh.knownHostsFile, 'utf8'));
  await host.sh(`ip route add ${ourEnd(first)} via ${ourEnd(host)}`);
}

/** A cable is a network of two: this machine is one before the host. */
function ourEnd({ address }: TestDockerHost): string {
  const bytes = address.split('.').map(Number);
  return [...bytes.slice(0, 3), (bytes[3] ?? 0) - 1].join('.');
}
