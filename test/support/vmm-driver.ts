/** Calls of the virtualization driver as OpenNebula makes them, for the VMs of a test host. */
import type { DriverRunner } from '../../src/drivers/contract/driver-runner.ts';
import type { VmmAction } from '../../src/drivers/contract/families.ts';
import type { EngineName } from './docker-host.ts';
import { startDrivers, type Way } from './driver-ways.ts';
import { startTestCloudHost, type TestCloudHost } from './test-cloud-host.ts';
import { requestDocument, type VmFields, vmDocument } from './vm-documents.ts';

export type TestVm = Pick<VmFields, 'id'> & Partial<VmFields>;

export interface VmmDriver {
  deploy(vm: TestVm): Promise<string>;
  /** The document of a request. */
  request(vm: TestVm): string;
  /** An action whose last arguments are the VM's id and host; those before begin with the deploy id. */
  run(action: VmmAction, vm: TestVm, ...argv: string[]): Promise<string>;
}

export function vmmDriver(drivers: DriverRunner, host: string): VmmDriver {
  const call = (action: VmmAction, { id }: TestVm, argv: readonly string[], stdin: string) =>
    drivers.run({ family: 'vmm', driver: 'onedock', action, argv: [...argv, `${id}`, host], stdin });
  return {
    deploy: (vm) =>
      call('deploy', vm, [`/var/lib/one//datastores/0/${vm.id}/deployment.0`, host], vmDocument({ host, ...vm })),
    request: (vm) => requestDocument({ host, ...vm }),
    run: (action, vm, ...argv) => call(action, vm, [`one-${vm.id}`, ...argv], requestDocument({ host, ...vm })),
  };
}

export interface VmmHost extends AsyncDisposable {
  readonly host: TestCloudHost;
  readonly drivers: DriverRunner;
  readonly vmm: VmmDriver;
}

/** A host of its own, and the drivers, run one way. */
export async function startVmmHost(way: Way, engine?: EngineName): Promise<VmmHost> {
  await using made = new AsyncDisposableStack();
  const host = made.use(await startTestCloudHost(engine));
  const drivers = made.use(await startDrivers(way, host.settings));
  const all = made.move();
  return { host, drivers, vmm: vmmDriver(drivers, host.address), [Symbol.asyncDispose]: () => all.disposeAsync() };
}
