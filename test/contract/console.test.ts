/** Consoles over VNC on a real host: drivers write what there is, the server shows it, clients look and type. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveConsoles } from '../../src/console/console-server.ts';
import { SshHosts } from '../../src/drivers/hosts/ssh-hosts.ts';
import { parseSettings } from '../../src/drivers/settings.ts';
import { noDockerHost } from '../support/docker-host.ts';
import { startDrivers } from '../support/driver-ways.ts';
import { RfbClient } from '../support/rfb-client.ts';
import { type ImageName, startTestCloudHost, type TestCloudHost } from '../support/test-cloud-host.ts';
import { type VmmDriver, vmmDriver } from '../support/vmm-driver.ts';

const missing = noDockerHost();

describe.skipIf(missing)('consoles', () => {
  const made = new AsyncDisposableStack();
  let host: TestCloudHost;
  let vmm: VmmDriver;
  let folder: string;
  let server: { log: string[]; stop: () => Promise<void> };
  let nextId = 5;
  let id: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onedock-consoles-'));
    made.defer(() => rm(folder, { recursive: true, force: true }));
    host = made.use(await startTestCloudHost());
    const drivers = made.use(await startDrivers('in process', { ...host.settings, frontend: { consoles: folder } }));
    vmm = vmmDriver(drivers, host.address);
    server = startServer();
    made.defer(() => server.stop());
  });
  afterAll(() => made.disposeAsync());
  beforeEach(() => {
    id = nextId++;
  });

  const startServer = () => {
    const ended = new AbortController();
    const log: string[] = [];
    const hosts = new SshHosts(parseSettings(JSON.stringify(host.settings)), { locks: 'process' });
    const options = { folder, hosts, log: (text: string) => void log.push(text), idleSeconds: 600 };
    const served = serveConsoles(options, ended.signal);
    return {
      log,
      async stop() {
        ended.abort();
        await served;
        await hosts[Symbol.asyncDispose]();
      },
    };
  };
  const port = () => 5900 + id;
  const vm = (graphics: Record<string, string> = {}) => ({
    id,
    graphics: { TYPE: 'VNC', LISTEN: '0.0.0.0', PORT: `${port()}`, ...graphics },
  });
  const deploy = async (image: ImageName, graphics?: Record<string, string>) => {
    await host.placeDisks(id, image);
    await vmm.deploy(vm(graphics));
  };
  const look = async (options = {}) => {
    await expect.poll(listens).toBe(true);
    return made.use(await RfbClient.connect(host.address, port(), options));
  };
  const listens = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port(), host.address);
      socket.once('error', () => resolve(false));
      // Whoever is ended as it is asked closes without a word.
      socket.once('close', () => resolve(false));
      socket.once('data', () => resolve(!!socket.destroy()));
    });

  it('show a shell in the VM, which does what is typed', async () => {
    await deploy('web');
    const client = await look();
    await client.sees('/ #');
    client.type('echo "it is $((6 * 7))"; tty; echo $TERM >/tmp/term\n');
    await client.sees(/^it is 42\n\/dev\/pts\/\d+$/m);
    expect(await host.inVm(id, 'cat /tmp/term')).toBe('xterm-256color');
    expect(client.title).toBe(`one-${id} on ${host.address}`);
  });

  it('start nothing in a VM before somebody looks', async () => {
    await deploy('web');
    await expect.poll(listens).toBe(true);
    expect(await host.inVm(id, 'ps | grep -c "[s]h -l\\|[t]erminal" || true')).toBe('0');
  });

  it("show what an image without a shell prints, as its image's user", async () => {
    await deploy('bare');
    const client = await look();
    await client.until(() => client.updates > 0);
    expect(client.text).toBe('');
  });

  it('let nobody see anything who does not know the password', async () => {
    await deploy('shell', { PASSWD: 'tell-me' });
    await expect(look({ password: 'let-me-in' })).rejects.toThrow('Refused. The password is wrong.');
    const client = await look({ password: 'tell-me' });
    await client.sees('#');
  });

  it('keep out for a while whoever tries many passwords', async () => {
    await deploy('shell', { PASSWD: 'tell-me' });
    for (let i = 0; i < 5; i++) await expect(look({ password: `wrong ${i}` })).rejects.toThrow('Refused.');
    await expect(RfbClient.connect(host.address, port(), { password: 'tell-me' })).rejects.toThrow('closed');
  });

  it('tell the shell of a new size, and show it to all', async () => {
    await deploy('shell');
    const [first, second] = [await look(), await look()];
    await first.sees('#');
    first.askForSize(960, 480);
    await second.until(() => second.width === 960);
    first.type('stty size\n');
    await Promise.all([first.sees('30 120'), second.sees('30 120')]);
  });

  it('are as they were for whoever comes back', async () => {
    await deploy('shell');
    const client = await look();
    await client.sees('#');
    client.type('state=kept; cd /tmp\n');
    await client.sees('/tmp #');
    await client[Symbol.asyncDispose]();
    const again = await look();
    await again.sees('/tmp #');
    again.type('echo $state\n');
    await again.sees(/^kept$/m);
  });

  it.each(['shutdown', 'cancel'] as const)('close with the VM at %s, and come back with it', async (action) => {
    await deploy('shell');
    const client = await look();
    await client.sees('#');
    await vmm.run(action, vm(), host.address);
    await client.closed();
    await expect.poll(listens).toBe(false);
    expect(await readdir(folder)).not.toContain(`${id}.json`);
    await vmm.deploy(vm());
    await (await look()).sees('#');
  });

  it('close when the VM stops by itself', async () => {
    await deploy('web');
    const client = await look();
    await client.sees('#');
    await host.sh(`docker kill one-${id}`);
    await client.closed();
    await expect.poll(listens).toBe(false);
  });

  it('say so while the VM is suspended, and go on with it', async () => {
    await deploy('web');
    await host.sh(`docker pause one-${id}`);
    const client = await look();
    await client.sees('Press a key to try again.');
    await host.sh(`docker unpause one-${id}`);
    client.key(0x20);
    await client.sees('/ #');
  });

  it('have their passwords in files of the drivers alone', async () => {
    await deploy('shell', { PASSWD: 'tell-me' });
    expect(((await stat(join(folder, `${id}.json`))).mode & 0o777).toString(8)).toBe('600');
  });

  it('are there again after the server was ended, without the shells of before', async () => {
    await deploy('web');
    const client = await look();
    await client.sees('#');
    const shells = () => host.inVm(id, 'grep -l ONEDOCK_TERMINAL /proc/[0-9]*/environ 2>/dev/null | wc -l');
    expect(await shells()).toBe('1');
    await server.stop();
    await client.closed();
    expect(await shells()).toBe('1');
    server = startServer();
    const again = await look();
    await again.sees('#');
    await expect.poll(shells).toBe('1');
    again.type('echo still $((6 * 7))\n');
    await again.sees('still 42');
  });

  it('open when their port is free that somebody else had', async () => {
    const occupant = await host.sh(
      `(tail -f /dev/null | exec busybox nc -l -p ${port()}) >/dev/null 2>&1 </dev/null & until ss -Hltn sport = ${port()} | grep -q .; do :; done; pidof busybox`,
    );
    await deploy('web');
    await expect.poll(() => server.log.join('\n')).toContain(`one-${id}: no VNC at`);
    await host.sh(`kill ${occupant}`);
    await expect.poll(listens).toBe(true);
  });

  it('are there again when the connection to the host was lost', async () => {
    await deploy('web');
    await expect.poll(listens).toBe(true);
    await host.sh('pkill -f "^sshd: oneadmin"');
    await expect.poll(listens).toBe(false);
    const client = await look();
    await client.sees('#');
  });
});
