/**
 * The provider plugin: answers Pulumi's engine for every type in a table of resources. What was created but could not
 * be finished is kept as such, so that the next `pulumi up` goes on with it.
 */
import type { provider } from '@pulumi/pulumi';
import type * as z from 'zod';
import { OnedockError } from '../../src/errors/onedock-error.ts';
import { presentError } from '../../src/errors/present.ts';
import { fail } from '../errors.ts';
import { checkInputs } from './check.ts';
import { difference } from './difference.ts';
import { OUT_OF_SIGHT, type ResourceContext, type ResourceType, tokenOf, Unfinished } from './resource.ts';
import { packageSchema } from './schema.ts';
import { definedOnly, type Properties, unwrapSecrets, withoutEngineMarks, wrapSecrets } from './values.ts';

export class OnedockProvider implements provider.Provider {
  readonly version: string;
  readonly #types: ReadonlyMap<string, ResourceType>;
  readonly #stopping = new AbortController();

  constructor(version: string, types: readonly ResourceType[]) {
    this.version = version;
    this.#types = new Map(types.map((type) => [tokenOf(type), type]));
  }

  async getSchema(): Promise<string> {
    return JSON.stringify(packageSchema(this.version, [...this.#types.values()]));
  }

  async check(urn: string, _olds: Properties, news: Properties): Promise<provider.CheckResult> {
    const { inputs, ...rest } = checkInputs(this.#typeOf(urn), news);
    return { inputs: definedOnly(inputs), ...rest };
  }

  async diff(_id: string, urn: string, olds: Properties, news: Properties): Promise<provider.DiffResult> {
    return difference(this.#typeOf(urn), unwrapSecrets(olds) as Properties, unwrapSecrets(news) as Properties);
  }

  async create(urn: string, news: Properties): Promise<provider.CreateResult> {
    const type = this.#typeOf(urn);
    const inputs = inputsOf(type, news);
    const { id, outputs } = await readable(type, inputs, () => type.create(inputs, this.#context));
    return { id, outs: stateOf(type, inputs, outputs) };
  }

  async read(id: string, urn: string, props?: Properties): Promise<provider.ReadResult> {
    const type = this.#typeOf(urn);
    const known = knownInputs(type, props ?? {});
    const found = await readable(type, known ?? {}, () => type.read(id, this.#context, known));
    if (found === undefined) return { id: '', props: {} };
    if (found === OUT_OF_SIGHT) return { id, props, inputs: known && stateOf(type, known, {}) };
    return {
      id: found.id ?? id,
      props: stateOf(type, found.inputs, found.outputs),
      inputs: stateOf(type, found.inputs, {}),
    };
  }

  async update(id: string, urn: string, olds: Properties, news: Properties): Promise<provider.UpdateResult> {
    const type = this.#typeOf(urn);
    const inputs = inputsOf(type, news);
    const update = () => type.update(id, inputs, this.#context, knownInputs(type, olds) ?? inputs);
    return { outs: stateOf(type, inputs, await readable(type, inputs, update)) };
  }

  async delete(id: string, urn: string, props: Properties): Promise<void> {
    const type = this.#typeOf(urn);
    const inputs = knownInputs(type, props) ?? inputsOf(type, props);
    await readable(type, inputs, () => type.delete(id, this.#context, inputs));
  }

  async cancel(): Promise<void> {
    this.#stopping.abort(fail('STACK_CANCELLED', {}));
  }

  get #context(): ResourceContext {
    return { signal: this.#stopping.signal };
  }

  /** The type token is the last part of the third field: `urn:pulumi:stack::project::parent$onedock:cloud:Image::name`. */
  #typeOf(urn: string): ResourceType {
    const token = urn.split('::')[2]?.split('$').at(-1) ?? urn;
    const type = this.#types.get(token);
    if (!type) throw fail('STACK_RESOURCE_UNKNOWN', { token });
    return type;
  }
}

function inputsOf(type: ResourceType, properties: Properties): z.output<z.ZodObject> {
  return type.inputs.parse(withoutEngineMarks(unwrapSecrets(properties) as Properties));
}

/**
 * Inputs of the state: as somebody wrote them, or as they were found, which may be what nobody can write, as a machine
 * that does not run. Undefined where the state has none, as of what is imported.
 */
function knownInputs(type: ResourceType, state: Properties): z.output<z.ZodObject> | undefined {
  const given = withoutEngineMarks(unwrapSecrets(state) as Properties);
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => name in type.inputs.shape));
  return Object.keys(own).length === 0 ? undefined : (type.inputs.safeParse(own).data ?? own);
}

function stateOf(type: ResourceType, inputs: Properties, outputs: object): Properties {
  return wrapSecrets(definedOnly({ ...inputs, ...outputs }) as Properties, type.secrets ?? []);
}

/** Pulumi prints only an error's message: it gets all three sentences. What is unfinished is told as Pulumi knows it. */
async function readable<T>(type: ResourceType, inputs: Properties, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unfinished) {
      const message = presentError(error.cause);
      const properties = stateOf(type, inputs, error.outputs);
      throw Object.assign(new Error(message, { cause: error }), { id: error.id, properties, reasons: [message] });
    }
    if (error instanceof OnedockError) throw new Error(presentError(error), { cause: error });
    throw error;
  }
}
