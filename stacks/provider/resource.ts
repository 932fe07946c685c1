/**
 * What a resource is to the provider: a schema of what users write, one of what comes back, and the four things that
 * can be done. Everything else (checking, finding differences, replacing, the published schema, the typed classes) is
 * made from this.
 */
import type { provider } from '@pulumi/pulumi';
import type * as z from 'zod';
import { messageOf } from '../../src/errors/thrown.ts';

/** What the provider hands to every call. */
export interface ResourceContext {
  /** Aborted when Pulumi asks the provider to stop. */
  readonly signal: AbortSignal;
}

export interface ResourceType<Inputs extends z.ZodObject = z.ZodObject, Outputs extends z.ZodObject = z.ZodObject> {
  /** Name of the class and last part of the type token, as `Image`. */
  readonly name: string;
  /** Middle part of the token: `cloud` for contents of any OpenNebula, `testbed` for the parts of a sandbox. */
  readonly module: 'cloud' | 'testbed';
  readonly description: string;
  readonly inputs: Inputs;
  /** What is known besides the inputs once the resource exists. */
  readonly outputs: Outputs;
  /** Inputs whose change needs another resource; all others are updated in place. */
  readonly replaceOn: readonly (keyof z.output<Inputs> & string)[];
  /** The same for parts of inputs, as `sandbox.name`. */
  readonly replaceOnParts?: readonly string[];
  /** Properties that are encrypted in Pulumi's state. */
  readonly secrets?: readonly string[];
  /** Whether an old one must go before its replacement can be made, as a name that is unique demands. */
  readonly deleteBeforeReplace: boolean;

  /** Inputs without what makes no difference to this resource; what they say all counts unless given. */
  comparable?(inputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /** What is wrong between inputs that are each right by themselves. */
  contradictions?(inputs: z.output<Inputs>): provider.CheckFailure[];
  /** The property that tells that what exists cannot be mended, and must be replaced. */
  brokenBy?(state: Partial<z.output<Inputs> & z.output<Outputs>>): string | undefined;

  /** @throws Unfinished when it exists but cannot be used yet */
  create(inputs: z.output<Inputs>, context: ResourceContext): Promise<Made<z.output<Outputs>>>;
  /**
   * Undefined when it is gone; OUT_OF_SIGHT when that cannot be told and what the state says is to be kept. Inputs are
   * those that would make what was found, so that drift shows as a difference. An id is the resource's own, where the
   * one that was asked for says more.
   * @param known  what the state says; undefined when the resource is imported
   */
  read(id: string, context: ResourceContext, known: z.output<Inputs> | undefined): Promise<Found<Inputs, Outputs>>;
  /**
   * Also called, with nothing changed, for what could not be finished before.
   * @throws Unfinished when it was changed but cannot be used yet
   */
  update(
    id: string,
    inputs: z.output<Inputs>,
    context: ResourceContext,
    olds: z.output<Inputs>,
  ): Promise<z.output<Outputs>>;
  /** Succeeds when there is nothing any more. */
  delete(id: string, context: ResourceContext, known: z.output<Inputs>): Promise<void>;
}

export interface Made<Outputs> {
  readonly id: string;
  readonly outputs: Outputs;
}

export type Found<Inputs extends z.ZodObject, Outputs extends z.ZodObject> =
  | { readonly inputs: z.output<Inputs>; readonly outputs: z.output<Outputs>; readonly id?: string }
  | typeof OUT_OF_SIGHT
  | undefined;

/** What holds it is there and off, as a machine that was stopped. */
export const OUT_OF_SIGHT = 'out of sight';

/** The resource is there, and what makes it usable has failed. Pulumi keeps it, and the next `up` goes on with it. */
export class Unfinished extends Error {
  override name = 'Unfinished';
  readonly id: string;
  readonly outputs: object;

  constructor(id: string, outputs: object, cause: unknown) {
    super(messageOf(cause), { cause });
    this.id = id;
    this.outputs = outputs;
  }
}

export function defineResource<Inputs extends z.ZodObject, Outputs extends z.ZodObject>(
  type: ResourceType<Inputs, Outputs>,
): ResourceType<Inputs, Outputs> {
  return type;
}

/** `onedock:cloud:Image` */
export function tokenOf({ module, name }: Pick<ResourceType, 'module' | 'name'>): string {
  return `onedock:${module}:${name}`;
}
