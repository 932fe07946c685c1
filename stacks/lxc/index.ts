/**
 * A sandbox on machines of LXC, declared part by part: the cloud of the README with its first VM, that serves a page on
 * an address of its own. Needs root, as `onedock up` does.
 */

import * as pulumi from '@pulumi/pulumi';
import { Sandbox } from '../components/sandbox.ts';
import { Datastore, Image, Template, VirtualMachine, VirtualNetwork } from '../resources.ts';

export default async function lxc(): Promise<Record<string, unknown>> {
  const config = new pulumi.Config();
  const name = config.get('name') ?? 'stack';
  const hosts = (config.get('hosts') ?? 'host-1,host-2').split(',');

  const sandbox = new Sandbox('sandbox', { sandbox: { name }, hosts });
  const { connection, samplePath } = sandbox.frontEnd;

  const datastore = new Datastore('images', { connection, name: 'onedock' }, sandbox.contents);
  const { vmNetwork } = sandbox.network;
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
  const vms = Array.from({ length: config.getNumber('vms') ?? 1 }, (_, i) => {
    const vm = { connection, name: `web-${i}`, templateId: template.id.apply(Number) };
    return new VirtualMachine(`web-${i}`, vm, sandbox.contents);
  });

  return {
    endpoint: sandbox.endpoint,
    session: sandbox.frontEnd.session,
    hosts: sandbox.hosts.map(({ machine, state }) => pulumi.interpolate`${machine} ${state}`),
    pages: vms.map(({ addresses }) => addresses.apply(([address]) => `http://${address}/`)),
  };
}
