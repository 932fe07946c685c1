/**
 * The same on machines that are there already, over SSH: `frontend` and hosts, each in a rack or a cloud of its own.
 * The setting `machines` is the mapping `ssh.machines` of sandbox.yaml, `login` the other keys of `ssh`, both as JSON.
 */
import * as pulumi from '@pulumi/pulumi';
import { sandboxProgram } from '../components/sandbox-program.ts';

/** An address, or a mapping with `address`. */
type Machines = Readonly<Record<string, string | { readonly address: string }>>;

export default async function ssh(): Promise<Record<string, unknown>> {
  const config = new pulumi.Config();
  const machines = config.requireObject<Machines>('machines');
  return sandboxProgram({
    sandbox: {
      name: config.get('name') ?? 'stack',
      provider: 'ssh',
      ssh: { ...config.getObject<object>('login'), machines: { ...machines } },
    },
    hosts: Object.keys(machines).filter((name) => name !== 'frontend'),
  });
}
