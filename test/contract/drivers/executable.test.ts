import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LogLevel } from '../../../src/drivers/contract/action.ts';
import type { DriverCall, MonitorReport } from '../../../src/drivers/contract/driver-runner.ts';
import { ExecutableDrivers } from '../../../src/drivers/contract/executable-drivers.ts';
import { installRemotes } from '../../../src/drivers/contract/install-remotes.ts';
import { driverTable } from '../../../src/drivers/table.ts';
import { bundleDrivers } from '../../support/driver-ways.ts';

describe('drivers of a remotes folder', () => {
  let directory: string;
  let drivers: ExecutableDrivers;

  beforeEach(async () => {
    directory = await realpath(await mkdtemp(join(tmpdir(), 'onedock-remotes-')));
    drivers = new ExecutableDrivers({ remotes: join(directory, 'remotes'), cwd: directory, env: { COLOUR: 'green' } });
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function script(path: string, lines: string): Promise<void> {
    const file = join(directory, 'remotes', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `#!/bin/sh\n${lines}\n`);
    await chmod(file, 0o755);
  }
  const run = (call: Partial<DriverCall>) =>
    drivers.run({ family: 'tm', driver: 'foreign', action: 'clone', argv: [], ...call });

  it('get their arguments as they are, in the directory of OpenNebula, with its environment', async () => {
    await script('tm/foreign/clone', 'printf "%s|" "$@" "$(pwd)" "$COLOUR"');
    expect(await run({ argv: ["it's", 'a b', '$HOME'] })).toBe(`it's|a b|$HOME|${directory}|green|`);
  });

  it.each([
    ['raw XML', '<VM>ü</VM>'],
    ['base64', Buffer.from('<VM>ü</VM>').toString('base64')],
  ])('get their document in base64 on one line, given %s', async (_, stdin) => {
    await script('tm/foreign/clone', 'wc -l; ');
    expect(await run({ stdin })).toBe('0');
    await script('tm/foreign/clone', 'base64 -d');
    expect(await run({ stdin })).toBe('<VM>ü</VM>');
  });

  it('succeed with what they print, and log what they say', async () => {
    await script('tm/foreign/clone', 'echo result; echo "INFO: clone: begun" >&2; echo aside >&2');
    const logged: [LogLevel, string][] = [];
    expect(await run({ log: (level, line) => logged.push([level, line]) })).toBe('result');
    expect(logged).toEqual([['info', 'clone: begun']]);
  });

  it('say which actions they have that others lack', async () => {
    await script('vnm/foreign/vnet_create', 'exit 0');
    expect(drivers.offers('vnm', 'foreign', 'vnet_create')).toBe(true);
    expect(drivers.offers('vnm', 'foreign', 'vnet_delete')).toBe(false);
    expect(drivers.offers('vnm', '../vnm/foreign', 'vnet_create')).toBe(false);
  });

  it('fail with what they say, or with their exit code', async () => {
    await script('tm/foreign/clone', 'echo unseen; echo "ERROR: clone: x" >&2; echo no room >&2; exit 3');
    await expect(run({})).rejects.toThrow(/^no room$/);
    await script('tm/foreign/clone', 'exit 42');
    await expect(run({})).rejects.toThrow('tm/foreign/clone ended with exit code 42 and gave no reason.');
  });

  it('are ended with all that they started', async () => {
    await script('tm/foreign/clone', 'sleep 1000 & echo $! >child; echo >started; wait');
    const giveUp = new AbortController();
    const running = run({ signal: giveUp.signal });
    await until(() => readFile(join(directory, 'started')));
    giveUp.abort(new Error('given up'));
    await expect(running).rejects.toThrow('given up');
    const child = Number(await readFile(join(directory, 'child'), 'utf8'));
    await until(async () => {
      // A process that has ended stays until who started it, or init, has looked.
      const state = await readFile(`/proc/${child}/stat`, 'utf8').catch(() => 'gone) Z ');
      if (!state.includes(') Z ')) throw new Error('not yet');
    });
  });

  it('may have a script of their own for a system datastore', async () => {
    await script('tm/foreign/clone', 'echo plain');
    await script('tm/foreign/mv.ssh', 'echo special');
    expect(await run({ action: 'clone.ssh' })).toBe('plain');
    expect(await run({ action: 'mv.ssh' })).toBe('special');
  });

  it.each([{ action: 'none' }, { action: '../foreign/clone' }, { driver: '../tm/foreign' }, { driver: '..' }])(
    'are not found by %j',
    async (call) => {
      await script('tm/foreign/clone', 'echo found');
      await expect(run(call)).rejects.toThrow('does not exist.');
    },
  );

  it('are known by their folder', async () => {
    await script('tm/foreign/clone', '');
    await script('im/kvm-probes.d/host/system/probe', '');
    const known = [
      drivers.has('tm', 'foreign'),
      drivers.has('im', 'kvm'),
      drivers.has('tm', 'none'),
      drivers.has('tm', '..'),
    ];
    expect(known).toEqual([true, true, false, false]);
  });

  describe('that are probes', () => {
    const HOST = { id: 4, name: 'h4', datastoreLocation: '/ds', systemDatastoreIds: [] };
    const monitor = async (reports: number) => {
      const seen: MonitorReport[] = [];
      const enough = new AbortController();
      const report = (one: MonitorReport) => {
        if (seen.push(one) === reports) enough.abort();
      };
      await drivers.monitor('kvm', HOST, report, enough.signal);
      return seen;
    };

    it('report what all of a folder print, with driver, id and name of the host', async () => {
      await script('im/kvm-probes.d/host/system/a', 'echo "ARGS=$1/$2/$3"');
      await script('im/kvm-probes.d/host/system/b', 'echo "SEEN=$(base64 -d | grep -c DATASTORE_LOCATION)"');
      await script('im/kvm-probes.d/vm/status/silent', 'true');
      await script('im/kvm-probes.d/host/beacon/beat', 'echo -');
      // A link that leads nowhere is passed over.
      await symlink('not/there', join(directory, 'remotes/im/kvm-probes.d/host/system/c'));
      expect(await monitor(2)).toEqual([
        { type: 'SYSTEM_HOST', text: 'ARGS=kvm/4/h4\nSEEN=1' },
        { type: 'BEACON_HOST', text: '-' },
      ]);
    });

    it('make the host fail when one of the host fails, and not when one of VMs does', async () => {
      await script('im/kvm-probes.d/host/system/a', 'echo A=1');
      await script('im/kvm-probes.d/vm/status/broken', 'exit 1');
      expect(await monitor(1)).toEqual([{ type: 'SYSTEM_HOST', text: 'A=1' }]);
      await script('im/kvm-probes.d/host/monitor/broken', 'echo no hypervisor >&2; exit 1');
      await expect(monitor(2)).rejects.toThrow(/Error executing .*broken: no hypervisor/);
    });

    it('have to say what the host has', async () => {
      await script('im/kvm-probes.d/host/beacon/beat', 'echo -');
      await expect(monitor(1)).rejects.toThrow("Hosts cannot be monitored by the driver 'kvm'.");
    });
  });
});

describe('the bundled program', () => {
  let directory: string;
  let bundle: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'onedock-bundle-'));
    bundle = join(directory, "it's drivers.cjs");
    await bundleDrivers(bundle);
  });
  afterAll(() => rm(directory, { recursive: true }));

  async function start(argv: readonly string[], stdin = '') {
    const [program = '', ...args] = argv;
    const child = spawn(program, args, { env: { ...process.env, ONEDOCK_SETTINGS: '/nonexistent' } });
    child.stdin.end(stdin);
    const ended = once(child, 'close');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [exitCode] = await ended;
    return { stdout, stderr, exitCode };
  }

  it('is installed as a script for each action of each driver, small enough to go to every host', async () => {
    const remotes = join(directory, 'all');
    const written = await installRemotes(remotes, driverTable, { bundlePath: bundle, nodePath: process.execPath });
    const clone = join(remotes, 'tm/onedock/clone');
    expect(written).toContain(clone);
    const { mode, size } = await stat(clone);
    expect([(mode & 0o777).toString(8), size < 4096]).toEqual(['755', true]);
    expect(await start([join(remotes, 'datastore/dummy/stat'), '7'])).toEqual({
      stdout: '1024\n',
      stderr: '',
      exitCode: 0,
    });
  });

  it('is installed for some drivers only, where others are there already', async () => {
    const remotes = join(directory, 'some');
    const options = { bundlePath: bundle, nodePath: process.execPath, drivers: ['onedock'] };
    const written = await installRemotes(remotes, driverTable, options);
    expect(new Set(written.map((path) => dirname(path).split('/').at(-1)))).toEqual(new Set(['onedock']));
  });

  it('knows its action by the path of a link', async () => {
    const link = join(directory, 'linked/tm/dummy/monitor');
    await mkdir(dirname(link), { recursive: true });
    await symlink(bundle, link);
    expect(await start([process.execPath, link, '0'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('TOTAL_MB='),
    });
  });

  it('says in one line why it failed', async () => {
    const failed = await start([process.execPath, bundle, 'datastore', 'onedock', 'rm', '7'], '<D/>');
    expect(failed).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The driver settings \/nonexistent cannot be read\. .*\n$/),
    });
  });

  it('undoes what it began when it is ended', async () => {
    const told = join(directory, 'told');
    await mkdir(told);
    execFileSync('mkfifo', [join(told, 'shutdown')]);
    const child = spawn(process.execPath, [bundle, 'vmm', 'dummy', 'shutdown', 'x', 'host'], {
      env: { ...process.env, ONEDOCK_DUMMY_ACTIONS: told },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    const said = text(child.stderr);
    child.stdin.end();
    const exit = once(child, 'exit');
    // This waits until the action reads what it is told: to give no answer.
    await writeFile(join(told, 'shutdown'), '-\n');
    child.kill('SIGTERM');
    const [exitCode] = await exit;
    expect([exitCode, await said]).toEqual([1, 'The action was ended by SIGTERM.\n']);
  });
});

async function until<Result>(look: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await look();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
