/**
 * Single parts of a sandbox, for programs that declare them one by one (`stacks/`). A part is a step of `up` with those
 * that it needs: the same look, the same plan and the same work, of which only these steps are done.
 */
import { carryOut } from './carry-out.ts';
import type { Configuration } from './configuration.ts';
import { ensureFit } from './doctor/examine.ts';
import { MOST_HOSTS } from './layout.ts';
import { look } from './look.ts';
import { withSharedSandbox } from './sandbox-lock.ts';
import type { Run, Services } from './services.ts';
import type { SandboxState } from './state.ts';
import type { Step } from './step.ts';
import { prepare } from './up.ts';

/** Id of the step that makes it. */
export type Part = 'subnets' | 'front-end' | `machine:${string}` | `host:${string}`;

export interface PartRequest {
  readonly configuration: Configuration;
  /** From which relative paths count. */
  readonly folder: string;
  /** Steps that are done besides, whatever there is. */
  readonly besides?: readonly Step[];
}

/**
 * Makes a part if it is not as it should be. One that fails is taken back.
 * @returns what there is of the sandbox afterwards
 * @throws PREFLIGHT_FAILED, what a step threw, the signal's reason
 */
export async function ensurePart(
  part: Part,
  { configuration, folder, besides = [] }: PartRequest,
  services: Services,
  run: Run,
): Promise<SandboxState> {
  const { name } = configuration;
  return withSharedSandbox(name, run.report, async () => {
    const { state, subnets, plan } = await prepare({ ...configuration, hosts: MOST_HOSTS }, services);
    const steps = [...stepsFor(part, plan.steps), ...besides];
    if (steps.some(({ kind }) => kind === 'subnets')) await ensureFit(services, 1, run.report);
    const undertaking = { plan: { ...plan, steps }, site: { configuration, subnets, folder }, before: state };
    const done = await carryOut({ ...undertaking, keepOnFailure: false }, services, run);
    return done.length > 0 ? look(services, name) : state;
  });
}

/** Takes one machine away, and nothing of what OpenNebula knows of it. */
export async function removeMachine(
  { sandbox, machine }: { readonly sandbox: string; readonly machine: string },
  { testbed }: Pick<Services, 'testbed'>,
  { report }: Pick<Run, 'report'>,
): Promise<void> {
  await withSharedSandbox(sandbox, report, () => testbed.removeMachine(sandbox, machine));
}

/** The step of that id and all that it needs, as far as the plan has them; what it does not have is done already. */
export function stepsFor(id: string, steps: readonly Step[]): Step[] {
  const wanted = new Set([id]);
  // A plan is in an order in which what is needed stands before who needs it.
  for (const step of steps.toReversed()) {
    if (wanted.has(step.id)) for (const needed of step.needs) wanted.add(needed);
  }
  return steps.filter((step) => wanted.has(step.id));
}
