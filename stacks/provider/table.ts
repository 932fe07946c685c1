/** All resources of the provider. The schema, the typed classes and the reference page are made from this table. */
import { acl } from './cloud/acl.ts';
import { cluster } from './cloud/cluster.ts';
import { datastore } from './cloud/datastore.ts';
import { group } from './cloud/group.ts';
import { host } from './cloud/host.ts';
import { image } from './cloud/image.ts';
import { securityGroup } from './cloud/security-group.ts';
import { template } from './cloud/template.ts';
import { user } from './cloud/user.ts';
import { virtualMachine } from './cloud/virtual-machine.ts';
import { virtualNetwork } from './cloud/virtual-network.ts';
import type { ResourceType } from './resource.ts';
import { dockerHost } from './testbed/docker-host.ts';
import { frontEnd } from './testbed/front-end.ts';
import { machine } from './testbed/machine.ts';
import { network } from './testbed/network.ts';
import { registry } from './testbed/registry.ts';

export const CLOUD = {
  Cluster: cluster,
  Host: host,
  Datastore: datastore,
  Image: image,
  VirtualNetwork: virtualNetwork,
  SecurityGroup: securityGroup,
  Template: template,
  VirtualMachine: virtualMachine,
  User: user,
  Group: group,
  Acl: acl,
} as const;

export const TESTBED = {
  Network: network,
  Machine: machine,
  Registry: registry,
  FrontEnd: frontEnd,
  DockerHost: dockerHost,
} as const;

export const RESOURCES = Object.values({ ...CLOUD, ...TESTBED }) as unknown as readonly ResourceType[];
