/**
 * Every driver action runs in more than one way, and tests of drivers run on all of them: in this process, and as an
 * executable of a remotes folder that gets its document in base64 and as raw XML, in turn.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundledConstants } from '../../provision/bundle.ts';
import { ActionFailure } from '../../src/drivers/contract/action.ts';
import { findBySuffix } from '../../src/drivers/contract/action-suffix.ts';
import type { DriverCall, DriverRunner } from '../../src/drivers/contract/driver-runner.ts';
import { ExecutableDrivers } from '../../src/drivers/contract/executable-drivers.ts';
import { InProcessDrivers } from '../../src/drivers/contract/in-process-drivers.ts';
import { installRemotes } from '../../src/drivers/contract/install-remotes.ts';
import { readScriptErrors } from '../../src/drivers/contract/script-output.ts';
import { openServices } from '../../src/drivers/services.ts';
import { parseSettings } from '../../src/drivers/settings.ts';
import { driverTable } from '../../src/drivers/table.ts';
import { runProcess } from '../../src/transport/run-process.ts';

export const WAYS = ['in process', 'as an executable'] as const;
export type Way = (typeof WAYS)[number];

const SOURCE = join(import.meta.dirname, '../../src/drivers/main.ts');

/** The drivers as they follow a host, whose actions are run one way: by the same process, or by an agent beside executables. */
export function startMonitoring(way: Way, settings: object = {}): DriverRunner {
  const read = async () => parseSettings(JSON.stringify(settings));
  return new InProcessDrivers(driverTable, openServices(read, way === 'in process' ? 'process' : 'host'));
}

/** The drivers of ONEDock, run one way. @param settings  as in onedock.yaml */
export async function startDrivers(way: Way, settings: object = {}): Promise<DriverRunner> {
  if (way === 'in process') return startMonitoring(way, settings);
  const text = JSON.stringify(settings);
  const directory = await mkdtemp(join(tmpdir(), 'onedock-remotes-'));
  const settingsFile = join(directory, 'onedock.yaml');
  const bundlePath = join(directory, 'drivers.cjs');
  const remotes = join(directory, 'remotes');
  await writeFile(settingsFile, text);
  await bundleDrivers(bundlePath);
  await installRemotes(remotes, driverTable, { bundlePath, nodePath: process.execPath });
  const runner = new ExecutableDrivers({ remotes, cwd: directory, env: { ONEDOCK_SETTINGS: settingsFile } });
  let calls = 0;
  return {
    has: (family, driver) => runner.has(family, driver),
    run: (call) => (calls++ % 2 === 0 ? runner.run(call) : runRaw(remotes, settingsFile, call)),
    monitor: (...watched) => runner.monitor(...watched),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

export async function bundleDrivers(outfile: string): Promise<void> {
  await build({
    entryPoints: [SOURCE],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    external: ['cpu-features'],
    define: await bundledConstants(),
    logLevel: 'error',
  });
}

/** As over ssh, where OpenNebula sends the document as it is. */
async function runRaw(remotes: string, settingsFile: string, call: DriverCall): Promise<string> {
  const folder = join(remotes, call.family, call.driver);
  const action = findBySuffix(call.action, (name) => existsSync(join(folder, name))) ?? call.action;
  const { stdout, stderr, exitCode } = await runProcess(
    { name: 'this machine', command: [join(folder, action), ...call.argv] },
    {
      stdin: call.stdin ?? '',
      env: { ONEDOCK_SETTINGS: settingsFile },
      acceptExitCodes: [0, 1],
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    },
  );
  if (exitCode !== 0) throw new ActionFailure(readScriptErrors(stderr).reason);
  return stdout.trim();
}
