/** The sandbox to which a part belongs, as users of a stack write it: the keys of sandbox.yaml that concern machines. */
import type { provider } from '@pulumi/pulumi';
import * as z from 'zod';
import { type Configuration, configurationSchema } from '../../../src/sandbox/configuration.ts';
import { loadConfiguration } from '../../../src/sandbox/configuration-file.ts';
import type { Subnets } from '../../../src/sandbox/free-subnets.ts';
import { openServices } from '../../../src/sandbox/open-services.ts';
import type { Services } from '../../../src/sandbox/services.ts';

const {
  name,
  provider: machines,
  ssh,
  vagrant,
  hub,
  packageMirror,
  internet,
  readyTimeoutSeconds,
} = configurationSchema.in.shape;

export const sandboxInput = z
  .strictObject({ name, provider: machines, ssh, vagrant, hub, packageMirror, internet, readyTimeoutSeconds })
  .describe(
    'The sandbox: `name`, and where they differ from their defaults `provider`, `ssh`, `vagrant`, `hub`, `packageMirror`, `internet`, `readyTimeoutSeconds`, as in sandbox.yaml. Take it from the part that this one stands on, so that Pulumi knows their order.',
  );

export type SandboxInput = z.output<typeof sandboxInput>;

/** A sandbox whose cloud is empty: its contents are resources of their own. */
const EMPTY = { images: [], templates: [], vms: [] };

export function configurationOf(sandbox: SandboxInput, subnets: Partial<Subnets> = {}): Configuration {
  return configurationSchema.parse({ ...sandbox, subnets, ...EMPTY });
}

/** What sandbox.yaml would refuse. */
export function sandboxContradictions(sandbox: SandboxInput): provider.CheckFailure[] {
  const { error } = configurationSchema.safeParse({ ...sandbox, ...EMPTY });
  return (error?.issues ?? []).map(({ path, message }) => ({
    property: ['sandbox', ...path].join('.'),
    reason: message,
  }));
}

/** @param file  a sandbox.yaml; undefined: machines of LXC with all defaults */
export async function sandboxToImport(name: string, file: string | undefined): Promise<SandboxInput> {
  if (file === undefined) return sandboxInput.parse({ name });
  const { configuration } = await loadConfiguration(process.cwd(), { file, overrides: { name } });
  const keys = Object.keys(sandboxInput.shape) as (keyof SandboxInput)[];
  return sandboxInput.parse(Object.fromEntries(keys.map((key) => [key, configuration[key]])));
}

const opened = new Map<string, Promise<Services>>();

/** The sandbox's services, the same ones for all parts with the same settings: they know which images are built. */
export function servicesOf(sandbox: SandboxInput): Promise<Services> {
  const key = JSON.stringify(sandbox);
  const services = opened.get(key) ?? openServices(configurationOf(sandbox));
  opened.set(key, services);
  return services;
}
