/** A host whose networks are made by the drivers of this process, as OpenNebula calls them. */
import type { DriverRunner } from '../../src/drivers/contract/driver-runner.ts';
import type { VnmAction } from '../../src/drivers/contract/families.ts';
import { startDockerHost, type TestDockerHost } from './docker-host.ts';
import { startDrivers } from './driver-ways.ts';
import { networkDocument, type VmFields } from './vm-documents.ts';

export interface VnmHost extends AsyncDisposable {
  readonly host: TestDockerHost;
  run(driver: string, action: VnmAction, vm: VmFields, argv?: readonly string[]): Promise<string>;
}

/** @param setUp  a script as root on the host */
export async function startVnmHost(setUp: string): Promise<VnmHost> {
  await using made = new AsyncDisposableStack();
  const host = made.use(await startDockerHost());
  const { user, port, keyFile, knownHostsFile } = host.ssh;
  const drivers: DriverRunner = made.use(
    await startDrivers('in process', { ssh: { user, port, keyFile, knownHostsFile } }),
  );
  await host.sh(setUp);
  const all = made.move();
  return {
    host,
    run: (driver, action, vm, argv = []) =>
      drivers.run({
        family: 'vnm',
        driver,
        action,
        argv,
        stdin: networkDocument({ host: host.address, ...vm }),
      }),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
