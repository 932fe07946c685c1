/**
 * The program that the files of a remotes folder call: one action of one driver, then it ends; or the agent that follows a
 * host. Bundled by esbuild.
 */
import { text } from 'node:stream/consumers';
import { handOver } from './agent/hand-over.ts';
import { failureText } from './contract/action.ts';
import type { DriverRunner } from './contract/driver-runner.ts';
import { type ExecutableIo, runExecutable } from './contract/executable.ts';
import { InProcessDrivers } from './contract/in-process-drivers.ts';
import { openServices } from './services.ts';
import { settingsPath } from './settings-path.ts';
import { driverTable } from './table.ts';

/** Sockets of agents; oneadmin's home is the working directory of OpenNebula's scripts. */
const DEFAULT_AGENTS_FOLDER = '/var/lib/one/.onedock-agents';

// An action that ends without having said how has failed.
process.exitCode = 1;

const abort = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.once(signal, () => abort.abort(new Error(`The action was ended by ${signal}.`)));
}

const drivers = new InProcessDrivers(driverTable, openServices(undefined, 'host'));
const io = {
  readStdin: async () => (process.stdin.isTTY ? '' : text(process.stdin)),
  stdout: (line: string) => void process.stdout.write(line),
  stderr: (line: string) => void process.stderr.write(line),
  signal: abort.signal,
};
const [runtime = '', program = '', first, ...rest] = process.argv;
const agents = { folder: process.env.ONEDOCK_AGENTS ?? DEFAULT_AGENTS_FOLDER, madeOf: [program, settingsPath()] };
const exitCode =
  first === 'agent'
    ? runAgentProgram(drivers, rest, { ...io, program })
    : runExecutable(handOver(drivers, agents), { ...io, argv: process.argv });
exitCode
  .then((code) => {
    process.exitCode = code;
  })
  .finally(() => drivers[Symbol.asyncDispose]());

async function runAgentProgram(
  runner: DriverRunner,
  words: readonly string[],
  { stdout, stderr, program: path, ...agent }: Omit<ExecutableIo, 'argv'> & { readonly program: string },
): Promise<0 | 1> {
  const { runAgent } = await import('./agent/agent.ts');
  try {
    const printed = await runAgent(runner, words, { ...agent, place: agents, self: [runtime, path, 'agent'] });
    if (printed !== '') stdout(`${printed}\n`);
    return 0;
  } catch (error) {
    stderr(`${failureText(error)}\n`);
    return 1;
  }
}
