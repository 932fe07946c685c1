/** A plan, performed as a whole: it succeeds, or what it made is taken back and its logs are kept. */
import { messageOf } from '../errors/thrown.ts';
import { apply, type TimedStep } from './apply.ts';
import type { Report, SandboxEvent } from './events.ts';
import { writeLogBundle } from './log-bundle.ts';
import { performerOn } from './perform.ts';
import { rollBack } from './roll-back.ts';
import type { Run, Services } from './services.ts';
import type { Site } from './site.ts';
import type { SandboxState } from './state.ts';
import type { Plan, Step } from './step.ts';

export interface Undertaking {
  readonly plan: Plan;
  readonly site: Site;
  /** What was there before. */
  readonly before: SandboxState;
  /** Leaves what was made when something fails, for somebody to look at. */
  readonly keepOnFailure: boolean;
}

/** @throws what the first failed step threw, or the signal's reason */
export async function carryOut(undertaking: Undertaking, services: Services, run: Run): Promise<readonly TimedStep[]> {
  const { plan, site } = undertaking;
  if (plan.steps.length === 0) return [];
  const events: SandboxEvent[] = [];
  const report: Report = (event) => {
    events.push(event);
    run.report(event);
  };
  report({ type: 'plan', steps: plan.steps.map(({ id, title }) => ({ id, title })) });
  const begun: Step[] = [];
  try {
    await using performer = performerOn(site, services);
    const { steps } = await apply(
      plan,
      (step, context) => {
        begun.push(step);
        return performer.perform(step, context);
      },
      { report, signal: run.signal },
    );
    return steps;
  } catch (error) {
    if (!run.signal.aborted) await keepLogs(plan.sandbox, events, error, services, report);
    if (undertaking.keepOnFailure) report({ type: 'note', text: 'What was made is kept (--keep-on-failure).' });
    else await rollBack(undertaking, begun, services, report);
    throw error;
  }
}

async function keepLogs(
  sandbox: string,
  events: readonly SandboxEvent[],
  error: unknown,
  services: Services,
  report: Report,
): Promise<void> {
  try {
    const folder = await writeLogBundle(services, { sandbox, events, error, at: new Date() });
    report({ type: 'note', text: `Logs of this run: ${folder}` });
  } catch (cause) {
    report({ type: 'note', text: `The logs could not be kept: ${messageOf(cause)}` });
  }
}
