import * as pulumi from '@pulumi/pulumi';
import { DockerHost, FrontEnd, Machine, Network, Registry } from '../resources.ts';

export interface SandboxArguments {
  /** Name and settings, as in sandbox.yaml; `onedock status --name` shows it under the same name. */
  readonly sandbox: ConstructorParameters<typeof Network>[1]['sandbox'];
  /** Names of its hosts, as `host-1`. One that is added or left out changes no other. */
  readonly hosts: readonly string[];
}

/**
 * A whole sandbox: its networks, a machine with OpenNebula and a registry, and Docker hosts that are registered there.
 * It is what `onedock up` makes before it fills the cloud; both find and change the same one.
 */
export class Sandbox extends pulumi.ComponentResource {
  readonly network: InstanceType<typeof Network>;
  readonly frontEnd: InstanceType<typeof FrontEnd>;
  readonly registry: InstanceType<typeof Registry>;
  readonly hosts: readonly InstanceType<typeof DockerHost>[];

  constructor(name: string, args: SandboxArguments, options: pulumi.ComponentResourceOptions = {}) {
    super('onedock:testbed:Sandbox', name, {}, options);
    this.network = new Network(`${name}-network`, { sandbox: args.sandbox }, { parent: this });
    // All of it goes with its networks, in the order that is right for it, and with the audit of `down`.
    const withNetwork = { parent: this, deletedWith: this.network };
    const { sandbox } = this.network;
    const machine = new Machine(`${name}-frontend`, { sandbox, name: 'frontend' }, withNetwork);
    this.frontEnd = new FrontEnd(`${name}-opennebula`, { sandbox: machine.sandbox }, withNetwork);
    this.registry = new Registry(`${name}-registry`, { sandbox: machine.sandbox }, withNetwork);
    this.hosts = args.hosts.map((host) => {
      const dockerMachine = new Machine(`${name}-${host}`, { sandbox, name: host }, withNetwork);
      return new DockerHost(
        `${name}-${host}-registered`,
        { sandbox: dockerMachine.sandbox, machine: dockerMachine.name },
        { ...withNetwork, dependsOn: this.frontEnd },
      );
    });
    this.registerOutputs({ endpoint: this.endpoint, hosts: this.hosts.map(({ hostId }) => hostId) });
  }

  /** URL of the XML-RPC API. */
  get endpoint(): pulumi.Output<string> {
    return this.frontEnd.endpoint;
  }

  /** Options for resources in its OpenNebula: they come after its hosts, and go with it. */
  get contents(): pulumi.CustomResourceOptions {
    return { dependsOn: [...this.hosts], deletedWith: this.network };
  }
}
