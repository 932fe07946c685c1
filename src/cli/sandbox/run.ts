/** Runs one command line of `onedock` to its exit code. Every error becomes text here, or JSON where that was asked for. */
import { resolve } from 'node:path';
import { errorJson, presentError } from '../../errors/present.ts';
import { calledAs } from './called-as.ts';
import type { AnyCommand, Call } from './command.ts';
import type { Console } from './console.ts';
import { fail } from './errors.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { parseCommandLine } from './program.ts';

export interface Invocation {
  readonly argv: readonly string[];
  readonly commands: readonly AnyCommand[];
  readonly version: string;
  /** The command line of this process, to be repeated with sudo. */
  readonly ownCommand: readonly string[];
}

export async function run(invocation: Invocation, console: Console): Promise<number> {
  const { argv, commands, version, ownCommand } = invocation;
  try {
    const defaults = { calledAs: calledAs(console.env), version, defaultCommand: 'up' };
    const request = parseCommandLine(argv, commands, defaults);
    if ('text' in request) {
      console.out(request.text);
      return EXIT.OK;
    }
    const { command, arguments: words, options } = request;
    const { needsRoot } = command;
    const isRoots = typeof needsRoot === 'function' ? needsRoot(options as never) : needsRoot;
    if (isRoots && !console.isRoot) return await asRoot(command.name, [...ownCommand, ...argv], console);
    const call = { arguments: words, options, console } as unknown as Call<never, never>;
    await using _trace = await openTrace(options.trace, command.name, console);
    return (await command.run(call)) ?? EXIT.OK;
  } catch (error) {
    const words = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
    const verbose = words.includes('--verbose') || words.includes('-v');
    if (words.includes('--json')) console.out(`${JSON.stringify({ error: errorJson(error) })}\n`);
    else console.err(`\n${presentError(error, { verbose })}\n`);
    return exitCodeOf(error);
  }
}

/** Undefined unless it was asked for. */
async function openTrace(file: unknown, verb: string, { workingDirectory }: Console) {
  if (typeof file !== 'string') return undefined;
  const { recordTrace } = await import('../../tracing/chrome-trace.ts');
  return recordTrace(resolve(workingDirectory, file), `onedock ${verb}`);
}

/** What sudo would drop and we go by. */
const KEPT_VARIABLES = ['NO_COLOR', 'FORCE_COLOR', 'ONEDOCK_NAME', 'npm_lifecycle_event', 'npm_command'];

async function asRoot(verb: string, argv: readonly string[], console: Console): Promise<number> {
  const kept = KEPT_VARIABLES.flatMap((name) =>
    console.env[name] === undefined ? [] : [`${name}=${console.env[name]}`],
  );
  try {
    return await console.foreground(['sudo', 'env', ...kept, ...argv]);
  } catch (cause) {
    throw fail('ROOT_NEEDED', { command: `onedock ${verb}` }, cause);
  }
}
