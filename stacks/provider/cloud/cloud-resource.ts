/** What all resources of a cloud's contents share: a connection, and objects that may be gone when one looks. */
import type { provider } from '@pulumi/pulumi';
import * as z from 'zod';
import type { Client } from '../../../src/opennebula/client/client.ts';
import { OneApiError } from '../../../src/opennebula/client/one-api-error.ts';
import { fail } from '../../errors.ts';
import { OUT_OF_SIGHT, type ResourceType, Unfinished } from '../resource.ts';
import { connectionInput, withClient, withClientIfThere } from './connection.ts';

interface CloudDefinition<Inputs extends z.ZodRawShape, Outputs extends z.ZodRawShape> {
  readonly name: string;
  readonly description: string;
  readonly inputs: Inputs;
  readonly outputs: Outputs;
  readonly replaceOn?: readonly (keyof Inputs & string)[];
  readonly secrets?: readonly (keyof (Inputs & Outputs) & string)[];
  /** By default true: most names are unique. */
  readonly deleteBeforeReplace?: boolean;
  contradictions?(inputs: Values<Inputs>): provider.CheckFailure[];
  brokenBy?(state: Partial<Values<Inputs> & Values<Outputs>>): (keyof Outputs & string) | undefined;
  /** Makes the object, in one call: when it fails there is none. @returns its id */
  create(client: Client, inputs: Values<Inputs>): Promise<number>;
  /** Reads the object; NO_EXISTS, or undefined, says that it is gone. */
  look(client: Client, id: number, known: Values<Inputs> | undefined): Promise<Seen<Inputs, Outputs> | undefined>;
  /** @param olds  what it was; undefined right after it was made */
  update(
    client: Client,
    id: number,
    inputs: Values<Inputs>,
    olds: Values<Inputs> | undefined,
    signal: AbortSignal,
  ): Promise<void>;
  remove(client: Client, id: number, known: Values<Inputs>, signal: AbortSignal): Promise<void>;
}

export type Values<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>;

export interface Seen<Inputs extends z.ZodRawShape, Outputs extends z.ZodRawShape> {
  readonly inputs: Values<Inputs>;
  readonly outputs: Values<Outputs>;
}

type WithConnection = { connection: typeof connectionInput };

export function cloudResource<Inputs extends z.ZodRawShape, Outputs extends z.ZodRawShape>(
  definition: CloudDefinition<Inputs, Outputs>,
): ResourceType<z.ZodObject<Inputs & WithConnection>, z.ZodObject<Outputs>> {
  type All = Values<Inputs> & { connection?: z.output<typeof connectionInput> };
  const { name, description, secrets = [], replaceOn = [], deleteBeforeReplace = true } = definition;

  const lookAt = async (client: Client, id: string, known: Values<Inputs> | undefined) => {
    try {
      return await definition.look(client, Number(id), known);
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  };

  const outputsOf = async (client: Client, id: string, values: Values<Inputs>) => {
    const seen = await lookAt(client, id, values);
    if (!seen) throw fail('STACK_RESOURCE_GONE', { resource: name, id });
    return seen.outputs;
  };

  /** Brings an object that was just made to what its inputs say; it stays, whatever fails. */
  const finish = async (client: Client, id: string, values: All, signal: AbortSignal) => {
    try {
      await definition.update(client, Number(id), values, undefined, signal);
      return await outputsOf(client, id, values);
    } catch (error) {
      throw new Unfinished(id, await outputsOf(client, id, values).catch(() => ({})), error);
    }
  };

  // The shapes are type parameters here, so what zod makes of them is told to the compiler once, at the end.
  const resource: ResourceType = {
    name,
    module: 'cloud',
    description,
    inputs: z.object({ ...definition.inputs, connection: connectionInput }),
    outputs: z.object(definition.outputs),
    replaceOn,
    secrets: ['connection', ...secrets],
    deleteBeforeReplace,
    contradictions: (inputs) => definition.contradictions?.(inputs as All) ?? [],
    brokenBy: (state) => definition.brokenBy?.(state as Partial<Values<Inputs> & Values<Outputs>>),

    async create(inputs, { signal }) {
      const values = inputs as All;
      return withClient(values.connection, async (client) => {
        signal.throwIfAborted();
        const id = String(await definition.create(client, values));
        return { id, outputs: await finish(client, id, values, signal) };
      });
    },

    async read(id, _context, known) {
      const values = known as All | undefined;
      const connection = values?.connection;
      return withClientIfThere(connection, async (client) => {
        const seen = await lookAt(client, id, values);
        return seen && { inputs: { ...seen.inputs, connection }, outputs: seen.outputs };
      });
    },

    async update(id, inputs, { signal }, olds) {
      const values = inputs as All;
      return withClient(values.connection, async (client) => {
        await definition.update(client, Number(id), values, olds as All, signal);
        return outputsOf(client, id, values);
      });
    },

    async delete(id, { signal }, known) {
      const values = known as All;
      const found = await withClientIfThere(values.connection, async (client) => {
        if (await lookAt(client, id, values)) await definition.remove(client, Number(id), values, signal);
      });
      if (found === OUT_OF_SIGHT) throw fail('STACK_FRONT_END_OFF', {});
    },
  };
  return resource as unknown as ResourceType<z.ZodObject<Inputs & WithConnection>, z.ZodObject<Outputs>>;
}

export function isGone(error: unknown): boolean {
  return error instanceof OneApiError && error.is('NO_EXISTS');
}
