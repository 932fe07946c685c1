/**
 * A tenant of a cloud: a group with limits and rights, a user of it, an image, a network, a template and as many VMs as
 * wanted. Which OpenNebula is told by ONE_XMLRPC and ONE_AUTH, as for its commands.
 */

import * as pulumi from '@pulumi/pulumi';
import { Acl, Group, Image, Template, User, VirtualMachine, VirtualNetwork } from '../resources.ts';

export default async function tenant(): Promise<Record<string, unknown>> {
  const config = new pulumi.Config();
  const name = config.get('name') ?? 'science';
  const mostVms = config.getNumber('mostVms') ?? 20;

  const network = new VirtualNetwork('network', {
    name: `${name}-net`,
    driver: config.get('networkDriver') ?? 'bridge',
    bridge: config.get('bridge') ?? 'vmbr0',
    addressRanges: [{ ip: config.get('firstAddress') ?? '10.200.0.10', size: 50 }],
  });
  const group = new Group('group', {
    name,
    quota: {
      vms: mostVms,
      cpu: mostVms,
      memoryMb: mostVms * 1024,
      networks: [{ id: network.id.apply(Number), leases: mostVms }],
    },
  });
  const members = pulumi.interpolate`@${group.id}`;
  const rights = [
    new Acl('create', { user: members, types: ['VM', 'IMAGE', 'TEMPLATE'], rights: ['CREATE'] }),
    new Acl('use-network', {
      user: members,
      types: ['NET'],
      resource: pulumi.interpolate`#${network.id}`,
      rights: ['USE'],
    }),
  ];
  const password = config.getSecret('password');
  const user =
    password &&
    new User('user', {
      name: `${name}-user`,
      password,
      groupIds: [group.id.apply(Number)],
      quota: { vms: Math.ceil(mostVms / 2) },
    });

  const image = new Image('image', {
    name: `${name}-os`,
    datastoreId: config.getNumber('datastore') ?? 100,
    path: config.get('imagePath') ?? 'docker://nginx:alpine',
  });
  const template = new Template('template', {
    name: `${name}-vm`,
    cpu: 0.5,
    memoryMb: 128,
    attributes: {
      DISK: image.id.apply((id) => ({ IMAGE_ID: id })),
      NIC: network.id.apply((id) => ({ NETWORK_ID: id })),
      CONTEXT: { NETWORK: 'YES' },
    },
  });
  const vms = Array.from({ length: config.getNumber('vms') ?? 2 }, (_, i) => {
    return new VirtualMachine(`vm-${i}`, { name: `${name}-${i}`, templateId: template.id.apply(Number) });
  });
  return {
    group: group.id,
    rights: rights.map(({ rule }) => rule),
    ...(user && { user: user.name }),
    addresses: vms.map((vm) => vm.addresses),
  };
}
