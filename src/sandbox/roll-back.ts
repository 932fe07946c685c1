import { type Report, reportStep } from './events.ts';
import { connectToFrontEnd } from './front-end.ts';
import type { Services } from './services.ts';
import type { Site } from './site.ts';
import type { SandboxState } from './state.ts';
import type { Step } from './step.ts';
import { isAbsent } from './testbed.ts';

/**
 * Takes back what a run has made: the whole sandbox when there was none before, else the machines that were missing and
 * their entries in OpenNebula. Other contents of a cloud that was there stay; the next `up` goes on with them.
 */
export async function rollBack(
  { site, before }: { readonly site: Site; readonly before: SandboxState },
  begun: readonly Step[],
  services: Services,
  report: Report,
): Promise<void> {
  const sandbox = site.configuration.name;
  const wasAbsent = isAbsent(before.testbed);
  const made = begun.flatMap((step) => (step.kind === 'machine' && step.reason === 'missing' ? [step.spec.name] : []));
  const title = wasAbsent ? `Removing sandbox ${sandbox} again` : `Removing ${made.join(', ')} again`;
  if (wasAbsent ? begun.every(({ kind }) => kind === 'machine-images') : made.length === 0) return;
  await reportStep({ id: 'roll-back', title }, report, async () => {
    if (wasAbsent) return services.testbed.removeSandbox(sandbox);
    await forgetHosts(site, begun, services);
    await Promise.all(made.map((machine) => services.testbed.removeMachine(sandbox, machine)));
  });
}

/** Entries of hosts that the run has registered. A front-end that does not answer has none worth the trouble. */
async function forgetHosts(
  { configuration, subnets }: Site,
  begun: readonly Step[],
  services: Services,
): Promise<void> {
  const names = begun.flatMap((step) => (step.kind === 'host' ? [step.machine] : []));
  if (names.length === 0) return;
  try {
    using client = await connectToFrontEnd(services, configuration.name, subnets);
    const hosts = (await client.hostpool.info()).objects.filter(({ name }) => names.includes(name));
    for (const { id } of hosts) await client.host.delete(id);
  } catch {
    // The machines go all the same; `up` finds an entry without a machine and makes the machine.
  }
}
