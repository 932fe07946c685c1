/** What a sandbox consists of, for people and programs. */
import { endpointOf, findCloud } from './front-end.ts';
import type { Services } from './services.ts';
import type { CloudState, VmFound } from './state.ts';
import { isAbsent, type MachineState, type TestbedState } from './testbed.ts';

export interface SandboxStatus {
  readonly name: string;
  /** `absent`: nothing is there. `partial`: a machine does not run, or the front-end does not answer. */
  readonly state: 'absent' | 'partial' | 'running';
  readonly provider: string;
  /** Where OpenNebula's API answers. */
  readonly endpoint?: string;
  readonly subnets?: { readonly management: string; readonly vms: string };
  readonly machines: readonly Pick<MachineState, 'name' | 'role' | 'address' | 'running'>[];
  readonly hosts: CloudState['hosts'];
  readonly images: CloudState['images'];
  readonly vms: readonly VmFound[];
}

export async function status(services: Pick<Services, 'testbed' | 'connect'>, sandbox: string): Promise<SandboxStatus> {
  const found = await services.testbed.look(sandbox);
  return describeSandbox(sandbox, services.testbed.provider, found, await findCloud(services, sandbox, found));
}

export function describeSandbox(
  name: string,
  provider: string,
  found: TestbedState,
  cloud: CloudState | undefined,
): SandboxStatus {
  const { networks, machines } = found;
  const isWhole = cloud !== undefined && machines.every(({ running }) => running);
  return {
    name,
    state: isAbsent(found) ? 'absent' : isWhole ? 'running' : 'partial',
    provider,
    ...(networks === undefined
      ? {}
      : { endpoint: endpointOf(networks), subnets: { management: networks.management, vms: networks.vms } }),
    machines: machines.map(({ name, role, address, running }) => ({ name, role, address, running })),
    hosts: (cloud?.hosts ?? []).toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })),
    images: cloud?.images ?? [],
    vms: cloud?.vms ?? [],
  };
}
