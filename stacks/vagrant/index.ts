/** The same on machines that Vagrant makes: with libvirt, VirtualBox or LXC. Needs root, and Vagrant with a provider. */
import * as pulumi from '@pulumi/pulumi';
import type { SandboxArguments } from '../components/sandbox.ts';
import { hostsIn, sandboxProgram } from '../components/sandbox-program.ts';

type Vagrant = Exclude<Extract<SandboxArguments['sandbox'], { provider?: unknown }>['vagrant'], undefined>;

export default async function vagrant(): Promise<Record<string, unknown>> {
  const config = new pulumi.Config();
  return sandboxProgram({
    sandbox: {
      name: config.get('name') ?? 'stack',
      provider: 'vagrant',
      vagrant: config.getObject<Vagrant>('machines') ?? {},
    },
    hosts: hostsIn(config.get('hosts')),
  });
}
