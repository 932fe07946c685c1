/**
 * A VM that goes to another host while its processes run, by the command that a user types. The machines of a sandbox are made fit
 * for it first: they get this machine's CRIU and what docs/how-to/migrate-live.md asks of hosts, and lose LXC's filter of system calls.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containerName, DEFAULT_PLACES, machinesFolder } from '../../lxc/names.ts';
import { waitUntil } from '../../src/opennebula/client/wait.ts';
import { CloudCommands } from '../support/cloud-commands.ts';
import { CRIU_CONFIGURATION, criuMissing } from '../support/criu.ts';
import { describeSandbox } from '../support/test-sandbox.ts';

const HOSTS = ['host-1', 'host-2'] as const;
const without = criuMissing();

describeSandbox(`live migration of VMs${without === undefined ? '' : ` (skipped: ${without})`}`, () => {
  if (without !== undefined) return it.skip('a VM goes on where it was', () => {});
  let cloud: CloudCommands;

  beforeAll(async () => {
    cloud = await CloudCommands.start();
    await Promise.all(HOSTS.map((host) => makeFit(cloud, host)));
  });
  afterAll(() => cloud?.[Symbol.asyncDispose]());

  it('it counts on in memory, keeps its files, disk and address, and leaves nothing behind', async () => {
    const script = 'n=0; while :; do n=$((n+1)); echo $n >/www/count; sleep 0.1; done &';
    const template = `
NAME = "counter"
CPU = "0.1"
MEMORY = "64"
DISK = [ IMAGE = "sample" ]
DISK = [ IMAGE = "data" ]
NIC = [ NETWORK = "vms" ]
CONTEXT = [ NETWORK = "YES", START_SCRIPT_BASE64 = "${Buffer.from(script).toString('base64')}" ]
SCHED_REQUIREMENTS = "NAME = \\"host-1\\""`;
    const vm = await cloud.reach(await cloud.createOf(template), 'RUNNING');
    const count = () =>
      fetch(`http://${vm.addresses[0]}/count`, { signal: AbortSignal.timeout(2000) }).then(
        async (answer) => Number(await answer.text()),
        () => -1,
      );
    await cloud.inside(vm, 'echo kept | tee /www/kept >/media/1/kept');
    await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(5);
    const before = await count();
    await cloud.change('RUNNING', 'migrate', vm, 'host-2', '--live');
    expect((await cloud.client.vm.info(vm.id)).hostName).toBe('host-2');
    await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(before);
    expect(await cloud.inside(vm, 'cat /www/kept /media/1/kept')).toBe('kept\nkept');
    expect(await cloud.leftovers('host-1')).toBe('');
    const log = await cloud.sandbox.on('frontend', 'cat', `/var/log/one/${vm.id}.log`);
    expect(log).toMatch(/The VM stood still for [\d.]+ s\./);
    // It was not started anew.
    expect(log.match(/operation: deploy/g)).toHaveLength(1);
    await cloud.terminate(vm);
    for (const host of HOSTS) expect(await cloud.leftovers(host)).toBe('');
  });
});

async function makeFit({ sandbox, client }: CloudCommands, host: string): Promise<void> {
  const machine = containerName(sandbox.name, host);
  const folder = machinesFolder(DEFAULT_PLACES, sandbox.name);
  const at = ['-P', folder, '-n', machine];
  const put = (path: string, content: Buffer | string, mode = '644') =>
    execa(
      'lxc-attach',
      [...at, '--', 'sh', '-c', `mkdir -p "\${1%/*}" && cat >"$1" && chmod ${mode} "$1"`, 'sh', path],
      {
        input: content,
      },
    );
  const criu = (await execa('sh', ['-c', 'command -v criu'])).stdout;
  const libraries = [...(await execa('ldd', [criu])).stdout.matchAll(/=> (\S+)/g)].map(([, path = '']) => path);
  for (const path of libraries) {
    const { exitCode } = await execa('lxc-attach', [...at, '--', 'test', '-e', path], { reject: false });
    if (exitCode !== 0) await put(path, await readFile(path));
  }
  await put('/usr/local/sbin/criu', await readFile(criu), '755');
  await put('/etc/criu/runc.conf', CRIU_CONFIGURATION);
  const daemon = JSON.parse(await sandbox.on(host, 'cat', '/etc/docker/daemon.json'));
  const init = await sandbox.on(host, 'sh', '-c', 'readlink -f "$(command -v docker-init)"');
  await put('/etc/docker/daemon.json', JSON.stringify({ ...daemon, experimental: true, 'init-path': init }));

  const config = join(folder, machine, 'config');
  await execa('lxc-stop', at);
  await writeFile(config, (await readFile(config, 'utf8')).replace(/^lxc\.seccomp\.profile.*\n/m, ''));
  await execa('lxc-start', at);
  await waitUntil({
    awaited: `${host} fit for live migration`,
    look: async () => (await client.hostpool.info()).objects.find(({ name }) => name === host),
    done: (found) => found?.text('TEMPLATE/LIVE_MIGRATION') === 'YES',
    describe: (found) => found?.text('TEMPLATE/LIVE_MIGRATION_OBSTACLES') ?? 'unknown',
  });
}
