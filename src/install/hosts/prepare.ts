/**
 * `onedock host prepare`: makes a machine a Docker host of an OpenNebula that is there. What it was is kept on it before
 * anything else is changed. A second run finds nothing to do; one that was cut short is gone on with by the next.
 */
import { applyOverTransport } from '../../../provision/apply-over-transport.ts';
import { keepBefore } from '../../../provision/before.ts';
import { describeChanges, isNothing, planChanges } from '../../../provision/machine-changes.ts';
import { type CompleteDescription, combine } from '../../../provision/machine-description.ts';
import { findState } from '../../../provision/machine-findings.ts';
import { hostLabelContent, readLabel } from '../../../provision/machine-label.ts';
import { type PackageSystemName, packageSystemOf } from '../../../provision/package-system.ts';
import { gatherMachineFacts, judgeHost } from '../../../provision/preflight.ts';
import { readHostPrograms } from '../../drivers/host-programs.ts';
import type { Transport } from '../../transport/transport.ts';
import type { Cloud } from './cloud.ts';
import { fail } from './errors.ts';
import { hostContent } from './host-content.ts';

export interface HostPlan {
  /** Public key of the machine's SSH server, as it says itself. */
  readonly hostKey: string;
  readonly content: CompleteDescription;
  readonly packageSystem: PackageSystemName;
  /** A line for each change; none when it is what it is to be. */
  readonly changes: readonly string[];
}

/** @throws HOST_UNFIT, SSH_* */
export async function planHost(machine: Transport, cloud: Cloud): Promise<HostPlan> {
  const facts = await gatherMachineFacts(machine, await readLabel(machine));
  const reasons = judgeHost(facts, cloud.frontEnd).flatMap(({ reason }) => reason ?? []);
  if (reasons.length > 0) throw fail('HOST_UNFIT', { place: machine.name, reasons });
  const packageSystem = packageSystemOf(facts.system) ?? 'deb';
  const content = hostContent(cloud, await readHostPrograms(), packageSystem);
  const changes = planChanges(content, await findState(machine, content, packageSystem));
  return {
    hostKey: facts.hostKey,
    content,
    packageSystem,
    changes: isNothing(changes) ? [] : describeChanges(changes),
  };
}

const START_TIMEOUT_SECONDS = 120;

/** @throws MACHINE_DIFFERS, COMMAND_FAILED, SSH_* */
export async function prepareHost(
  machine: Transport,
  { frontEnd, registry }: Cloud,
  { content, packageSystem }: Pick<HostPlan, 'content' | 'packageSystem'>,
): Promise<void> {
  // First of all, so that what an interrupted run leaves is found.
  await applyOverTransport(machine, combine(hostLabelContent({ frontEnd, registry })));
  await keepBefore(machine, registry);
  await applyOverTransport(machine, content, packageSystem);
  await machine.run(['systemctl', 'start', 'docker.service'], { timeoutSeconds: START_TIMEOUT_SECONDS });
}
