/** What a command has at hand while it runs: its options, the way to OpenNebula, and the process around it. */
import type { Client } from '../../opennebula/client/client.ts';
import type { Io } from './io.ts';

export interface Run {
  readonly toolName: string;
  readonly commandName: string;
  readonly io: Io;
  /** Connects, and reads the credentials, when first asked for. */
  readonly client: Client;
  /** Another client, for another endpoint or session. */
  connect(to: { readonly endpoint?: string; readonly session?: string; readonly timeoutSeconds?: number }): Client;
  get<Value>(option: Option<Value>): Value | undefined;
  has(option: AnyOption): boolean;
  print(line?: string): void;
  warn(line: string): void;
}

/** An option of a command, as data. Its value is asked for by the option itself, `run.get(HARD)`, so it has a type. */
export interface Option<Value = unknown> {
  /** As the help lists it among the valid options of a command. */
  readonly name: string;
  /** With its dash, as in `-d`. */
  readonly short?: string;
  /** With its dashes, as in `--datastore`. */
  readonly long: string;
  /** Further long forms, accepted but not shown. */
  readonly longAliases?: readonly string[];
  /** What the help calls the argument; without it the option is a switch. */
  readonly argument?: string;
  /** The argument may be left out. */
  readonly argumentOptional?: boolean;
  readonly help: string;
  /**
   * Turns what was typed into the value.
   * @throws Refusal, or InvalidArgument
   */
  readonly read: (text: string | undefined, run: Run) => Value | Promise<Value>;
}

export type AnyOption = Option<unknown>;
