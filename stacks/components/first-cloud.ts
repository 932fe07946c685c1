import type * as pulumi from '@pulumi/pulumi';
import { Datastore, Image, Template, VirtualMachine, VirtualNetwork } from '../resources.ts';
import type { Sandbox } from './sandbox.ts';

/**
 * Declares what `onedock up` fills a sandbox's cloud with: an image, a network, and VMs that serve a page, each on an
 * address of its own.
 * @returns addresses of the pages
 */
export function firstCloud(sandbox: Sandbox, vms: number): pulumi.Output<string>[] {
  const { connection, samplePath } = sandbox.frontEnd;
  const { vmNetwork } = sandbox.network;
  const datastore = new Datastore('images', { connection, name: 'onedock' }, sandbox.contents);
  const network = new VirtualNetwork(
    'vms',
    {
      connection,
      name: 'vms',
      driver: vmNetwork.driver,
      bridge: vmNetwork.bridge,
      physicalDevice: vmNetwork.physicalDevice,
      addressRanges: vmNetwork.addressRanges,
      attributes: vmNetwork.attributes,
    },
    sandbox.contents,
  );
  const image = new Image(
    'web',
    { connection, name: 'web', datastoreId: datastore.id.apply(Number), path: samplePath },
    sandbox.contents,
  );
  const template = new Template(
    'web',
    {
      connection,
      name: 'web',
      cpu: 0.1,
      memoryMb: 64,
      attributes: {
        DISK: image.id.apply((id) => ({ IMAGE_ID: id })),
        NIC: network.id.apply((id) => ({ NETWORK_ID: id })),
        CONTEXT: { NETWORK: 'YES' },
      },
    },
    sandbox.contents,
  );
  return Array.from({ length: vms }, (_, i) => {
    const vm = { connection, name: `web-${i}`, templateId: template.id.apply(Number) };
    const { addresses } = new VirtualMachine(`web-${i}`, vm, sandbox.contents);
    return addresses.apply(([address]) => `http://${address}/`);
  });
}
