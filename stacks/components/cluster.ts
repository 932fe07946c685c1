import * as pulumi from '@pulumi/pulumi';
import { Cluster as CloudCluster, Datastore, Host, VirtualNetwork } from '../resources.ts';

type NetworkArguments = ConstructorParameters<typeof VirtualNetwork>[1];
type Connection = NetworkArguments['connection'];

export interface ClusterArguments {
  /** Name of the cluster; datastore and network are called after it. */
  readonly name: pulumi.Input<string>;
  /** Machines with a Docker Engine, by the names by which the front-end reaches them. */
  readonly hosts: readonly string[];
  /** The network of the VMs: bridge, address ranges, gateway. */
  readonly network: Omit<NetworkArguments, 'name' | 'clusterId' | 'connection'>;
  readonly connection?: Connection;
}

/** A cluster of Docker hosts in any OpenNebula: hosts, a datastore for container images and a network for their VMs. */
export class Cluster extends pulumi.ComponentResource {
  readonly clusterId: pulumi.Output<number>;
  readonly hosts: readonly InstanceType<typeof Host>[];
  readonly datastore: InstanceType<typeof Datastore>;
  readonly network: InstanceType<typeof VirtualNetwork>;

  constructor(name: string, args: ClusterArguments, options: pulumi.ComponentResourceOptions = {}) {
    super('onedock:cloud:DockerCluster', name, {}, options);
    const { connection } = args;
    const within = { parent: this };
    const cluster = new CloudCluster(`${name}-cluster`, { name: args.name, connection }, within);
    this.clusterId = cluster.id.apply(Number);
    const common = { clusterId: this.clusterId, connection };
    this.hosts = args.hosts.map((host) => new Host(`${name}-${host}`, { name: host, ...common }, within));
    this.datastore = new Datastore(
      `${name}-images`,
      { name: pulumi.interpolate`${args.name}-images`, ...common },
      within,
    );
    this.network = new VirtualNetwork(
      `${name}-network`,
      { ...args.network, name: pulumi.interpolate`${args.name}-vms`, ...common },
      within,
    );
    this.registerOutputs({ clusterId: this.clusterId });
  }
}
