/** No promise outlives its connection: whatever waits when one is lost is told, or goes on over the next one. */
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DockerHost } from '../../../src/drivers/hosts/docker-hosts.ts';
import { SshHosts } from '../../../src/drivers/hosts/ssh-hosts.ts';
import { parseSettings } from '../../../src/drivers/settings.ts';
import { noDockerHost, startDockerHost, type TestDockerHost } from '../../support/docker-host.ts';

const missing = noDockerHost();
if (missing) console.warn(`Skipped: ${missing}.`);

/** A way to a host that breaks off. */
interface FrailWay extends AsyncDisposable {
  readonly port: number;
  /** Bytes that have come from the host. */
  received: number;
  /** Connections end when so many bytes have come from the host. */
  cutAt: number;
  cut(): void;
}

async function frailWayTo(address: string): Promise<FrailWay> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host: address, port: 22 });
    const end = () => {
      near.destroy();
      far.destroy();
      sockets.delete(near);
    };
    sockets.add(near);
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      const rest = way.cutAt - way.received;
      way.received += chunk.length;
      if (rest > chunk.length) near.write(chunk);
      else near.write(chunk.subarray(0, Math.max(0, rest)), end);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const way: FrailWay = {
    port: (server.address() as AddressInfo).port,
    received: 0,
    cutAt: Number.POSITIVE_INFINITY,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      way.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return way;
}

describe.skipIf(missing)('a connection that is lost', () => {
  let there: TestDockerHost;
  let way: FrailWay;

  beforeAll(async () => {
    there = await startDockerHost();
    way = await frailWayTo(there.address);
    const key = (await readFile(join(there.directory, 'host_key.pub'), 'utf8')).split(' ').slice(0, 2).join(' ');
    await writeFile(join(there.directory, 'frail_hosts'), `[127.0.0.1]:${way.port} ${key}\n`);
  });
  afterAll(async () => {
    await way?.[Symbol.asyncDispose]();
    await there?.[Symbol.asyncDispose]();
  });

  const openHosts = () => {
    const { user, keyFile } = there.ssh;
    const ssh = { user, port: way.port, keyFile, knownHostsFile: join(there.directory, 'frail_hosts') };
    return new SshHosts(parseSettings(JSON.stringify({ ssh })), { locks: 'process' });
  };
  /** Everything that drivers do with a host. */
  const work = async (hosts: SshHosts) => {
    const host = await hosts.connect('127.0.0.1');
    const stop = new AbortController();
    await Promise.all([
      host.run(['seq', '20000']),
      host.docker.info(),
      host.helper('vm-release', ['5']),
      host.sendFiles([{ name: 'file', content: Buffer.alloc(50_000), mode: 0o600 }], '/var/lib/one/files'),
      host.docker.events(stop.signal).then(() => stop.abort()),
    ]);
  };

  it('is told to all who wait, wherever it breaks off', async () => {
    await using first = openHosts();
    const before = way.received;
    await work(first);
    const whole = way.received - before;
    const outcomes: string[] = [];
    // Identification, keys, login, channels, commands: the first are small, and the rest is output.
    for (const point of [0, 1, 30, 800, 1200, 1600, 2000, 2400, 2800, 3200, 3600, 4000, 5000, 8000, whole / 2]) {
      await using hosts = openHosts();
      way.received = 0;
      way.cutAt = Math.round(point);
      const ended = work(hosts).then(
        () => 'done',
        (error: { code?: string }) => error.code ?? String(error),
      );
      await expect.poll(() => way.received, { timeout: 20_000 }).toBeGreaterThanOrEqual(way.cutAt);
      way.cutAt = Number.POSITIVE_INFINITY;
      outcomes.push(await ended);
      await work(hosts);
    }
    expect(outcomes.filter((outcome) => !/^(done|SSH_|DOCKER_UNREACHABLE|HELPER_)/.test(outcome))).toEqual([]);
  });

  describe('while the engine is silent', () => {
    const withSilentEngine = async (use: (host: DockerHost) => Promise<unknown>) => {
      await using hosts = openHosts();
      const host = await hosts.connect('127.0.0.1');
      // Connections that are kept for the next request are lost with those in use.
      await Promise.all(Array.from({ length: 6 }, () => host.docker.info()));
      await there.sh('kill -STOP $(cat /run/docker.pid)');
      const ended = use(host);
      ended.catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 100));
      way.cut();
      await there.sh('kill -CONT $(cat /run/docker.pid)');
      return await ended;
    };

    it('is no matter to a question that may be asked again', async () => {
      await expect(withSilentEngine((host) => host.docker.info())).resolves.toMatchObject({
        Driver: expect.stringMatching(/^overlay/),
      });
    });

    it('is no matter to who is about to follow its events', async () => {
      const stop = new AbortController();
      await expect(withSilentEngine((host) => host.docker.events(stop.signal))).resolves.toBeDefined();
    });

    it('is an error to an order, of which nobody knows whether it was heard', async () => {
      await expect(withSilentEngine((host) => host.docker.start('nothing'))).rejects.toMatchObject({
        code: 'DOCKER_UNREACHABLE',
      });
    });
  });
});
