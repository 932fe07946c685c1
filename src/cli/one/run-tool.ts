/** From what was typed to an exit code: finds the command, reads options and arguments, runs it, reports what fails. */
import { OnedockError } from '../../errors/onedock-error.ts';
import { presentError } from '../../errors/present.ts';
import { type Client, createClient } from '../../opennebula/client/client.ts';
import { OneApiError } from '../../opennebula/client/one-api-error.ts';
import type { Command, Tool } from './command.ts';
import { argumentList, commandHelp, globalOptions, toolHelp, VERSION_TEXT } from './help.ts';
import type { Io } from './io.ts';
import { ENDPOINT, GRPC, HELP, PASSWORD, USER, VERBOSE, VERSION } from './options/global.ts';
import { parseArguments, splitCommand, type Typed, type TypedOption } from './parse-arguments.ts';
import { FAILURE, InvalidArgument, Refusal } from './refusal.ts';
import type { AnyOption, Option, Run } from './run.ts';
import { findEndpoint, findSession, findTimeoutSeconds } from './session.ts';

/** @returns the exit code; nothing is thrown */
export async function runTool(tool: Tool, argv: readonly string[], io: Io): Promise<number> {
  if (tool.main) return runCommand(tool, tool.main, argv, io);
  const { command: name, rest } = splitCommand(argv, globalOptions(tool));
  const found = name === undefined ? undefined : findCommand(tool, name, rest);
  return found ? runCommand(tool, found.command, found.rest, io) : withoutCommand(tool, name, rest, io);
}

/** The command of that name, or, as `vm import`, of that and the next word. */
function findCommand(tool: Tool, name: string, rest: readonly string[]) {
  const named = (wanted: string) => tool.commands.find((c) => c.name === wanted || c.aliases?.includes(wanted));
  const command = named(name);
  if (command) return { command, rest };
  const next = splitCommand(rest, globalOptions(tool));
  const longer = next.command === undefined ? undefined : named(`${name} ${next.command}`);
  return longer && { command: longer, rest: next.rest };
}

async function runCommand(tool: Tool, command: Command, words: readonly string[], io: Io): Promise<number> {
  let run: CommandRun | undefined;
  try {
    const typed = parseArguments(words, [...command.options, ...globalOptions(tool)]);
    if (typed.options.has(HELP) || typed.options.has(VERSION)) {
      io.out(`${typed.options.has(HELP) ? helpOf(tool, command) : VERSION_TEXT}\n`);
      return 0;
    }
    run = new CommandRun(tool, command, typed, io);
    await run.readOptions();
    checkCount(tool, command, typed.args, io);
    return (await command.run(run, await readArguments(run, command, typed.args))) ?? 0;
  } catch (error) {
    io.err(`${errorText(error, run?.has(VERBOSE) ?? false)}\n`);
    return FAILURE;
  } finally {
    run?.close();
  }
}

function helpOf(tool: Tool, command: Command): string {
  return tool.main ? toolHelp(tool) : commandHelp(tool, command);
}

function withoutCommand(tool: Tool, name: string | undefined, rest: readonly string[], io: Io): number {
  if (name !== undefined) io.err(`Command '${name}' not found\n`);
  const asksForVersion = name === undefined && rest.some((word) => word === '-V' || word === '--version');
  io.out(`${asksForVersion ? VERSION_TEXT : toolHelp(tool)}\n`);
  return name === undefined ? 0 : FAILURE;
}

function errorText(error: unknown, verbose: boolean): string {
  if (error instanceof Refusal || error instanceof OneApiError) return error.message;
  if (isFault(error) && !verbose) return error.cause.message;
  return presentError(error, { verbose });
}

/** A call that the front-end does not know; its own words are what OpenNebula's commands show. */
function isFault(error: unknown): error is OnedockError & { readonly cause: Error } {
  return error instanceof OnedockError && error.code === 'CALL_FAULT' && error.cause instanceof Error;
}

function checkCount(tool: Tool, command: Command, typed: readonly string[], io: Io): void {
  const { args, name } = command;
  const needed = args.filter(({ isOptional }) => !isOptional).length;
  if (typed.length < needed) {
    io.out(`${helpOf(tool, command)}\n`);
    const count = needed > 1 ? `${args.length} parameters to run.` : 'one parameter to run';
    throw new Refusal(`Command ${name} requires ${count}`);
  }
  if (typed.length > args.length) {
    const wanted = args.length === 0 ? 'No argument is required' : `The arguments should be: ${argumentList(args)}`;
    throw new Refusal(`Wrong number of arguments\n${wanted}`);
  }
}

async function readArguments(run: Run, command: Command, typed: readonly string[]): Promise<unknown[]> {
  const values: unknown[] = [];
  for (const [i, text] of typed.entries()) values.push(await readArgument(run, command, i, text, values));
  return values;
}

async function readArgument(run: Run, command: Command, i: number, text: string, previous: readonly unknown[]) {
  const { formats = [], isOptional = false } = command.args[i] ?? {};
  for (const format of formats) {
    const value = await format.read(text, run, previous);
    if (value !== undefined) return value;
  }
  const names = [...formats.map(({ name }) => name), ...(isOptional ? [''] : [])].join(', ');
  throw new Refusal(`command ${command.name}: argument ${i} must be one of ${names}`);
}

class CommandRun implements Run {
  readonly toolName: string;
  readonly commandName: string;
  readonly io: Io;
  readonly #typed: Typed;
  readonly #values = new Map<AnyOption, unknown>();
  readonly #clients: Client[] = [];
  #client: Client | undefined;

  constructor(tool: Tool, command: Command, typed: Typed, io: Io) {
    this.toolName = tool.name;
    this.commandName = command.name;
    this.io = io;
    this.#typed = typed;
  }

  /** In the order in which they were typed, since names among them are looked up with those before. */
  async readOptions(): Promise<void> {
    for (const [option, typed] of this.#typed.options) this.#values.set(option, await this.#read(option, typed));
    if (this.has(GRPC)) throw new Refusal('gRPC is not supported; leave --grpc out to use XML-RPC.');
    const user = this.get(USER);
    if (user !== undefined && !this.has(PASSWORD)) {
      this.#values.set(PASSWORD, await this.io.ask('Password: ', { secret: true }));
    }
  }

  async #read(option: AnyOption, { argument, spelling }: TypedOption): Promise<unknown> {
    try {
      return await option.read(argument, this);
    } catch (error) {
      if (error instanceof InvalidArgument) throw new Refusal(`invalid argument: ${spelling}`);
      throw error;
    }
  }

  get client(): Client {
    this.#client ??= this.connect({});
    return this.#client;
  }

  connect({ endpoint, session, timeoutSeconds }: Parameters<Run['connect']>[0]): Client {
    const seconds = timeoutSeconds ?? findTimeoutSeconds(this.io.env);
    const client = createClient({
      endpoint: endpoint ?? this.get(ENDPOINT) ?? findEndpoint(this.io),
      session: session ?? this.#session(),
      ...(seconds === undefined ? {} : { timeoutSeconds: seconds }),
    });
    this.#clients.push(client);
    return client;
  }

  #session(): string {
    const user = this.get(USER);
    return user === undefined ? findSession(this.io) : `${user}:${this.get(PASSWORD)}`;
  }

  get<Value>(option: Option<Value>): Value | undefined {
    return this.#values.get(option) as Value | undefined;
  }

  has(option: AnyOption): boolean {
    return this.#typed.options.has(option);
  }

  print(line = ''): void {
    this.io.out(`${line}\n`);
  }

  warn(line: string): void {
    this.io.err(`${line}\n`);
  }

  close(): void {
    for (const client of this.#clients) client[Symbol.dispose]();
  }
}
