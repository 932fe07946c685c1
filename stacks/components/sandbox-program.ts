/** What the projects of whole sandboxes share: they differ in where machines come from. */
import * as pulumi from '@pulumi/pulumi';
import { firstCloud } from './first-cloud.ts';
import { Sandbox, type SandboxArguments } from './sandbox.ts';

/** Declares a sandbox with a first VM, as many as the setting `vms` says. @returns outputs of the stack */
export function sandboxProgram(args: SandboxArguments): Record<string, unknown> {
  const sandbox = new Sandbox('sandbox', args);
  const pages = firstCloud(sandbox, new pulumi.Config().getNumber('vms') ?? 1);
  return {
    endpoint: sandbox.endpoint,
    session: sandbox.frontEnd.session,
    hosts: sandbox.hosts.map(({ machine, state }) => pulumi.interpolate`${machine} ${state}`),
    pages,
  };
}

/** Names of hosts in a setting, as `host-1,host-2`. */
export function hostsIn(setting: string | undefined): string[] {
  return (setting ?? 'host-1,host-2').split(',');
}
