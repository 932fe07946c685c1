/**
 * What all parts of a sandbox share. A part is made, mended and changed by one and the same act, since making what is
 * there already does nothing; that act is the one of `onedock up`.
 */
import type { provider } from '@pulumi/pulumi';
import * as z from 'zod';
import type { Subnets } from '../../../src/sandbox/free-subnets.ts';
import { FRONT_END } from '../../../src/sandbox/layout.ts';
import { ensurePart, type Part } from '../../../src/sandbox/part.ts';
import type { Run, Services } from '../../../src/sandbox/services.ts';
import type { SandboxState } from '../../../src/sandbox/state.ts';
import type { Step } from '../../../src/sandbox/step.ts';
import type { ResourceContext, ResourceType } from '../resource.ts';
import {
  configurationOf,
  type SandboxInput,
  sandboxContradictions,
  sandboxInput,
  sandboxToImport,
  servicesOf,
} from './sandbox-input.ts';

/** A sandbox with what it takes to look at it and to work on it. */
export interface Site {
  readonly sandbox: SandboxInput;
  readonly services: Services;
  readonly run: Run;
  /** @param besides  steps that are done whatever there is */
  ensure(part: Part, wish?: Partial<Subnets>, besides?: readonly Step[]): Promise<SandboxState>;
}

interface TestbedDefinition<Inputs extends z.ZodRawShape, Outputs extends z.ZodRawShape> {
  readonly name: string;
  readonly description: string;
  readonly inputs: Inputs;
  readonly outputs: Outputs;
  readonly replaceOn?: readonly (keyof Inputs & string)[];
  readonly secrets?: readonly (keyof Outputs & string)[];
  contradictions?(inputs: Values<Inputs>): provider.CheckFailure[];
  /** Whether it concerns all machines of the sandbox, and not only its own. */
  readonly ofAllMachines?: boolean;
  /** Name of a part of which a sandbox has several; its id is then `<sandbox>/<name>`, else the sandbox's name. */
  part?(inputs: Values<Inputs>): string;
  ensure(site: Site, inputs: Values<Inputs>): Promise<Values<Outputs>>;
  /** Undefined when it is gone. @param part  as in the id */
  look(
    site: Site,
    part: string,
    known: Values<Inputs> | undefined,
  ): Promise<{ inputs: Values<Inputs>; outputs: Values<Outputs> } | undefined>;
  remove(site: Site, inputs: Values<Inputs>): Promise<void>;
}

type Values<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>;
type WithSandbox = { sandbox: typeof sandboxInput };

/**
 * `<sandbox>` or `<sandbox>/<part>`; to import a part of a sandbox whose machines are not LXC's, `@` and the path of the
 * sandbox.yaml that says how they are reached.
 */
const ID = /^(([^/@]*)(?:\/([^@]*))?)(?:@(.*))?$/;

/** What changes these is another sandbox. */
const SANDBOX_IDENTITY = ['sandbox.name', 'sandbox.provider'];

export function testbedResource<Inputs extends z.ZodRawShape, Outputs extends z.ZodRawShape>(
  definition: TestbedDefinition<Inputs, Outputs>,
): ResourceType<z.ZodObject<Inputs & WithSandbox>, z.ZodObject<Outputs>> {
  type All = Values<Inputs> & { sandbox: SandboxInput };
  const { name, description, secrets = [], replaceOn = [] } = definition;

  // The shapes are type parameters here, so what zod makes of them is told to the compiler once, at the end.
  const resource: ResourceType = {
    name,
    module: 'testbed',
    description,
    inputs: z.object({ sandbox: sandboxInput, ...definition.inputs }),
    outputs: z.object(definition.outputs),
    replaceOn,
    replaceOnParts: SANDBOX_IDENTITY,
    secrets,
    deleteBeforeReplace: true,
    comparable: (inputs) =>
      definition.ofAllMachines ? inputs : ofMachine(definition.part?.(inputs as All) ?? FRONT_END, inputs),
    contradictions: (inputs) => {
      const { sandbox, ...own } = inputs as All;
      return [...sandboxContradictions(sandbox), ...(definition.contradictions?.(own as All) ?? [])];
    },

    async create(inputs, context) {
      const values = inputs as All;
      const outputs = await definition.ensure(await siteOf(values.sandbox, context), values);
      const part = definition.part?.(values);
      return { id: part === undefined ? values.sandbox.name : `${values.sandbox.name}/${part}`, outputs };
    },

    async read(id, context, known) {
      const [, own = '', name = '', part = '', file] = ID.exec(id) ?? [];
      const sandbox = (known as All | undefined)?.sandbox ?? (await sandboxToImport(name, file));
      const seen = await definition.look(await siteOf(sandbox, context), part, known as All | undefined);
      return seen && { id: own, inputs: { sandbox, ...seen.inputs }, outputs: seen.outputs };
    },

    async update(_id, inputs, context) {
      const values = inputs as All;
      return definition.ensure(await siteOf(values.sandbox, context), values);
    },

    async delete(_id, context, known) {
      const values = known as All;
      await definition.remove(await siteOf(values.sandbox, context), values);
    },
  };
  return resource as unknown as ResourceType<z.ZodObject<Inputs & WithSandbox>, z.ZodObject<Outputs>>;
}

/**
 * Of the machines that are given over SSH only the one that counts: another that is added changes nothing here. A
 * sandbox that is not known yet stays as it is.
 */
export function ofMachine(
  machine: string,
  inputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const sandbox = inputs.sandbox as Partial<SandboxInput> | undefined;
  const machines = sandbox?.ssh?.machines;
  if (machines === undefined) return inputs;
  const own = machines[machine];
  return { ...inputs, sandbox: { ...sandbox, ssh: { ...sandbox?.ssh, machines: { [machine]: own } } } };
}

async function siteOf(sandbox: SandboxInput, { signal }: ResourceContext): Promise<Site> {
  const services = await servicesOf(sandbox);
  const run: Run = {
    signal,
    // Pulumi shows what a plugin writes to stderr.
    report: (event) => {
      if (event.type === 'note') process.stderr.write(`${event.text}\n`);
    },
  };
  return {
    sandbox,
    services,
    run,
    ensure: (part, wish = {}, besides = []) => {
      const request = { configuration: configurationOf(sandbox, wish), folder: process.cwd(), besides };
      return ensurePart(part, request, services, run);
    },
  };
}
