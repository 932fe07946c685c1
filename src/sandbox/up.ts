/**
 * `up`: look, compare, act. Whatever state an earlier run has left a sandbox in, killed ones included, this brings it
 * to what its configuration says; a run that fails or is interrupted takes back what it made itself.
 */
import type { TimedStep } from './apply.ts';
import { carryOut } from './carry-out.ts';
import type { Configuration } from './configuration.ts';
import { ensureFit } from './doctor/examine.ts';
import { stopwatch } from './events.ts';
import { chooseSubnets, type Subnets } from './free-subnets.ts';
import { look } from './look.ts';
import { plan } from './plan.ts';
import { withSandbox } from './sandbox-lock.ts';
import type { Run, Services } from './services.ts';
import type { SandboxState } from './state.ts';
import { describeSandbox, type SandboxStatus } from './status.ts';
import type { Plan } from './step.ts';
import { takenNetworks } from './taken-networks.ts';

export interface UpRequest {
  readonly configuration: Configuration;
  /** From which relative paths of images count. */
  readonly folder: string;
  readonly keepOnFailure?: boolean;
}

export interface UpResult extends SandboxStatus {
  readonly changed: boolean;
  readonly seconds: number;
  readonly steps: readonly TimedStep[];
  /** Machines that the configuration does not ask for. */
  readonly extra: readonly string[];
  /** Where pages that the configuration names are found. */
  readonly pages: readonly { readonly vm: string; readonly url: string }[];
}

/** What `up` would do. */
export async function planUp(configuration: Configuration, services: Services): Promise<Plan> {
  return (await prepare(configuration, services)).plan;
}

/** @throws PREFLIGHT_FAILED, what a step threw, the signal's reason */
export async function up(request: UpRequest, services: Services, run: Run): Promise<UpResult> {
  const start = stopwatch();
  const { configuration, folder, keepOnFailure = false } = request;
  const { name } = configuration;
  return withSandbox(name, run.report, async () => {
    const { plan, state, subnets } = await prepare(configuration, services);
    if (plan.steps.some(({ kind }) => kind === 'machine')) {
      await ensureFit(services, configuration.hosts, run.report);
    }
    const site = { configuration, subnets, folder };
    const steps = await carryOut({ plan, site, before: state, keepOnFailure }, services, run);
    const { testbed, cloud } = steps.length > 0 ? await look(services, name) : state;
    return {
      ...describeSandbox(name, services.testbed.provider, testbed, cloud),
      changed: steps.length > 0,
      seconds: stopwatch() - start,
      steps,
      extra: plan.extra,
      pages: pagesOf(configuration, cloud),
    };
  });
}

export interface Prepared {
  readonly state: SandboxState;
  readonly subnets: Subnets;
  readonly plan: Plan;
}

/** Looks, chooses networks where there are none, and compares. */
export async function prepare(configuration: Configuration, services: Services): Promise<Prepared> {
  const state = await look(services, configuration.name);
  const subnets = state.testbed.networks ?? (await freeSubnets(configuration, services));
  return { state, subnets, plan: plan(configuration, state, subnets) };
}

async function freeSubnets({ name, subnets }: Configuration, { local, testbed }: Services): Promise<Subnets> {
  return chooseSubnets(name, await takenNetworks(local, testbed, name), subnets);
}

function pagesOf({ vms }: Configuration, cloud: SandboxState['cloud']): UpResult['pages'] {
  return vms.flatMap(({ name, page }) => {
    const address = cloud?.vms.find((vm) => vm.name === name)?.addresses[0];
    if (page === undefined || address === undefined) return [];
    return [{ vm: name, url: `http://${address}${page === 80 ? '' : `:${page}`}/` }];
  });
}
