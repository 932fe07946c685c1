/** The steps of which a plan is made. A step names what should be there; who performs it makes it only if it is missing. */
import type { ImageDeclaration, TemplateDeclaration, VmDeclaration } from './configuration.ts';
import type { NetworkRange } from './layout.ts';
import type { MachineSpec, NetworkSpec } from './testbed.ts';

interface StepOf<Kind extends string> {
  readonly kind: Kind;
  /** Unique in a plan, as `machine:host-1`. */
  readonly id: string;
  /** As progress shows it. */
  readonly title: string;
  /** Ids of steps that must be done before; those that are not in the plan are done already. */
  readonly needs: readonly string[];
}

/** Image layers from which machines start. */
export type ImagesStep = StepOf<'machine-images'>;
export type SubnetsStep = StepOf<'subnets'> & { readonly spec: NetworkSpec };
/** `silent`: the front-end's machine runs, but none answers there that knows the calls; it may be of another release. */
export type MachineStep = StepOf<'machine'> & {
  readonly spec: MachineSpec;
  readonly reason: 'missing' | 'stopped' | 'silent';
};
/** OpenNebula from its own packages, with the drivers. */
export type PackagesStep = StepOf<'packages'>;
export type FrontEndStep = StepOf<'front-end'>;
export type DatastoreStep = StepOf<'datastore'> & {
  readonly name: string;
  /** Hosts that build images from a Dockerfile. */
  readonly builders: readonly string[];
};
export type NetworkStep = StepOf<'network'> & {
  readonly range: NetworkRange;
  /** Domain of its VMs, which the front-end answers for. */
  readonly zone: string | undefined;
  readonly attributes: string;
  /** Driver of the network. */
  readonly driver: string;
};
export type HostStep = StepOf<'host'> & { readonly machine: string };
export type DummyHostsStep = StepOf<'dummy-hosts'> & { readonly count: number };
/** The sample image as an archive on the front-end, or in the stand-in hub. */
export type SampleStep = StepOf<'sample'> & { readonly standInHub: boolean };
export type ImageStep = StepOf<'image'> & { readonly image: ImageDeclaration };
export type TemplateStep = StepOf<'template'> & { readonly template: TemplateDeclaration };
export type VmStep = StepOf<'vm'> & { readonly vm: VmDeclaration };
export type PageStep = StepOf<'page'> & { readonly vm: string; readonly port: number };

export type Step =
  | ImagesStep
  | SubnetsStep
  | MachineStep
  | PackagesStep
  | FrontEndStep
  | DatastoreStep
  | NetworkStep
  | HostStep
  | DummyHostsStep
  | SampleStep
  | ImageStep
  | TemplateStep
  | VmStep
  | PageStep;

export type StepKind = Step['kind'];
export type StepOfKind<Kind extends StepKind> = Extract<Step, { kind: Kind }>;

export interface Plan {
  readonly sandbox: string;
  /** In an order in which they could be performed one after the other. */
  readonly steps: readonly Step[];
  /** What is there and is not asked for; it is left alone. */
  readonly extra: readonly string[];
}
