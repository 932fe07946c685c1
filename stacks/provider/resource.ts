/**
 * What a resource is to the provider: a schema of what users write, one of what comes back, and the four things that
 * can be done. Everything else (checking, finding differences, replacing, the published schema, the typed classes) is
 * made from this.
 */
import type { z } from 'zod';

export interface ResourceType<
  Inputs extends z.ZodObject = z.ZodObject,
  Outputs extends z.ZodObject = z.ZodObject,
  Context = unknown,
> {
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
  /** Properties that are encrypted in Pulumi's state. */
  readonly secrets?: readonly string[];
  /** Whether an old one must go before its replacement can be made, as a name that is unique demands. */
  readonly deleteBeforeReplace: boolean;

  create(inputs: z.output<Inputs>, context: Context): Promise<Made<z.output<Outputs>>>;
  /** Undefined when it is gone. Inputs are those that would make what was found, so that drift shows as a difference. */
  read(
    id: string,
    context: Context,
    known: z.output<Inputs> | undefined,
  ): Promise<{ inputs: z.output<Inputs>; outputs: z.output<Outputs> } | undefined>;
  update(id: string, inputs: z.output<Inputs>, context: Context, olds: z.output<Inputs>): Promise<z.output<Outputs>>;
  /** Succeeds when there is nothing any more. */
  delete(id: string, context: Context, known: z.output<Inputs>): Promise<void>;
}

export interface Made<Outputs> {
  readonly id: string;
  readonly outputs: Outputs;
}

export function defineResource<Inputs extends z.ZodObject, Outputs extends z.ZodObject, Context>(
  type: ResourceType<Inputs, Outputs, Context>,
): ResourceType<Inputs, Outputs, Context> {
  return type;
}

/** `onedock:cloud:Image` */
export function tokenOf({ module, name }: Pick<ResourceType, 'module' | 'name'>): string {
  return `onedock:${module}:${name}`;
}
