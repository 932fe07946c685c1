/**
 * A sandbox on machines of LXC, declared part by part: the cloud of the README with its first VM, that serves a page on
 * an address of its own. Needs root, as `onedock up` does.
 */
import * as pulumi from '@pulumi/pulumi';
import { hostsIn, sandboxProgram } from '../components/sandbox-program.ts';

export default async function lxc(): Promise<Record<string, unknown>> {
  const config = new pulumi.Config();
  return sandboxProgram({
    sandbox: { name: config.get('name') ?? 'stack' },
    hosts: hostsIn(config.get('hosts')),
  });
}
