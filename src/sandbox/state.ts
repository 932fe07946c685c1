/** What is there, as far as a plan asks. */
import type { Client } from '../opennebula/client/client.ts';
import type { HostState, ImageState } from '../opennebula/numbers.ts';
import type { TestbedState } from './testbed.ts';

export interface CloudState {
  readonly hosts: readonly { readonly id: number; readonly name: string; readonly state: HostState }[];
  readonly datastores: readonly string[];
  readonly networks: readonly string[];
  readonly images: readonly { readonly id: number; readonly name: string; readonly state: ImageState }[];
  readonly templates: readonly string[];
  readonly vms: readonly VmFound[];
}

export interface VmFound {
  readonly id: number;
  readonly name: string;
  /** STATE, or LCM_STATE while it is ACTIVE. */
  readonly state: string;
  readonly host: string;
  readonly addresses: readonly string[];
}

export interface SandboxState {
  readonly testbed: TestbedState;
  /** Undefined while no front-end answers. */
  readonly cloud: CloudState | undefined;
}

export async function lookAtCloud(client: Client): Promise<CloudState> {
  const [hosts, datastores, networks, images, templates, vms] = await Promise.all([
    client.hostpool.info(),
    client.datastorepool.info(),
    client.vnpool.info(),
    client.imagepool.info(),
    client.templatepool.info(),
    client.vmpool.infoextended(),
  ]);
  const byId = <T extends { id: number }>(objects: readonly T[]) => objects.toSorted((a, b) => a.id - b.id);
  const named = <T extends { name: string }>(pool: Iterable<T>) => Array.from(pool, ({ name }) => name);
  return {
    hosts: Array.from(hosts, ({ id, name, state }) => ({ id, name, state })),
    datastores: named(datastores),
    networks: named(networks),
    images: byId(Array.from(images, ({ id, name, state }) => ({ id, name, state }))),
    templates: named(templates),
    vms: byId(
      Array.from(vms, (vm) => ({
        id: vm.id,
        name: vm.name,
        state: vm.state === 'ACTIVE' ? vm.lcmState : vm.state,
        host: vm.hostName,
        addresses: vm.addresses,
      })),
    ),
  };
}
