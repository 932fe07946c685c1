/**
 * The provider plugin: answers Pulumi's engine for every type in a table of resources. Checks report all that is wrong
 * at once; differences are found input by input; what was created but could not be finished is kept as such, so that
 * the next `pulumi up` goes on with it.
 */
import type { provider } from '@pulumi/pulumi';
import type { z } from 'zod';
import { OnedockError } from '../../src/errors/onedock-error.ts';
import { presentError } from '../../src/errors/present.ts';
import { fail } from '../errors.ts';
import { type ResourceType, tokenOf } from './resource.ts';
import { packageSchema } from './schema.ts';
import { isUnknown, unwrapSecrets, wrapSecrets } from './values.ts';

type Properties = Record<string, unknown>;

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
    const type = this.#typeOf(urn);
    const inputs = withoutMarks(unwrapSecrets(news) as Properties);
    const parsed = type.inputs.safeParse(inputs);
    if (parsed.success) return { inputs: markKept(parsed.data, news) };
    const failures = parsed.error.issues
      .filter((issue) => !isUnknown(valueAt(inputs, issue.path)))
      .map((issue) => ({ property: issue.path.join('.'), reason: issue.message }));
    return { inputs: news, failures };
  }

  async diff(_id: string, urn: string, olds: Properties, news: Properties): Promise<provider.DiffResult> {
    const type = this.#typeOf(urn);
    const changed = changedInputs(type, unwrapSecrets(olds) as Properties, unwrapSecrets(news) as Properties);
    const replaces = changed.filter((name) => type.replaceOn.includes(name));
    return { changes: changed.length > 0, replaces, deleteBeforeReplace: type.deleteBeforeReplace };
  }

  async create(urn: string, news: Properties): Promise<provider.CreateResult> {
    const type = this.#typeOf(urn);
    const inputs = inputsOf(type, news);
    const { id, outputs } = await readable(() => type.create(inputs, this.#context));
    return { id, outs: stateOf(type, inputs, outputs) };
  }

  async read(id: string, urn: string, props?: Properties): Promise<provider.ReadResult> {
    const type = this.#typeOf(urn);
    const known = type.inputs.safeParse(withoutMarks((unwrapSecrets(props ?? {}) as Properties) ?? {}));
    const found = await readable(() => type.read(id, this.#context, known.data));
    if (!found) return { id: '', props: {} };
    return {
      id,
      props: stateOf(type, found.inputs, found.outputs),
      inputs: wrapSecrets(found.inputs, type.secrets ?? []),
    };
  }

  async update(id: string, urn: string, olds: Properties, news: Properties): Promise<provider.UpdateResult> {
    const type = this.#typeOf(urn);
    const inputs = inputsOf(type, news);
    const outputs = await readable(() => type.update(id, inputs, this.#context, inputsOf(type, olds)));
    return { outs: stateOf(type, inputs, outputs) };
  }

  async delete(id: string, urn: string, props: Properties): Promise<void> {
    const type = this.#typeOf(urn);
    await readable(() => type.delete(id, this.#context, inputsOf(type, props)));
  }

  async cancel(): Promise<void> {
    this.#stopping.abort(new Error('Pulumi asked the provider to stop.'));
  }

  get #context(): { signal: AbortSignal } {
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

/** Properties whose name starts so are the engine's own. */
const ENGINE_MARK = '__';

function withoutMarks(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !name.startsWith(ENGINE_MARK)));
}

/** Defaults filled in, while what came as a secret stays one. */
function markKept(parsed: Properties, news: Properties): Properties {
  return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, name in news ? news[name] : value]));
}

function inputsOf(type: ResourceType, properties: Properties): z.output<z.ZodObject> {
  return type.inputs.parse(withoutMarks(unwrapSecrets(properties) as Properties));
}

function stateOf(type: ResourceType, inputs: Properties, outputs: Properties): Properties {
  return wrapSecrets({ ...inputs, ...outputs }, type.secrets ?? []);
}

/** State holds inputs and outputs side by side; only the inputs are compared, in a fixed order. */
function changedInputs(type: ResourceType, olds: Properties, news: Properties): string[] {
  return Object.keys(type.inputs.shape).filter((name) => canonical(olds[name]) !== canonical(news[name]));
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, item: unknown) =>
      typeof item === 'object' && item !== null && !Array.isArray(item)
        ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : item,
    ) ?? ''
  );
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (isUnknown(value) || typeof value !== 'object' || value === null) break;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** Pulumi prints only an error's message: give it all three sentences. */
async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OnedockError) throw new Error(presentError(error), { cause: error });
    throw error;
  }
}
