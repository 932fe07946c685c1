/**
 * Typed classes for programs of Pulumi: `new Image('alpine', { name: 'alpine', datastoreId, path: 'docker://alpine' })`.
 * Inputs, outputs and their documentation come from the provider's table.
 */
import * as pulumi from '@pulumi/pulumi';
import type * as z from 'zod';
import { type ResourceType, tokenOf } from './provider/resource.ts';
import { CLOUD, TESTBED } from './provider/table.ts';

/** What is written: any part of it may be the output of another resource. */
type Written<T> = T extends string | number | boolean | undefined
  ? pulumi.Input<T>
  : T extends readonly (infer Item)[]
    ? pulumi.Input<Written<Item>[]>
    : pulumi.Input<{ [Name in keyof T]: Written<T[Name]> }>;

type Arguments<Schema extends z.ZodObject> = { [Name in keyof z.input<Schema>]: Written<z.input<Schema>[Name]> };

type Properties<Schema extends z.ZodObject> = {
  readonly [Name in keyof z.output<Schema>]: pulumi.Output<z.output<Schema>[Name]>;
};

type ResourceClass<Inputs extends z.ZodObject, Outputs extends z.ZodObject> = {
  new (
    name: string,
    args: Arguments<Inputs>,
    options?: pulumi.CustomResourceOptions,
  ): pulumi.CustomResource & Properties<Inputs> & Properties<Outputs>;
  /** The resource that exists under that id, not managed by the program. */
  get(
    name: string,
    id: pulumi.Input<string>,
    options?: pulumi.CustomResourceOptions,
  ): pulumi.CustomResource & Properties<Inputs> & Properties<Outputs>;
};

function resourceClass<Inputs extends z.ZodObject, Outputs extends z.ZodObject>(
  type: ResourceType<Inputs, Outputs>,
): ResourceClass<Inputs, Outputs> {
  // Pulumi's constructor fills in every property that the arguments name, known or not.
  const unknownOutputs = Object.fromEntries(Object.keys(type.outputs.shape).map((name) => [name, undefined]));
  class TypedResource extends pulumi.CustomResource {
    constructor(name: string, args: object, options: pulumi.CustomResourceOptions = {}) {
      super(tokenOf(type), name, { ...unknownOutputs, ...args }, options);
    }

    static get(name: string, id: pulumi.Input<string>, options: pulumi.CustomResourceOptions = {}) {
      return new TypedResource(name, {}, { ...options, id });
    }
  }
  return TypedResource as unknown as ResourceClass<Inputs, Outputs>;
}

export const Cluster = resourceClass(CLOUD.Cluster);
export const Host = resourceClass(CLOUD.Host);
export const Datastore = resourceClass(CLOUD.Datastore);
export const Image = resourceClass(CLOUD.Image);
export const VirtualNetwork = resourceClass(CLOUD.VirtualNetwork);
export const SecurityGroup = resourceClass(CLOUD.SecurityGroup);
export const Template = resourceClass(CLOUD.Template);
export const VirtualMachine = resourceClass(CLOUD.VirtualMachine);
export const User = resourceClass(CLOUD.User);
export const Group = resourceClass(CLOUD.Group);
export const Acl = resourceClass(CLOUD.Acl);

export const Network = resourceClass(TESTBED.Network);
export const Machine = resourceClass(TESTBED.Machine);
export const Registry = resourceClass(TESTBED.Registry);
export const FrontEnd = resourceClass(TESTBED.FrontEnd);
export const DockerHost = resourceClass(TESTBED.DockerHost);
