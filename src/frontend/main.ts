/**
 * The front-end as a program: reads its options, starts, says where it listens, and ends cleanly on SIGTERM or SIGINT;
 * SIGHUP opens the log anew. Drivers are those of ONEDock, and whatever else lies in the remotes folder.
 */
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { combineDrivers } from '../drivers/contract/combine-drivers.ts';
import { ExecutableDrivers } from '../drivers/contract/executable-drivers.ts';
import { InProcessDrivers } from '../drivers/contract/in-process-drivers.ts';
import { openServices } from '../drivers/services.ts';
import { driverTable } from '../drivers/table.ts';
import { presentError } from '../errors/present.ts';
import { recordTrace } from '../tracing/chrome-trace.ts';
import { createFrontend, type Frontend } from './create-frontend.ts';
import { ensureDataFolder } from './data-folder.ts';
import { ensureSession } from './one-auth.ts';
import { ensureKey } from './one-key.ts';
import { openOnedLog } from './oned-log.ts';
import { systemClock } from './platform/clock.ts';
import type { Log } from './platform/log.ts';
import { type ProgramOptions, readOptions, USAGE } from './program-options.ts';
import { SqliteStore } from './store/sqlite-store.ts';
import { waitUntilReady } from './wait-until-ready.ts';

/**
 * How much the heap may grow before garbage is collected, in percent. By itself V8 lets it become several times as large
 * as what lives in it, while there is memory.
 */
const HEAP_GROWING_PERCENT = 30;

setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);

const args = process.argv.slice(2);
if (args.includes('--help')) process.stdout.write(USAGE);
else {
  run(args).catch((error) => {
    process.stderr.write(`${presentError(error)}\n`);
    process.exitCode = 1;
  });
}

async function run(argv: readonly string[]): Promise<void> {
  const options = await readOptions(argv);
  if (options.wait) return waitUntilReady(`http://127.0.0.1:${options.port}/health`);
  const { configuration, logFolder } = options;
  using onedLog = openOnedLog({
    path: logFolder && join(logFolder, 'oned.log'),
    debugLevel: Number(configuration.vector('LOG').DEBUG_LEVEL ?? 3),
    clock: systemClock,
  });
  process.on('SIGHUP', () => onedLog.reopen());
  const ended = new Promise<NodeJS.Signals>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
  await using _trace = options.traceFile === undefined ? undefined : recordTrace(options.traceFile, 'front-end');
  await using frontend = await start(options, onedLog.log);
  process.stdout.write(`ONEDock front-end ready at ${frontend.url}\n`);
  onedLog.log('ONE', 'info', `Ended by ${await ended}`);
}

async function start(options: ProgramOptions, log: Log): Promise<Frontend> {
  const { configuration, port, address, dataFolder, authFile, logFolder } = options;
  await ensureDataFolder(dataFolder);
  const session = await ensureSession(authFile);
  const secretsKey = await ensureKey(dataFolder);
  const drivers = combineDrivers(
    new InProcessDrivers(driverTable, openServices()),
    new ExecutableDrivers({ remotes: join(dataFolder, 'remotes'), cwd: dataFolder }),
  );
  return createFrontend({
    store: new SqliteStore(join(dataFolder, 'one.db')),
    drivers,
    session,
    secretsKey,
    configuration,
    hooksFolder: join(dataFolder, 'remotes', 'hooks'),
    vmFolders: { vms: join(dataFolder, 'vms'), logs: logFolder ?? join(dataFolder, 'vms') },
    port,
    address,
    log,
  });
}
