/**
 * One driver action: OpenNebula's positional arguments and stdin document in, one line of text out. The same action
 * runs in the process of the embedded front-end and as an executable that a real OpenNebula calls (`executable.ts`).
 */
import { messageOf } from '../../errors/thrown.ts';
import { parseXml, type XmlElement } from '../../opennebula/xml.ts';

export const FAMILIES = ['datastore', 'tm', 'vmm', 'im', 'vnm', 'market', 'ipam'] as const;
export type Family = (typeof FAMILIES)[number];

export type LogLevel = 'error' | 'warning' | 'info' | 'debug';
export type DriverLog = (level: LogLevel, text: string) => void;

/**
 * What a definition holds. `Services` is what the drivers that need hosts or a registry are given besides; drivers
 * without needs take `object`.
 */
export interface ActionDefinition<Arg extends string, Services> {
  /** Names of the positional arguments in OpenNebula's order. One that ends in `?` may be missing, `...x` takes the rest. */
  readonly args: readonly Arg[];
  run(args: ActionArguments<Arg>, context: ActionContext & Services): Promise<string | void>;
}

export interface Action<Services = object> {
  readonly args: readonly string[];
  /** Why the driver cannot do this, when it always refuses. */
  readonly refusal?: string;
  /** @throws ActionFailure, OnedockError or any error: its message is what OpenNebula shows to the user */
  readonly run: (argv: readonly string[], context: ActionContext & Services) => Promise<string>;
}

type ArgumentName<Arg extends string> = Arg extends `${infer Name}?`
  ? Name
  : Arg extends `...${infer Name}`
    ? Name
    : Arg;
type ArgumentValue<Arg extends string> = Arg extends `${string}?`
  ? string | undefined
  : Arg extends `...${string}`
    ? readonly string[]
    : string;
export type ActionArguments<Arg extends string> = { readonly [A in Arg as ArgumentName<A>]: ArgumentValue<A> };

export interface ActionContext {
  /** Decoded: OpenNebula sends it raw or in base64, see `decodeStdin`. */
  readonly stdin: string;
  /** stdin parsed once. @throws ActionFailure when it is no XML document */
  document(): XmlElement;
  readonly log: DriverLog;
  readonly signal: AbortSignal;
}

/** Makes an action of a definition: arguments are named, missing ones refused before anything runs. */
export function defineAction<const Arg extends string, Services = object>(
  definition: ActionDefinition<Arg, Services>,
): Action<Services> {
  return {
    args: definition.args,
    async run(argv, context) {
      const result = await definition.run(nameArguments(definition.args, argv) as ActionArguments<Arg>, context);
      return result ?? '';
    },
  };
}

/** An action that a driver cannot do: it says so, as OpenNebula's own drivers do, and changes nothing. */
export function unsupported(action: string, why: string): Action {
  return {
    args: ['...ignored'],
    refusal: why,
    run: async () => {
      throw new ActionFailure(`${action}: Operation not supported. ${why}`);
    },
  };
}

/** A failure whose message is a whole sentence for the user. */
export class ActionFailure extends Error {
  override name = 'ActionFailure';
}

function nameArguments(
  names: readonly string[],
  argv: readonly string[],
): Record<string, string | readonly string[] | undefined> {
  const named: Record<string, string | readonly string[] | undefined> = {};
  for (const [i, name] of names.entries()) {
    if (name.startsWith('...')) named[name.slice(3)] = argv.slice(i);
    else if (name.endsWith('?')) named[name.slice(0, -1)] = argv[i];
    else if (argv[i] === undefined) throw new ActionFailure(`Argument ${i + 1} (${name}) is missing.`);
    else named[name] = argv[i];
  }
  return named;
}

export interface ActionInput {
  /** As OpenNebula sends it: raw XML, or base64 on one line. */
  readonly stdin?: string;
  readonly log?: DriverLog;
  readonly signal?: AbortSignal;
}

export function actionContext({
  stdin = '',
  log = () => {},
  signal = new AbortController().signal,
}: ActionInput): ActionContext {
  const decoded = decodeStdin(stdin);
  let parsed: XmlElement | undefined;
  return {
    stdin: decoded,
    log,
    signal,
    document() {
      try {
        parsed ??= parseXml(decoded);
      } catch (cause) {
        throw new ActionFailure('Standard input is no XML document.', { cause });
      }
      return parsed;
    },
  };
}

/** Scripts on the front-end get base64 on one line, scripts over ssh the raw text (one_vmm_exec, 7.4). */
export function decodeStdin(stdin: string): string {
  const trimmed = stdin.trim();
  if (trimmed === '' || trimmed.startsWith('<')) return trimmed;
  return Buffer.from(trimmed.replaceAll(/\s/g, ''), 'base64').toString('utf8');
}

/** One sentence for OpenNebula: the message, and the reason of an error of the catalogue. No line feed. */
export function failureText(error: unknown): string {
  const why = error instanceof Error && 'why' in error ? ` ${error.why}` : '';
  return `${messageOf(error)}${why}`.replaceAll(/\s*\n\s*/g, ' ').trim();
}

/** What a caller of drivers gets for whatever they threw. */
export function asActionFailure(cause: unknown): ActionFailure {
  return cause instanceof ActionFailure ? cause : new ActionFailure(failureText(cause), { cause });
}
