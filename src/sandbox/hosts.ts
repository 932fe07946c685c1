/** Hosts that join and leave a sandbox that runs. */
import type { Client } from '../opennebula/client/client.ts';
import type { TimedStep } from './apply.ts';
import { carryOut } from './carry-out.ts';
import { removeVm } from './cloud.ts';
import type { Configuration } from './configuration.ts';
import { fail } from './errors.ts';
import { type Report, reportStep } from './events.ts';
import { clientOf } from './front-end.ts';
import { look } from './look.ts';
import { nextHost, planHost } from './plan.ts';
import { withSandbox } from './sandbox-lock.ts';
import type { Run, Services } from './services.ts';

export interface HostRequest {
  readonly configuration: Pick<Configuration, 'name' | 'hub' | 'readyTimeoutSeconds'>;
  readonly keepOnFailure?: boolean;
}

/** Makes a machine for a host, the first that is free, and registers it. */
export async function addHost(
  { configuration, keepOnFailure = false }: HostRequest,
  services: Services,
  run: Run,
): Promise<{ readonly host: string; readonly steps: readonly TimedStep[] }> {
  const { name } = configuration;
  return withSandbox(name, run.report, async () => {
    const before = await look(services, name);
    const { networks } = before.testbed;
    if (networks === undefined || before.cloud === undefined) throw fail('FRONT_END_DOWN', { sandbox: name });
    const host = nextHost(before);
    const site = { configuration, subnets: networks, folder: '/' };
    const plan = planHost(configuration, before, networks, host);
    return { host, steps: await carryOut({ plan, site, before, keepOnFailure }, services, run) };
  });
}

/**
 * Takes a host out of OpenNebula, then its machine away.
 * @param force  whether VMs that run there are terminated
 * @throws MACHINE_MISSING, HOST_IN_USE, FRONT_END_DOWN
 */
export async function removeHost(
  { configuration: { name }, host, force }: HostRequest & { readonly host: string; readonly force: boolean },
  services: Services,
  run: Run,
): Promise<void> {
  await withSandbox(name, run.report, async () => {
    const state = await services.testbed.look(name);
    const machines = state.machines.filter(({ role }) => role === 'host').map((machine) => machine.name);
    if (!machines.includes(host)) throw fail('MACHINE_MISSING', { machine: host, machines });
    using client = await clientOf(services, name, state);
    await unregisterHost(client, { host, force }, run);
    await reportStep({ id: `machine:${host}`, title: `Machine ${host} is removed` }, run.report, () =>
      services.testbed.removeMachine(name, host),
    );
  });
}

/**
 * Takes a host out of OpenNebula; its machine stays.
 * @param force  whether VMs that run there are terminated
 * @throws HOST_IN_USE
 */
export async function unregisterHost(
  client: Client,
  { host, force }: { readonly host: string; readonly force: boolean },
  run: Run,
): Promise<void> {
  await removeVms(client, host, force, run);
  await reportStep({ id: `host:${host}`, title: `Host ${host} leaves OpenNebula` }, run.report, () =>
    forgetHost(client, host),
  );
}

async function removeVms(client: Client, host: string, force: boolean, { report, signal }: Run): Promise<void> {
  const vms = (await client.vmpool.infoextended()).objects.filter(isOn(host));
  if (vms.length === 0) return;
  if (!force) throw fail('HOST_IN_USE', { host, vms: vms.map(({ id, name }) => `${id} ${name}`) });
  await Promise.all(vms.map((vm) => terminate(client, vm, report, signal)));
}

function isOn(host: string) {
  return ({ state, hostName }: { state: string; hostName: string }) =>
    hostName === host && !['PENDING', 'HOLD', 'UNDEPLOYED', 'DONE'].includes(state);
}

function terminate(client: Client, { id, name }: { id: number; name: string }, report: Report, signal: AbortSignal) {
  return reportStep({ id: `vm:${name}`, title: `VM ${id} ${name} is terminated` }, report, () =>
    removeVm(client, id, signal),
  );
}

async function forgetHost(client: Client, name: string): Promise<void> {
  const host = (await client.hostpool.info()).objects.find((each) => each.name === name);
  if (host) await client.host.delete(host.id);
}
